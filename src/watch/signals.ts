/**
 * Which conditions hold by one observation, which do not, and which nobody could tell.
 *
 * @module
 */
import type { ConditionKind } from './event.ts';
import type { NameServerFact, Observation } from './observation.ts';

export interface Signal {
  readonly kind: ConditionKind;
  readonly subject: string;
  readonly state: 'holds' | 'well' | 'unknown';
  /** What was seen; a sentence without its full stop. */
  readonly text: string;
  /** It may pass by itself: it is told only when it was seen several times in a row. */
  readonly fleeting: boolean;
}

const EVERY = '*';

/** A subject of `*` with `unknown` stands for every subject of its kind. */
export function signalsOf(seen: Observation): Signal[] {
  const all = [
    ...ofDiscovery(seen),
    ...ofServers(seen),
    ...seen.directories.map(({ server, error }) =>
      fleeting('directory-silent', server, error, `the directory ${server}`),
    ),
    ...ofLists(seen),
    ...ofMail(seen),
  ];
  // two names may lead to one address: what is wrong by one of them is wrong
  return [...Map.groupBy(all, ({ kind, subject }) => `${kind}|${subject}`).values()].map(
    (same) =>
      same.find(({ state }) => state === 'holds') ??
      same.find(({ state }) => state === 'unknown') ??
      same[0]!,
  );
}

/** Whether a signal speaks of a condition. */
export const isAbout = (signal: Signal, kind: ConditionKind, subject: string): boolean =>
  signal.kind === kind && (signal.subject === subject || signal.subject === EVERY);

const fleeting = (kind: ConditionKind, subject: string, why: string | undefined, what: string): Signal => ({
  kind,
  subject,
  state: why === undefined ? 'well' : 'holds',
  text: why === undefined ? `${what} answers` : `${what}: ${why}`,
  fleeting: true,
});

const unknown = (kind: ConditionKind, subject = EVERY): Signal => ({
  kind,
  subject,
  state: 'unknown',
  text: '',
  fleeting: false,
});

function ofDiscovery({ domain, discovery }: Observation): Signal[] {
  const { state, why = 'no answer' } = discovery;
  const gone: Signal =
    state === 'unknown'
      ? unknown('certificate-gone', '')
      : {
          kind: 'certificate-gone',
          subject: '',
          state: state === 'none' ? 'holds' : 'well',
          text:
            state === 'none'
              ? `no certificate is published for ${domain}, in DNS or LDAP`
              : `a certificate is published for ${domain}`,
          fleeting: false,
        };
  const silent = state === 'unknown' ? why : undefined;
  return [gone, fleeting('discovery-unanswered', '', silent, `the search for certificates of ${domain}`)];
}

function ofServers({ zone, servers }: Observation): Signal[] {
  // who has no name servers of its own to ask is told by discovery
  if (zone === undefined) return [unknown('server-silent'), unknown('servers-disagree', '')];
  const answering = servers.filter(({ error }) => error === undefined);
  const said = disagreement(answering);
  return [
    ...servers.map(({ server, error }) =>
      fleeting('server-silent', server, error, `the name server ${server}`),
    ),
    answering.length < 2 && said === undefined && servers.length > 1
      ? unknown('servers-disagree', '')
      : fleeting('servers-disagree', '', said, `the name servers of ${zone}`),
  ];
}

/** How the answers differ; undefined when they do not. */
export function disagreement(servers: readonly NameServerFact[]): string | undefined {
  const differ = (what: string, of: (server: NameServerFact) => string | undefined): string[] => {
    const told = servers.flatMap((server) => {
      const value = of(server);
      return value === undefined ? [] : [{ server: server.server, value }];
    });
    if (new Set(told.map(({ value }) => value)).size < 2) return [];
    return [`${what} ${told.map(({ server, value }) => `${value} at ${server}`).join(', ')}`];
  };
  const all = [
    ...differ('SOA serial', ({ serial }) => (serial === undefined ? undefined : String(serial))),
    ...differ('CERT records', ({ records }) => (records === '' ? 'none' : records)),
  ];
  return all.length === 0 ? undefined : all.join('; ');
}

function ofLists({ lists }: Observation): Signal[] {
  if (lists.length === 0) return [unknown('crl-stale'), unknown('crl-unreachable')];
  return lists.flatMap(({ url, state, why = 'no answer' }): Signal[] => {
    if (state === 'unreachable')
      return [unknown('crl-stale', url), fleeting('crl-unreachable', url, why, `the list ${url}`)];
    const reached = fleeting('crl-unreachable', url, undefined, `the list ${url}`);
    const stale = state === 'stale';
    const text = stale ? `the list ${url}: ${why}` : `the list ${url} is in force`;
    return [
      reached,
      state === 'other'
        ? unknown('crl-stale', url)
        : { kind: 'crl-stale', subject: url, state: stale ? 'holds' : 'well', text, fleeting: false },
    ];
  });
}

function ofMail({ domain, mail }: Observation): Signal[] {
  const { state, why = 'no answer', hosts } = mail;
  if (state === 'unknown')
    return [
      unknown('mx-gone', ''),
      unknown('port-closed'),
      fleeting('mx-unanswered', '', why, `the mail servers of ${domain}`),
    ];
  const gone = state === 'none';
  return [
    fleeting('mx-unanswered', '', undefined, `the mail servers of ${domain}`),
    {
      kind: 'mx-gone',
      subject: '',
      state: gone ? 'holds' : 'well',
      text: gone
        ? `no mail server is published for ${domain}, by MX or by address`
        : `${[...new Set(hosts.map(({ host }) => host))].join(', ') || domain} takes the mail`,
      fleeting: false,
    },
    ...hosts.map(({ host, address, open, said = 'no answer' }) =>
      fleeting('port-closed', address, open ? undefined : said, `port 25 of ${host} (${address})`),
    ),
  ];
}

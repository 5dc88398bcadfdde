/**
 * How the name servers of a domain stand, aspect by aspect.
 *
 * @module
 */
import type { Finding } from '../../../outcome/check.ts';
import type { DnsFact, InspectedDns } from '../../inspected.ts';
import { right, type Seen, wrong } from '../published.ts';
import type { Scope } from '../verifier.ts';

/** One aspect: all findings on it, good and bad. */
export type Aspect<T> = (seen: Seen<T>, scope: Scope) => Finding[];

const PLAIN_UDP = 512;
const UNFRAGMENTED = 1232;
const SHORT_TTL = 60;
const LONG_TTL = 86_400;

const about = ({ exchanges }: InspectedDns, ...which: DnsFact['about'][]): DnsFact[] =>
  exchanges.filter((one) => which.includes(one.about));

const way = ({ server, transport, edns, type, name }: DnsFact): string =>
  `${type} ${name} from ${server} over ${transport}${edns === null ? ' without EDNS' : ` (EDNS ${edns})`}`;

/** What an answer came to, in few words. */
function told({ error, rcode, truncated, records, octets }: DnsFact): string {
  if (error !== undefined) return error;
  const count = `${records} record${records === 1 ? '' : 's'}`;
  return `${rcode}${truncated ? ', truncated' : ''}, ${count}, ${octets} octets`;
}

/** Holds every fact against `good`; what it says otherwise is what was expected. */
const each = (
  facts: readonly DnsFact[],
  level: 'fail' | 'warn',
  expected: string,
  good: (fact: DnsFact) => boolean,
  scope: Scope,
  say: (fact: DnsFact) => string = told,
): Finding[] =>
  facts.map((fact) =>
    good(fact)
      ? right(way(fact), say(fact), [fact.event], scope)
      : wrong(level, { what: way(fact), expected, found: say(fact) }, [fact.event], scope),
  );

const answered = ({ error }: DnsFact): boolean => error === undefined;

/** What a server says that does not serve the zone. */
const LAME = new Set(['SERVFAIL', 'REFUSED', 'NOTAUTH']);
const served = (fact: DnsFact): boolean => answered(fact) && !LAME.has(fact.rcode);

/** Every name has an address, and every server answers over UDP and TCP (REQ-DNS-08). */
const transport: Aspect<InspectedDns> = (seen, scope) => {
  const { zone, servers, name } = seen;
  const nowhere = { what: `name servers of ${name}`, expected: 'at least one with an address' };
  if (zone === undefined || servers.every(({ addresses }) => addresses.length === 0))
    return [wrong('fail', { ...nowhere, found: 'none' }, [seen.event], scope)];
  const lost = servers.filter(({ addresses }) => addresses.length === 0);
  return [
    ...lost.map((server) =>
      wrong(
        'warn',
        { what: `name server ${server.name}`, expected: 'an address', found: 'none' },
        [seen.event],
        scope,
      ),
    ),
    ...each(about(seen, 'soa', 'cert'), 'fail', 'an answer', served, scope),
  ];
};

/** A datagram holds all records or none and TC, and is no larger than was offered (REQ-DNS-08, REQ-DNS-10). */
const size: Aspect<InspectedDns> = (seen, scope) =>
  about(seen, 'cert')
    .filter((fact) => answered(fact) && fact.transport === 'udp')
    .flatMap((fact) => {
      const whole = about(seen, 'cert').find(
        ({ server, transport: over, error }) =>
          server === fact.server && over === 'tcp' && error === undefined,
      );
      const most = Math.max(PLAIN_UDP, fact.edns ?? 0);
      const cut = whole !== undefined && !fact.truncated && fact.digest !== whole.digest;
      return [
        ...each([fact], 'fail', `at most ${most} octets`, ({ octets }) => octets <= most, scope),
        ...(cut ? each([fact], 'fail', 'all records, or TC', () => false, scope) : []),
        ...(fact.octets <= most && fact.octets > UNFRAGMENTED
          ? each([fact], 'warn', `at most ${UNFRAGMENTED} octets`, () => false, scope)
          : []),
      ];
    });

/** Who is asked with EDNS answers with it (REQ-DNS-09). */
const edns: Aspect<InspectedDns> = (seen, scope) => {
  const asked = about(seen, 'cert').filter((fact) => answered(fact) && fact.edns !== null);
  const say = ({ opt, rcode }: DnsFact): string => `${rcode}, ${opt ? 'with' : 'without'} an OPT record`;
  return each(asked, 'warn', 'an OPT record', ({ opt }) => opt, scope, say);
};

/** A name below which names exist does exist (REQ-DNS-12). */
const empty: Aspect<InspectedDns> = (seen, scope) => {
  const exists = ({ rcode }: DnsFact): boolean => rcode === 'NOERROR';
  const asked = about(seen, 'empty').filter(answered);
  return each(asked, 'fail', 'NOERROR: names below it exist', exists, scope);
};

/** Types that are not there: no error, and a SOA record to cache it by; names that are not there (REQ-DNS-25). */
const types: Aspect<InspectedDns> = (seen, scope) => {
  const none = ({ rcode, soa, records }: DnsFact): boolean => rcode === 'NOERROR' && (soa || records > 0);
  const asked = about(seen, 'aaaa', 'unknown-type').filter(answered);
  const any = about(seen, 'any').filter(answered);
  const missing = about(seen, 'missing').filter(answered);
  const say = (fact: DnsFact): string => `${told(fact)}, ${fact.soa ? 'with' : 'without'} SOA`;
  return [
    ...each(asked, 'warn', 'NOERROR with SOA', none, scope, say),
    ...each(any, 'warn', 'NOERROR', ({ rcode }) => rcode === 'NOERROR', scope),
    ...each(
      missing,
      'warn',
      'NXDOMAIN with SOA',
      ({ rcode, soa }) => rcode === 'NXDOMAIN' && soa,
      scope,
      say,
    ),
  ];
};

/** Capital letters change nothing, and the question comes back as it was asked (REQ-AS-08, RFC 1035 §2.3.3). */
const letters: Aspect<InspectedDns> = (seen, scope) =>
  about(seen, 'case')
    .filter(answered)
    .flatMap((fact) => {
      const plain = about(seen, 'cert').find(
        (one) => one.server === fact.server && one.transport === 'tcp' && answered(one),
      );
      const same = ({ digest }: DnsFact): boolean => !plain || plain.digest === digest;
      const say = ({ sameCase }: DnsFact): string =>
        sameCase ? 'the question in the letters asked' : 'the question in other letters';
      return [
        ...each([fact], 'fail', 'the same records as in small letters', same, scope),
        ...each([fact], 'warn', 'the question as asked', ({ sameCase }) => sameCase, scope, say),
      ];
    });

/** Long enough to be kept, short enough to be changed (REQ-DNS-15). */
const ttl: Aspect<InspectedDns> = (seen, scope) => {
  const kept = about(seen, 'cert').filter((fact) => fact.ttl !== undefined && fact.transport === 'tcp');
  const fair = ({ ttl: seconds = 0 }: DnsFact): boolean => seconds >= SHORT_TTL && seconds <= LONG_TTL;
  const say = ({ ttl: seconds }: DnsFact): string => `TTL ${seconds} s`;
  return each(kept, 'warn', `${SHORT_TTL} s to ${LONG_TTL} s`, fair, scope, say);
};

/** All servers have the same version of the zone, and say the same of the name (REQ-DNS-19). */
const agreement: Aspect<InspectedDns> = (seen, scope) => {
  const serials = about(seen, 'soa').filter(({ serial }) => serial !== undefined);
  const records = about(seen, 'cert').filter((fact) => answered(fact) && !fact.truncated);
  const seenSets = [...new Set(records.map(({ digest }) => digest))];
  const recordSet = ({ digest, records: count }: DnsFact): string =>
    `${count}${seenSets.length > 1 && count > 0 ? ` (set ${seenSets.indexOf(digest) + 1})` : ''}`;
  return [
    same('SOA serial', serials, ({ serial }) => String(serial), scope),
    same('CERT records', records, recordSet, scope),
  ];
};

function same(
  what: string,
  facts: readonly DnsFact[],
  value: (fact: DnsFact) => string,
  scope: Scope,
): Finding {
  const evidence = facts.map(({ event }) => event);
  const byServer = new Map(facts.map((fact) => [fact.server, value(fact)]));
  const text = [...byServer].map(([server, one]) => `${one} at ${server}`).join(', ') || 'nothing';
  if (new Set(byServer.values()).size <= 1) return right(what, text, evidence, scope);
  return wrong('warn', { what, expected: 'the same at every server', found: text }, evidence, scope);
}

export const DNS_ASPECTS = { transport, size, edns, empty, types, letters, ttl, agreement };

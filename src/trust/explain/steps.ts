/**
 * The five things that have to be right for one message: found and trusted, signed, carried, opened, believed.
 *
 * @module
 */
import { type Cause, cause } from '../../outcome/cause.ts';
import type { CheckState, TrustDecision } from '../decision.ts';
import type { AnchorPlace, WayFacts } from './facts.ts';
import { count, day, domainOf, supplier } from './names.ts';
import { cureFrom, type Insight, insightOf, plainSentence, reasonText, type Use } from './reason.ts';
import type { ExplainedCure, ExplainedStep, Mark, StepId } from './schema.ts';

/** A step with what the sentence in large type needs. */
export interface Step extends ExplainedStep {
  /** The reason with common names only. */
  readonly plain?: string;
}

/** Who is who in the whole explanation; the way back has them the other way round. */
export interface Sides {
  readonly from: string;
  readonly to: string;
}

export function stepsOf(way: WayFacts, sides: Sides, elsewhere: readonly AnchorPlace[]): Step[] {
  return [
    encryptStep(way, sides, elsewhere),
    signStep(way, sides),
    routeStep(way, sides),
    openStep(way, sides),
    acceptStep(way, sides, elsewhere),
  ];
}

const MARK = { trusted: 'pass', refused: 'fail', undetermined: 'unknown' } as const;
export const markOf: Readonly<Record<CheckState, Mark>> = { pass: 'pass', fail: 'fail', unknown: 'unknown' };

const side = (address: string, sides: Sides): 'from' | 'to' =>
  domainOf(address) === domainOf(sides.from) ? 'from' : 'to';

interface Failure {
  readonly mark: 'fail' | 'unknown';
  readonly reason: Cause;
  readonly use?: Use;
  readonly more?: string;
  readonly cure: ExplainedCure;
}

const failed = (
  id: StepId,
  title: string,
  by: string,
  { mark, reason, use = 'encrypt', more = '', cure }: Failure,
): Step => {
  const told = reasonText(reason, use, more);
  const general = plainSentence(reason, use);
  // what is said more particularly makes the list of sources one too much
  const plain = more === '' ? general : `${general.replace(/ \(anchors from .*\)$/, '')}${more}`;
  return { id, title, by, mark, text: told.text, reason: told, cure, plain };
};

function encryptStep(way: WayFacts, sides: Sides, elsewhere: readonly AnchorPlace[]): Step {
  const { encrypt, discovery, from, to } = way;
  const by = domainOf(from);
  const title = `finds a certificate of ${to} and trusts it`;
  if (encrypt.known) {
    const decision = encrypt.value;
    const insight = insightFor(decision, domainOf(to), way, elsewhere);
    if (decision.verdict !== 'trusted') return decided('encrypt', title, by, decision, insight, sides);
    return { id: 'encrypt', title, by, mark: 'pass', text: usedText(decision) };
  }
  if (discovery.outcome === 'found') {
    const text = `${count(discovery.candidates.length, 'certificate')} found; which anchors ${by} trusts is not known here`;
    return { id: 'encrypt', title, by, mark: 'unseen', text };
  }
  const none = discovery.outcome === 'none';
  const reason = none
    ? cause('discovery.none', {
        names: [...discovery.names],
        servers: [...discovery.servers],
        ...(discovery.nonexistent !== undefined && { nonexistent: discovery.nonexistent }),
      })
    : cause('discovery.temporary', { stage: discovery.stage ?? '', why: discovery.why ?? 'no answer' });
  const text = none
    ? `${domainOf(to)} publishes a certificate for ${to} or for the domain, in DNS or LDAP`
    : `the name servers and directories of ${domainOf(to)} answer again`;
  const cure: ExplainedCure = { who: none ? side(to, sides) : 'network', domain: domainOf(to), text };
  return failed('encrypt', title, by, { mark: none ? 'fail' : 'unknown', reason, cure });
}

function insightFor(
  decision: TrustDecision,
  publisher: string,
  way: WayFacts,
  elsewhere: readonly AnchorPlace[],
): Insight {
  if (!decision.firstCause) return { more: '' };
  const own = way.signing.known ? way.signing.value.certificates : [];
  const found = way.discovery.candidates.flatMap(({ certificate }) => certificate ?? []);
  return insightOf(decision.firstCause, decision, {
    publisher,
    otherDirection: way.otherDirection[decision.anchors.direction],
    elsewhere,
    certificates: decision.direction === 'out' ? found : own,
  });
}

/** `1 certificate to use, by an anchor from the North bundle`. */
function usedText(decision: TrustDecision): string {
  const { usable, candidates } = decision;
  const left = candidates.length - usable.length;
  const others = left > 0 ? `; ${count(left, 'other')} left aside` : '';
  return `${count(usable.length, 'certificate')} to use, ${anchorText(decision)}${others}`;
}

/** By whose anchors the usable certificates are trusted. */
function anchorText({ usable, candidates }: TrustDecision): string {
  const used = candidates.filter(({ cert }) => usable.includes(cert));
  const sources = [...new Set(used.flatMap(({ anchorFrom }) => anchorFrom ?? []))].map(supplier);
  return sources.length > 0 ? `by an anchor ${byWayOf(sources)}` : 'as it stands';
}

const byWayOf = (sources: readonly string[]): string =>
  sources.map((one) => (one === 'set by hand' ? one : `from ${one}`)).join(' and ');

function decided(
  id: 'encrypt' | 'accept',
  title: string,
  by: string,
  decision: TrustDecision,
  insight: Insight,
  sides: Sides,
): Step {
  const mark = decision.verdict === 'undetermined' ? 'unknown' : 'fail';
  const use: Use = id === 'encrypt' ? 'encrypt' : 'sign';
  const publisher = domainOf(id === 'encrypt' ? decision.to : decision.from);
  const reason =
    decision.firstCause ?? cause('cert.policy', { name: 'selection', term: 'none was selected' });
  const cure = cureFrom(decision, insight, sides) ?? {
    who: publisher === domainOf(sides.from) ? 'from' : 'to',
    domain: publisher,
    text: `${publisher} ${use === 'encrypt' ? 'publishes' : 'signs with'} another certificate`,
  };
  return failed(id, title, by, { mark, reason, use, more: insight.more, cure });
}

function signStep({ signing, from }: WayFacts, sides: Sides): Step {
  const by = domainOf(from);
  const title = `signs as ${from}`;
  if (!signing.known) {
    const text = `with which key is for ${by} to know; what it publishes stands in for it`;
    return { id: 'sign', title, by, mark: 'unseen', text };
  }
  const { certificates, idle, missing } = signing.value;
  if (!missing) {
    const names = certificates.map(({ emails, dnsNames, subject: _ }) => [...emails, ...dnsNames].join(', '));
    return { id: 'sign', title, by, mark: 'pass', text: `with the key of ${names.join(' and ') || from}` };
  }
  const [unused] = idle;
  const more = unused ? ` (the one it has is good from ${validity(unused)}, for ${usage(unused)})` : '';
  const text = unused
    ? `${by} gives ${from} a certificate that is valid now and may sign`
    : `${by} gives ${from}, or the whole domain, a certificate and the private key to sign with`;
  const cure: ExplainedCure = { who: side(from, sides), domain: by, text };
  return failed('sign', title, by, { mark: 'fail', reason: missing, more, cure });
}

const iso = (ms: number): string => new Date(ms).toISOString();
const validity = ({ notBefore, notAfter }: { notBefore: number; notAfter: number }): string =>
  `${day(iso(notBefore))} to ${day(iso(notAfter))}`;
const usage = ({ keyUsage }: { keyUsage?: ReadonlySet<string> | undefined }): string =>
  keyUsage ? [...keyUsage].join(', ') || 'nothing' : 'any use';

function routeStep({ routing, from, to }: WayFacts, sides: Sides): Step {
  const domain = domainOf(to);
  const by = domainOf(from);
  const title = `knows where mail for ${domain} goes`;
  if (routing.outcome === 'found') {
    const text = routing.exchangers
      .map(({ name, addresses }) => `${name} (${addresses.join(', ')})`)
      .join(', ');
    return { id: 'route', title, by, mark: 'pass', text };
  }
  if (routing.outcome === 'none') {
    const text = `${domain} publishes an MX record, and an address record for the server that it names`;
    const cure: ExplainedCure = { who: side(to, sides), domain, text };
    return failed('route', title, by, { mark: 'fail', reason: cause('transport.mx-none', { domain }), cure });
  }
  const reason = cause('transport.connect', { domain, why: routing.why });
  const text = `the name servers of ${domain} answer questions for its mail servers`;
  return failed('route', title, by, { mark: 'unknown', reason, cure: { who: 'network', domain, text } });
}

function openStep(way: WayFacts, sides: Sides): Step {
  const { opens, encrypt, discovery, mailbox, to } = way;
  const by = domainOf(to);
  const title = 'has the private key and the mailbox';
  if (mailbox.known && !mailbox.value) {
    const text = `${by} makes a mailbox ${to}, or the sender uses an address that exists`;
    const reason = cause('edge.unknown-mailbox', { address: to });
    return failed('open', title, by, {
      mark: 'fail',
      reason,
      cure: { who: side(to, sides), domain: by, text },
    });
  }
  const published = discovery.candidates.flatMap(({ certificate, sha256 }) => (certificate ? sha256 : []));
  const used = encrypt.known ? encrypt.value.usable : published;
  if (used.length === 0) return { id: 'open', title, by, mark: 'skip', text: 'nothing would be sent' };
  if (!opens.known) {
    return {
      id: 'open',
      title,
      by,
      mark: 'unseen',
      text: `which private keys ${by} holds is not known here`,
    };
  }
  if (used.some((cert) => opens.value.includes(cert))) {
    return { id: 'open', title, by, mark: 'pass', text: 'it holds the private key of the certificate' };
  }
  const told = {
    code: 'crypto.no-recipient-match',
    params: { recipients: used.length },
    text: `${by} holds no private key for ${used.length === 1 ? 'the certificate' : 'any of the certificates'} published for ${to}`,
  };
  const text = `${by} publishes the certificate whose private key it holds, and takes the other away`;
  const cure: ExplainedCure = { who: side(to, sides), domain: by, text };
  return { id: 'open', title, by, mark: 'fail', text: told.text, reason: told, cure, plain: told.text };
}

function acceptStep(way: WayFacts, sides: Sides, elsewhere: readonly AnchorPlace[]): Step {
  const { accept, from, to, signedWith } = way;
  const by = domainOf(to);
  const title = `trusts the signature of ${from}`;
  if (!accept.known) {
    const text = `which anchors ${by} trusts is not known here`;
    return { id: 'accept', title, by, mark: 'unseen', text };
  }
  const decision = accept.value;
  if (!decision) return { id: 'accept', title, by, mark: 'skip', text: 'nothing would be signed' };
  if (decision.verdict === 'trusted') {
    const note = signedWith === 'published' ? ' (judged by what the sender publishes)' : '';
    return { id: 'accept', title, by, mark: MARK.trusted, text: `${anchorText(decision)}${note}` };
  }
  return decided('accept', title, by, decision, insightFor(decision, domainOf(from), way, elsewhere), sides);
}

/**
 * A search for certificates and the trust decision about them, as the address page and `anchorage check` show them.
 *
 * @module
 */
import type { Candidate, Discovery, Step } from '../../src/discovery/types.ts';
import type { DnsExchange } from '../../src/dns/client.ts';
import { formatAddr } from '../../src/net/host.ts';
import { type Cause, sentence } from '../../src/outcome/cause.ts';
import { findingText } from '../../src/outcome/check.ts';
import type { Certificate } from '../../src/pki/certificate.ts';
import { formatName } from '../../src/pki/name.ts';
import type { CandidateDecision, PathSummary, TrustDecision } from '../../src/trust/decision.ts';
import type { AddressView, CertificateView, LookupStepView, Tone } from '../views.ts';

export const LEVEL_WORDS: Readonly<Record<Step['level'], string>> = {
  'address-dns': 'Address in DNS',
  'domain-dns': 'Domain in DNS',
  srv: 'Way to a directory',
  'address-ldap': 'Address in LDAP',
  'domain-ldap': 'Domain in LDAP',
};

export interface Found {
  readonly discovery: Discovery;
  /** Missing when nobody's anchors were asked for. */
  readonly decision?: TrustDecision;
  /** Milliseconds of the whole look-up. */
  readonly ms: number;
}

/** Everything of the page that the search and the decision tell. */
export function presentFound(
  found: Found,
): Pick<AddressView, 'verdict' | 'code' | 'cure' | 'steps' | 'certificates' | 'ms'> {
  const { discovery, decision } = found;
  return {
    verdict: verdictOf(found),
    ...(decision?.firstCause && decision.verdict !== 'trusted' ? { code: decision.firstCause.code } : {}),
    ...(decision?.cure ? { cure: capital(decision.cure.text) } : {}),
    steps: discovery.steps.map(presentStep),
    certificates: discovery.candidates.map((candidate) =>
      presentCertificate(
        candidate,
        decision?.candidates.find((one) => one.cert === candidate.sha256),
      ),
    ),
    ms: Math.round(found.ms),
  };
}

function verdictOf({ discovery, decision }: Found): AddressView['verdict'] {
  const words = discovery.level ? LEVEL_WORDS[discovery.level] : '';
  const level = words.charAt(0).toLowerCase() + words.slice(1);
  if (!decision) {
    const n = discovery.candidates.length;
    if (discovery.outcome === 'found') {
      return {
        tone: 'info',
        headline: 'found',
        detail: `${n} ${n === 1 ? 'certificate' : 'certificates'} (${level}). Whether it is trusted depends on who asks.`,
      };
    }
    const tone = discovery.outcome === 'temporary' ? 'warn' : 'bad';
    return {
      tone,
      headline: discovery.outcome === 'none' ? 'nothing published' : 'no answer',
      detail: discovery.why ?? '',
    };
  }
  if (decision.verdict === 'trusted') {
    const from = decision.candidates.find((one) => one.state === 'usable')?.anchorFrom;
    const n = decision.usable.length;
    return {
      tone: 'good',
      headline: 'trusted',
      detail: `Mail is encrypted to ${n === 1 ? 'one certificate' : `${n} certificates`} (${level})${from ? `, trusted by an anchor from ${from}` : ''}.`,
    };
  }
  return {
    tone: decision.verdict === 'refused' ? 'bad' : 'warn',
    headline: discovery.outcome === 'none' ? 'no certificate' : decision.verdict,
    detail: decision.firstCause ? capital(sentence(decision.firstCause)) : '',
  };
}

const STEP_TONE: Readonly<Record<Step['outcome'], Tone>> = {
  found: 'good',
  absent: 'muted',
  unknown: 'warn',
};
const STEP_WORD: Readonly<Record<Step['outcome'], string>> = {
  found: 'found',
  absent: 'nothing there',
  unknown: 'no answer',
};

const presentStep = (step: Step): LookupStepView => ({
  level: LEVEL_WORDS[step.level],
  question: step.question,
  ...(step.server ? { server: step.server } : {}),
  tone: STEP_TONE[step.outcome],
  outcome: STEP_WORD[step.outcome],
  detail: step.detail,
  exchanges: (step.exchanges ?? []).map(exchangeLine),
  ms: Math.round(step.ms),
});

function exchangeLine(exchange: DnsExchange): string {
  const asked = `${exchange.transport} ${formatAddr(exchange.server)}${exchange.edns === null ? ', no EDNS' : `, EDNS ${exchange.edns}`}`;
  const said =
    exchange.error ??
    `${exchange.rcode ?? ''}${exchange.tc ? ', truncated' : ''}, ${exchange.answers} in the answer`;
  return `${asked} → ${said} (${Math.round(exchange.ms)} ms)`;
}

export function presentCertificate(
  candidate: Candidate,
  judged: CandidateDecision | undefined,
): CertificateView {
  const { certificate } = candidate;
  const fate = judged?.fate;
  const cause = fate === undefined || fate === 'usable' ? undefined : (fate as Cause);
  const tone: Tone =
    judged === undefined
      ? 'info'
      : judged.state === 'usable'
        ? 'good'
        : judged.state === 'refused'
          ? 'bad'
          : 'warn';
  const path = judged?.paths.find((one) => one.state === 'pass') ?? judged?.paths[0];
  const revocation = path && revocationOf(path);
  const notes = judged?.notes ?? candidate.notes;
  return {
    title: certificate ? titleOf(certificate) : 'Not a certificate',
    sha256: candidate.sha256,
    tone,
    fate: cause ? capital(sentence(cause)) : judged ? 'usable' : (candidate.unreadable ?? 'not judged'),
    ...(cause ? { code: cause.code } : {}),
    where: `${LEVEL_WORDS[candidate.level]}: ${candidate.where}`,
    facts: certificate ? factsOf(certificate) : [{ name: 'Octets', value: String(candidate.bytes.length) }],
    notes: notes.map(findingText),
    chain: path ? chainOf(path) : [],
    ...(revocation ? { revocation } : {}),
  };
}

const titleOf = (certificate: Certificate): string =>
  [...certificate.emails, ...certificate.dnsNames][0] ?? formatName(certificate.subject);

function chainOf(path: PathSummary): CertificateView['chain'] {
  const last = path.certificates.at(-1);
  const good = path.anchor !== undefined;
  const links = path.certificates.map((one) => ({
    title: shortName(one.subject),
    detail: `${one.subject}, until ${one.notAfter.slice(0, 10)}`,
    tone: 'good' as Tone,
  }));
  if (good) {
    return [
      ...links,
      { title: shortName(path.anchor!.name), detail: `anchor, from ${path.anchor!.source}`, tone: 'good' },
    ];
  }
  const why =
    !path.cause || path.cause.code === 'trust.no-path' ? 'not an anchor here' : sentence(path.cause);
  // a root that nobody here trusts is the end itself; otherwise the end is the issuer that was not found
  if (last && last.subject === last.issuer && links.length > 1) {
    return [...links.slice(0, -1), { ...links.at(-1)!, detail: why, tone: 'bad' }];
  }
  return [...links, { title: last ? shortName(last.issuer) : 'no issuer', detail: why, tone: 'bad' }];
}

/** The common name, or the whole name when it has none. */
const shortName = (name: string): string =>
  /(?:^|,\s*|\+)CN=((?:\\.|[^,+\\])+)/.exec(name)?.[1]?.replace(/\\(.)/g, '$1') ?? name;

function revocationOf(path: PathSummary): CertificateView['revocation'] {
  const states = path.revocation ?? [];
  const bad =
    states.find((state) => state.state === 'revoked') ?? states.find((state) => state.state === 'unknown');
  if (bad?.state === 'revoked') return { tone: 'bad', text: `revoked (${bad.reason}), says ${bad.source}` };
  if (bad?.state === 'unknown') return { tone: 'warn', text: bad.why };
  const good = states.find((state) => state.state === 'good');
  return good?.state === 'good' ? { tone: 'good', text: `not in the list at ${good.source}` } : undefined;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function factsOf(certificate: Certificate): CertificateView['facts'] {
  const { key } = certificate;
  const rows: { name: string; value: string; mono?: boolean }[] = [
    { name: 'Subject', value: formatName(certificate.subject) },
    { name: 'Issuer', value: formatName(certificate.issuer) },
    { name: 'Serial number', value: certificate.serial, mono: true },
    { name: 'In force', value: `${day(certificate.notBefore)} to ${day(certificate.notAfter)}` },
    {
      name: 'For',
      value: [...certificate.emails, ...certificate.dnsNames].join('\n') || 'no address or domain',
      mono: true,
    },
    { name: 'Key', value: `${key.kind.toUpperCase()} ${key.bits} bits` },
    { name: 'Signed with', value: certificate.signature.name },
    { name: 'Key usage', value: certificate.keyUsage ? [...certificate.keyUsage].join(', ') : 'not limited' },
    { name: 'Issuer at', value: certificate.caIssuersUrls.join('\n'), mono: true },
    { name: 'Revocation list', value: certificate.crlUrls.join('\n'), mono: true },
    { name: 'Key identifier', value: certificate.ski ?? '', mono: true },
    { name: 'Issuer key', value: certificate.aki ?? '', mono: true },
    { name: 'SHA-256', value: certificate.sha256, mono: true },
  ];
  return rows.filter((row) => row.value !== '');
}

/** A sentence begins with a capital letter, unless it begins with an address or a domain. */
export const capital = (text: string): string =>
  /^\S*[.@]\S/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);

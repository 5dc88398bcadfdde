/**
 * A search as lines for a reader: what was asked, what came, and why the search ended.
 *
 * @module
 */
import { formatAddr } from '../net/host.ts';
import { findingText } from '../outcome/check.ts';
import { formatName } from '../pki/name.ts';
import type { Candidate, Discovery, Level, Step } from './types.ts';

export const LEVEL_TEXT: Readonly<Record<Level | 'srv', string>> = {
  'address-dns': 'DNS, address',
  'domain-dns': 'DNS, domain',
  srv: 'DNS, LDAP service',
  'address-ldap': 'LDAP, address',
  'domain-ldap': 'LDAP, domain',
};

const OUTCOME_TEXT = { found: 'found', absent: 'nothing', unknown: 'no answer' } as const;

/** One line for each step, with the packets of a DNS question that took more than one, and the end of the search. */
export function explainDiscovery(discovery: Discovery): string[] {
  return [
    ...discovery.steps.flatMap(explainStep),
    ...discovery.notes.map((found) => `note: ${findingText(found)}`),
    discoverySummary(discovery),
  ];
}

/** `LDAP, address: (mail=bob@d.example) at l1.d.example:389: found, 1 certificate (12 ms)` */
export function explainStep(step: Step): string[] {
  const at = step.server === undefined ? '' : ` at ${step.server}`;
  const line = `${LEVEL_TEXT[step.level]}: ${step.question}${at}: ${OUTCOME_TEXT[step.outcome]}, ${step.detail} (${step.ms} ms)`;
  const exchanges = step.exchanges ?? [];
  if (exchanges.length < 2) return [line];
  return [
    line,
    ...exchanges.map(({ server, transport, edns, rcode, tc, answers, error, ms }) => {
      const size = edns === null ? 'without EDNS' : `EDNS ${edns}`;
      const came =
        error ?? `${rcode}, ${tc ? 'truncated, ' : ''}${answers} answer${answers === 1 ? '' : 's'}`;
      return `  ${transport.toUpperCase()} ${formatAddr(server)}, ${size}: ${came} (${ms} ms)`;
    }),
  ];
}

/** The end of the search in one sentence. */
export function discoverySummary(discovery: Discovery): string {
  const { address, candidates, level, outcome, stage, why } = discovery;
  if (outcome === 'found' && level) {
    const count = `${candidates.length} certificate${candidates.length === 1 ? '' : 's'}`;
    return `${count} for ${address} at: ${LEVEL_TEXT[level]}. What is found at one place ends the search there.`;
  }
  if (outcome === 'temporary') {
    return `Nobody could tell whether ${address} has a certificate: ${stage ? `${LEVEL_TEXT[stage]}: ` : ''}${why ?? 'no answer'}.`;
  }
  return why ? `Nothing to ask: ${why}.` : `No certificate is published for ${address}.`;
}

/** A candidate in a few lines: whose, by whom, until when, and what was noted. */
export function explainCandidate({ certificate, sha256, unreadable, where, notes }: Candidate): string[] {
  const about = certificate
    ? [
        `${[...certificate.emails, ...certificate.dnsNames].join(', ') || formatName(certificate.subject)}`,
        `issued by ${formatName(certificate.issuer)}`,
        `until ${new Date(certificate.notAfter).toISOString().slice(0, 10)}`,
      ].join(', ')
    : `cannot be read: ${unreadable ?? 'unknown'}`;
  return [
    `${sha256.slice(0, 16)} at ${where}: ${about}`,
    ...notes.map((note) => `  note: ${findingText(note)}`),
  ];
}

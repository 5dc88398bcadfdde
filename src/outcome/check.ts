/**
 * The result of one check and the findings that make it up.
 *
 * @module
 */

import { type Cause, type Code, sentence } from './cause.ts';
import type { Status } from './status.ts';

/**
 * What a judge can find beyond the reasons of `Code`: differences between what was expected and what the evidence
 * shows. Parameters are what the sentence needs.
 */
export interface ObservedParams {
  'observed.certificate-used': { role: string; what: string };
  'observed.certificate-missing': { role: string; what: string };
  'observed.certificate-unexpected': { role: string; what: string; rule: string };
  'observed.certificate-none': { case: string };
  'observed.certificate-unknown': { sha256: string };
  'observed.query': { question: string };
  'observed.not-asked': { questions: string[] };
  'observed.query-missing': { question: string };
  'observed.query-unexpected': { question: string; because: string };
  'observed.order': { expected: string[]; found: string[] };
  'observed.recipient-dropped': { address: string };
  'observed.recipient-kept': { address: string; where: string };
  'observed.message-missing': { to: string };
  'observed.split-message': { messages: number };
  'observed.cleartext': { to: string };
  'observed.refusal': { address: string; expected: string; found: string };
  'observed.notice': { address: string; expected: number; found: number };
  'observed.answer': { kind: string; expected: number; found: number };
  'observed.extension': { kind: string; present: boolean };
  'observed.same-id': { messageId: string };
  'observed.late': { what: string; seconds: number };
  'observed.control-failed': { check: string };
  'observed.cross-check': { tool: string; agrees: boolean; detail: string };
  'observed.ambiguous-fixture': { why: string };
  'observed.finding': { code: string; present: boolean };
  'observed.seen': { what: string; found: string };
  'observed.differs': { what: string; expected: string; found: string };
  // worth knowing, though nothing failed: what discovery and trust met on their way
  'noted.oid-prefix': { name: string };
  'noted.record-ignored': { name: string; type: number; why: string };
  'noted.certificate-by-url': { name: string; type: number; url: string };
  'noted.domain-at-address': { name: string; domain: string };
  'noted.value-duplicate': { where: string };
  'noted.target-alias': { target: string };
  'noted.server-partial': { server: string; why: string };
  'noted.subject-email': { subject: string; wanted: string };
  'noted.several-names': { names: string[] };
  'noted.no-key-usage': Record<never, never>;
  'noted.repaired-line-ends': Record<never, never>;
  'noted.sender-differs': { sender: string; from: string };
  'noted.signing-key': { subject: string };
  'testbed.stuck': { waits: string[] };
  'testbed.limit': { what: string; limit: number };
  'testbed.failure': { what: string; why: string };
}

export type ObservedCode = keyof ObservedParams;

export type FindingLevel = 'info' | 'warn' | 'fail' | 'error';

/** Where the finding points: a record, a certificate, a line. */
export interface Where {
  readonly kind: 'certificate' | 'address' | 'name' | 'server' | 'message' | 'file' | 'host';
  readonly value: string;
}

export type Reason =
  | Cause
  | { [K in ObservedCode]: { readonly code: K; readonly params: ObservedParams[K] } }[ObservedCode];

export type Finding = Reason & {
  readonly level: FindingLevel;
  readonly where?: Where;
  /** Requirement ids and quotable sources. */
  readonly cites: readonly string[];
  /** Numbers of the events that show it. */
  readonly evidence: readonly number[];
};

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly required: boolean;
  /** `inside`: needs the system's own records, so it is `na` for a system that we do not own. */
  readonly sees: 'outside' | 'inside';
  readonly status: Status;
  /** Required for skip, na and error. */
  readonly reason?: string;
  readonly findings: readonly Finding[];
}

const list = (items: readonly string[]): string => items.join(', ') || 'none';

const OBSERVED: { readonly [C in ObservedCode]: (params: ObservedParams[C]) => string } = {
  'observed.certificate-used': (p) => `${p.role} was used as expected (${p.what})`,
  'observed.certificate-missing': (p) => `${p.role} was not used, though it is the right one (${p.what})`,
  'observed.certificate-unexpected': (p) => `${p.role} was used (${p.what}): ${p.rule}`,
  'observed.certificate-none': (p) => `nothing was encrypted to a certificate of ${p.case}, as it should be`,
  'observed.certificate-unknown': (p) =>
    `a certificate that is not of this test was used (SHA-256 ${p.sha256})`,
  'observed.query': (p) => `asked: ${p.question}`,
  'observed.not-asked': (p) => `never asked, as it should be: ${list(p.questions)}`,
  'observed.query-missing': (p) => `never asked: ${p.question}`,
  'observed.query-unexpected': (p) => `asked ${p.question}, but ${p.because}`,
  'observed.order': (p) => `expected the order ${list(p.expected)}; found ${list(p.found)}`,
  'observed.recipient-dropped': (p) => `${p.address} was dropped from envelope and outer header`,
  'observed.recipient-kept': (p) => `${p.address} was not dropped: it stands in ${p.where}`,
  'observed.message-missing': (p) => `no message reached ${p.to}`,
  'observed.split-message': (p) =>
    `the submission left as ${p.messages} encrypted messages; the accreditation test judges one`,
  'observed.cleartext': (p) => `a message to ${p.to} left without encryption`,
  'observed.refusal': (p) => `${p.address}: expected refusal ${p.expected}, found ${p.found}`,
  'observed.notice': (p) => `${p.address}: expected ${p.expected} negative notice, found ${p.found}`,
  'observed.answer': (p) => `${p.kind} notices: expected ${p.expected}, found ${p.found}`,
  'observed.extension': (p) =>
    `the ${p.kind} notice ${p.present ? 'carries' : 'lacks'} the final-delivery field, and should${p.present ? ' not' : ''}`,
  'observed.same-id': (p) => `two notices share the Message-ID ${p.messageId}`,
  'observed.late': (p) => `${p.what} came after ${p.seconds} s`,
  'observed.control-failed': (p) => `the positive control failed (${p.check}), so silence proves nothing`,
  'observed.cross-check': (p) => `${p.tool} ${p.agrees ? 'agrees' : 'disagrees'}: ${p.detail}`,
  'observed.ambiguous-fixture': (p) => `this layout cannot tell: ${p.why}`,
  'observed.finding': (p) => `the system ${p.present ? 'reported' : 'did not report'} ${p.code}`,
  'observed.seen': (p) => `${p.what}: ${p.found}`,
  'observed.differs': (p) => `${p.what}: expected ${p.expected}, found ${p.found}`,
  'noted.oid-prefix': (p) =>
    `the CERT record at ${p.name} has an OID in front of the certificate (RFC 4398 §2.1)`,
  'noted.record-ignored': (p) => `the CERT record of type ${p.type} at ${p.name} was ignored: ${p.why}`,
  'noted.certificate-by-url': (p) =>
    `the CERT record of type ${p.type} at ${p.name} holds a URL only; the certificate came from ${p.url}`,
  'noted.domain-at-address': (p) =>
    `${p.name}, the name of an address, answers with a certificate of the domain ${p.domain}, as a wildcard record does`,
  'noted.value-duplicate': (p) => `the same certificate stands more than once at ${p.where}`,
  'noted.target-alias': (p) => `the SRV target ${p.target} is an alias, which RFC 2782 forbids`,
  'noted.server-partial': (p) => `${p.server} answered only in part: ${p.why}`,
  'noted.subject-email': (p) =>
    `the subject names the address ${p.subject}, which does not count; wanted ${p.wanted}`,
  'noted.several-names': (p) => `the certificate is bound to several names: ${list(p.names)}`,
  'noted.no-key-usage': () => 'the certificate does not say what its key may be used for',
  'noted.repaired-line-ends': () => 'the signature verifies only after bare line feeds are made CRLF',
  'noted.sender-differs': (p) => `Sender ${p.sender} differs from From ${p.from}`,
  'noted.signing-key': (p) =>
    `the message is encrypted to the certificate ${p.subject}, which is for signing alone`,
  'testbed.stuck': (p) => `nothing moves any more; waiting: ${list(p.waits)}`,
  'testbed.limit': (p) => `the scenario exceeded its limit of ${p.limit} ms ${p.what} time`,
  'testbed.failure': (p) => `${p.what}: ${p.why}`,
};

/** The finding in one sentence, without a full stop. */
export function findingText(finding: Reason): string {
  const observed = OBSERVED[finding.code as ObservedCode] as ((params: object) => string) | undefined;
  return observed ? observed(finding.params) : sentence(finding as Cause);
}

/** Whether `code` is one of the closed set that a HISP may report. */
export const isObserved = (code: Code | ObservedCode): code is ObservedCode => Object.hasOwn(OBSERVED, code);

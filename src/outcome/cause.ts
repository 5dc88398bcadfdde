/**
 * Every reason that Anchorage can give, once, with its parameters and its sentence.
 *
 * Notices to senders, the journal, `explain`, reports, the API and the pages print these codes and no others. The
 * sentence is always derived from code and parameters, so that a stored reason can be read again by a newer version.
 *
 * @module
 */
import { STATES } from './cause-text.ts';

/** Parameters of each code. Times are ISO 8601 UTC. */
export interface CauseParams {
  // a message that cannot be read
  'parse.mime': { why: string };
  'parse.header': { why: string };
  'parse.base64': { why: string };
  'parse.cms-structure': { why: string };
  'parse.der': { why: string };
  'parse.limit': { what: string; limit: number };
  // encryption and signature
  'crypto.not-encrypted': { found: string };
  'crypto.no-recipient-match': { recipients: number };
  'crypto.cipher-not-allowed': { algorithm: string };
  'crypto.key-transport-not-allowed': { algorithm: string };
  'crypto.decrypt-failed': Record<never, never>;
  'crypto.not-signed': { found: string };
  'crypto.no-signers': Record<never, never>;
  'crypto.digest-mismatch': { algorithm: string };
  'crypto.signature-invalid': { algorithm: string };
  'crypto.digest-not-allowed': { algorithm: string };
  'crypto.signer-cert-missing': { signer: string };
  'crypto.attribute-missing': { attribute: string };
  'crypto.attribute-duplicate': { attribute: string };
  // the message itself
  'message.not-wrapped': { found: string };
  'message.envelope-mismatch': { envelope: string; inner: string };
  'message.from-missing': Record<never, never>;
  'message.from-multiple': { count: number };
  'message.bcc-present': Record<never, never>;
  'message.loop': { hops: number };
  'message.duplicate': { messageId: string };
  // a certificate
  'cert.expired': { notAfter: string };
  'cert.not-yet-valid': { notBefore: string };
  'cert.revoked': { at: string; reason: string };
  'cert.revocation-unknown': { url: string; why: string };
  'cert.binding': { found: string; wanted: string };
  'cert.usage': { found: string; wanted: string };
  'cert.weak-key': { bits: number; algorithm: string };
  'cert.weak-signature': { algorithm: string };
  'cert.ca-as-leaf': Record<never, never>;
  'cert.policy': { name: string; term: string };
  'cert.unparsable': { why: string };
  // trust
  'trust.no-anchors': { domain: string; direction: 'incoming' | 'outgoing' };
  'trust.no-path': { issuer: string; domain: string; tried: number; sources: string[] };
  'trust.aia-failed': { issuer: string; url: string; why: string };
  'trust.constraint': { which: string; subject: string };
  'trust.anchor-expired': { anchor: string; notAfter: string };
  // discovery
  /** `nonexistent`: the domain, when DNS says that there is none of that name. */
  'discovery.none': { names: string[]; servers: string[]; nonexistent?: string };
  'discovery.temporary': { stage: string; why: string };
  'discovery.stopped-invalid': { level: string };
  // delivery notification
  'notification.no-processed': { minutes: number };
  'notification.no-dispatched': { minutes: number; domain: string };
  'notification.failed-by-peer': { domain: string; text: string };
  'notification.no-extension': Record<never, never>;
  'notification.late': { messageId: string };
  'notification.unauthenticated': { why: string };
  'notification.unmatched': { messageId: string };
  // mail transport
  'transport.mx-none': { domain: string };
  'transport.connect': { domain: string; why: string };
  'transport.tls': { domain: string; why: string };
  'transport.reply': { host: string; reply: string };
  'transport.size': { limit: number };
  // the edge
  'edge.auth': Record<never, never>;
  'edge.not-owner': { address: string };
  /** `left`: the day on which its organization left, for an address that was one. */
  'edge.unknown-mailbox': { address: string; left?: string };
  'edge.full': { address: string };
  'edge.unavailable': { why: string };
  'edge.xdr-fault': { text: string };
  // trust bundles
  'bundle.not-found': { url: string };
  'bundle.timeout': { url: string };
  'bundle.unreachable': { url: string; why: string };
  'bundle.http-status': { url: string; status: number };
  'bundle.format': { why: string };
  'bundle.signer-missing': { url: string };
  'bundle.signer-mismatch': { found: string };
  'bundle.signature': { why: string };
  'bundle.empty': { url: string };
  'bundle.shrink': { from: number; to: number };
  'bundle.replay': { url: string; why: string };
  'bundle.stale': { since: string };
  'bundle.metadata': { why: string };
  // configuration
  'config.missing-key': { sender: string };
  'config.policy-syntax': { why: string };
}

export type Code = keyof CauseParams;

/** One reason. `Cause` alone is the union of all; `Cause<'cert.expired'>` is one of them. */
export type Cause<C extends Code = Code> = {
  [K in C]: { readonly code: K; readonly params: CauseParams[K] };
}[C];

export const cause = <C extends Code>(code: C, params: CauseParams[C]): Cause<C> =>
  ({ code, params }) as unknown as Cause<C>;

/** What is the case, as one sentence that names the particulars, without a full stop. */
export function sentence(reason: Cause): string {
  return (STATES[reason.code] as (params: CauseParams[Code]) => string)(reason.params);
}

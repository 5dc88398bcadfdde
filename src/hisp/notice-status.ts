/**
 * The DSN Status (RFC 3463) of each reason (hisp-behaviour §6).
 *
 * @module
 */
import type { Cause, Code } from '../outcome/cause.ts';

/** `null`: never in a notice to a sender. Inbound refusals are silent, the rest are journal entries or alarms. */
const STATUS: { readonly [C in Code]: string | null } = {
  'parse.mime': '5.6.0',
  'parse.header': '5.6.0',
  'parse.base64': '5.6.0',
  'parse.cms-structure': '5.6.0',
  'parse.der': '5.6.0',
  'parse.limit': '5.6.0',
  'crypto.not-encrypted': null,
  'crypto.no-recipient-match': null,
  'crypto.cipher-not-allowed': null,
  'crypto.key-transport-not-allowed': null,
  'crypto.decrypt-failed': null,
  'crypto.not-signed': null,
  'crypto.no-signers': null,
  'crypto.digest-mismatch': null,
  'crypto.signature-invalid': null,
  'crypto.digest-not-allowed': null,
  'crypto.signer-cert-missing': null,
  'crypto.attribute-missing': null,
  'crypto.attribute-duplicate': null,
  'message.not-wrapped': null,
  'message.envelope-mismatch': null,
  'message.from-missing': '5.6.0',
  'message.from-multiple': '5.6.0',
  'message.bcc-present': null,
  'message.loop': '5.4.6',
  'message.duplicate': null,
  'cert.expired': '5.7.5',
  'cert.not-yet-valid': '5.7.5',
  'cert.revoked': '5.7.5',
  'cert.revocation-unknown': '5.7.5',
  'cert.binding': '5.7.5',
  'cert.usage': '5.7.5',
  'cert.weak-key': '5.7.5',
  'cert.weak-signature': '5.7.5',
  'cert.ca-as-leaf': '5.7.5',
  'cert.policy': '5.7.1',
  'cert.unparsable': '5.7.5',
  'trust.no-anchors': '5.7.1',
  'trust.no-path': '5.7.1',
  'trust.aia-failed': '5.7.1',
  'trust.constraint': '5.7.1',
  'trust.anchor-expired': '5.7.1',
  'discovery.none': '5.7.1',
  'discovery.temporary': '5.4.3',
  'discovery.stopped-invalid': null,
  'notification.no-processed': '5.4.7',
  'notification.no-dispatched': '5.4.7',
  'notification.failed-by-peer': '5.0.0',
  'notification.no-extension': null,
  'notification.late': null,
  'notification.unauthenticated': null,
  'notification.unmatched': null,
  'transport.mx-none': '5.4.1',
  'transport.connect': '5.4.1',
  'transport.tls': '5.4.1',
  'transport.reply': '5.0.0',
  'transport.size': '5.3.4',
  'edge.auth': null,
  'edge.not-owner': null,
  'edge.unknown-mailbox': '5.1.1',
  'edge.full': '5.2.2',
  'edge.unavailable': '5.3.2',
  'edge.xdr-fault': '5.3.0',
  'bundle.not-found': null,
  'bundle.timeout': null,
  'bundle.unreachable': null,
  'bundle.http-status': null,
  'bundle.format': null,
  'bundle.signer-missing': null,
  'bundle.signer-mismatch': null,
  'bundle.signature': null,
  'bundle.empty': null,
  'bundle.shrink': null,
  'bundle.replay': null,
  'bundle.stale': null,
  'bundle.metadata': null,
  'config.missing-key': '5.7.5',
  'config.policy-syntax': null,
};

/** The Status of a reason, or undefined for one that is not told to senders. */
export const tellableStatus = (code: Code): string | undefined => STATUS[code] ?? undefined;

/**
 * The Status that stands in the notice. `peer` is what the other side said (`4.2.2`, `5.1.1`): it is kept where the
 * table says "as given", and made permanent, because the notice ends the matter.
 */
export function noticeStatus(cause: Cause, peer?: string): string {
  const given = peer ?? (cause.code === 'transport.reply' ? replyStatus(cause.params.reply) : undefined);
  const asGiven = cause.code === 'transport.reply' || cause.code === 'notification.failed-by-peer';
  if (asGiven && given && /^[45]\.\d{1,3}\.\d{1,3}$/.test(given)) return `5${given.slice(1)}`;
  return tellableStatus(cause.code) ?? '5.0.0';
}

/** `550 5.1.1 No such user` → `5.1.1`. */
const replyStatus = (reply: string): string | undefined =>
  /^\d{3} ([245]\.\d{1,3}\.\d{1,3})(?= |$)/.exec(reply)?.[1];

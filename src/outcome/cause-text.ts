/**
 * The sentence of each code. Kept apart from the types so that wording can be reviewed on one page.
 *
 * @module
 */
import type { CauseParams, Code } from './cause.ts';

const date = (iso: string): string => iso.slice(0, 10);
const list = (items: readonly string[], none: string): string => (items.length ? items.join(', ') : none);

export const STATES: { readonly [C in Code]: (params: CauseParams[C]) => string } = {
  'parse.mime': (p) => `the message is not readable MIME: ${p.why}`,
  'parse.header': (p) => `a header field cannot be read: ${p.why}`,
  'parse.base64': (p) => `the base64 text cannot be read: ${p.why}`,
  'parse.cms-structure': (p) => `the CMS object has the wrong structure: ${p.why}`,
  'parse.der': (p) => `the CMS object cannot be read: ${p.why}`,
  'parse.limit': (p) => `the message exceeds the limit for ${p.what} (${p.limit})`,
  'crypto.not-encrypted': (p) => `the message is not encrypted (found ${p.found})`,
  'crypto.no-recipient-match': (p) =>
    `none of our keys opens the message (${p.recipients} recipient certificates named in it)`,
  'crypto.cipher-not-allowed': (p) => `content is encrypted with ${p.algorithm}, which is not allowed`,
  'crypto.key-transport-not-allowed': (p) =>
    `the content key is carried with ${p.algorithm}, which is not allowed`,
  'crypto.decrypt-failed': () => 'the message cannot be decrypted with the matching key',
  'crypto.not-signed': (p) => `the decrypted content is not signed (found ${p.found})`,
  'crypto.no-signers': () => 'the signature names no signer',
  'crypto.digest-mismatch': (p) => `the content does not match the signed ${p.algorithm} digest`,
  'crypto.signature-invalid': (p) => `the ${p.algorithm} signature does not verify`,
  'crypto.digest-not-allowed': (p) => `the signature uses ${p.algorithm}, which is not allowed`,
  'crypto.signer-cert-missing': (p) => `the certificate of signer ${p.signer} is not in the message`,
  'crypto.attribute-missing': (p) => `the signed attribute ${p.attribute} is missing`,
  'crypto.attribute-duplicate': (p) => `the signed attribute ${p.attribute} stands more than once`,
  'message.not-wrapped': (p) => `the signed content is not a wrapped message (found ${p.found})`,
  'message.envelope-mismatch': (p) =>
    `the envelope (${p.envelope}) disagrees with the signed message (${p.inner})`,
  'message.from-missing': () => 'the message has no From',
  'message.from-multiple': (p) => `the message has ${p.count} From addresses`,
  'message.bcc-present': () => 'the message carries a Bcc field',
  'message.loop': (p) => `mail loop: ${p.hops} hops`,
  'message.duplicate': (p) => `message ${p.messageId} was already delivered`,
  'cert.expired': (p) => `the certificate found expired on ${date(p.notAfter)}`,
  'cert.not-yet-valid': (p) => `the certificate found is not valid before ${date(p.notBefore)}`,
  'cert.revoked': (p) => `the certificate found was revoked on ${date(p.at)} (${p.reason})`,
  'cert.revocation-unknown': (p) => `revocation could not be checked${p.url ? ` at ${p.url}` : ''}: ${p.why}`,
  'cert.binding': (p) => `the certificate found belongs to ${p.found}, not ${p.wanted}`,
  'cert.usage': (p) => `the certificate found may not be used for ${p.wanted} (it allows ${p.found})`,
  'cert.weak-key': (p) => `the certificate found is too weak: ${p.algorithm} ${p.bits} bits`,
  'cert.weak-signature': (p) => `the certificate found is signed with ${p.algorithm}, which is too weak`,
  'cert.ca-as-leaf': () => 'the certificate found is a CA certificate, not one of an address or a domain',
  'cert.policy': (p) => `the certificate found does not meet policy ${p.name}: ${p.term}`,
  'cert.unparsable': (p) => `the certificate found cannot be read: ${p.why}`,
  'trust.no-anchors': (p) =>
    p.domain === '' ? 'no anchor was given' : `${p.domain} trusts no anchors for ${p.direction} mail`,
  'trust.no-path': (p) =>
    p.domain === ''
      ? `issuer ${p.issuer} does not lead to an anchor that was given`
      : `issuer ${p.issuer} does not lead to an anchor of ${p.domain} (anchors from ${list(p.sources, 'no source')})`,
  'trust.aia-failed': (p) => `issuer ${p.issuer} could not be fetched at ${p.url}: ${p.why}`,
  'trust.constraint': (p) => `the chain is not valid at ${p.subject}: ${p.which}`,
  'trust.anchor-expired': (p) => `anchor ${p.anchor} expired on ${date(p.notAfter)}`,
  'discovery.none': (p) =>
    `${p.nonexistent === undefined ? '' : `the domain ${p.nonexistent} does not exist: `}no certificate could be found (DNS: ${list(p.names, 'not asked')}; LDAP: ${list(p.servers, 'no server published')})`,
  'discovery.temporary': (p) => `lookups did not answer (${p.stage}): ${p.why}`,
  'discovery.stopped-invalid': (p) =>
    `the search ended at ${p.level}, where a certificate was found that cannot be used`,
  'notification.no-processed': (p) => `no confirmation of receipt in ${p.minutes} min`,
  'notification.no-dispatched': (p) => `received by ${p.domain}, delivery not confirmed in ${p.minutes} min`,
  'notification.failed-by-peer': (p) => `${p.domain} reported: ${p.text}`,
  'notification.no-extension': () => 'the dispatched notice lacks the final-delivery field',
  'notification.late': (p) => `a notice for ${p.messageId} came after its outcome was final`,
  'notification.unauthenticated': (p) => `a notice was not counted: ${p.why}`,
  'notification.unmatched': (p) => `a notice names a message that is not ours (${p.messageId})`,
  'transport.mx-none': (p) => `${p.domain} has no mail server in DNS`,
  'transport.connect': (p) => `no mail server of ${p.domain} answered: ${p.why}`,
  'transport.tls': (p) => `TLS with the mail server of ${p.domain} failed: ${p.why}`,
  'transport.reply': (p) => `${p.host} answered ${p.reply}`,
  'transport.size': (p) => `the message is larger than the limit of ${p.limit} octets`,
  'edge.auth': () => 'user name or password is wrong',
  'edge.not-owner': (p) => `the user may not send as ${p.address}`,
  'edge.unknown-mailbox': (p) =>
    p.left === undefined
      ? `there is no such address: ${p.address}`
      : `there is no such address any more: ${p.address} has left on ${p.left}`,
  'edge.full': (p) => `the mailbox of ${p.address} is full`,
  'edge.unavailable': (p) => `the edge system did not accept the message: ${p.why}`,
  'edge.xdr-fault': (p) => `the edge system refused: ${p.text}`,
  'bundle.not-found': (p) => `there is no bundle at ${p.url}`,
  'bundle.timeout': (p) => `${p.url} did not answer in time`,
  'bundle.unreachable': (p) => `${p.url} could not be fetched: ${p.why}`,
  'bundle.http-status': (p) => `${p.url} answered HTTP ${p.status}`,
  'bundle.format': (p) => `the bundle cannot be read: ${p.why}`,
  'bundle.signer-missing': (p) => `the bundle at ${p.url} is not signed, and a signer is pinned`,
  'bundle.signer-mismatch': (p) => `the bundle is signed by ${p.found}, not by the pinned signer`,
  'bundle.signature': (p) => `the signature of the bundle does not verify: ${p.why}`,
  'bundle.empty': (p) => `the bundle at ${p.url} holds no anchor`,
  'bundle.shrink': (p) =>
    `the bundle shrank from ${p.from} anchors to ${p.to}; held until an operator decides`,
  'bundle.replay': (p) => `the bundle at ${p.url} is one that was replaced before: ${p.why}`,
  'bundle.stale': (p) => `the bundle was not refreshed since ${p.since}`,
  'bundle.metadata': (p) => `the metadata of the bundle disagrees with it: ${p.why}`,
  'config.missing-key': (p) => `${p.sender} has no usable signing key`,
  'config.policy-syntax': (p) => `the policy cannot be read: ${p.why}`,
};

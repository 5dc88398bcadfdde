/**
 * The stage of the envelope: how it is encrypted, for whom, and whether a given key opens it.
 *
 * @module
 */
import type { DecryptionKey, EnvelopedData, RecipientInfo } from '../../cms/enveloped.ts';
import { matches } from '../../cms/enveloped.ts';
import { identityText } from '../../cms/identity.ts';
import { smimeKind } from '../../mail/signed.ts';
import { type Cause, cause } from '../../outcome/cause.ts';
import type { Finding } from '../../outcome/check.ts';
import { isAllowedCipher } from '../../rule/message/facts/envelope.ts';
import type { Profile } from '../../trust/decision.ts';
import { differs, failed, warned } from './finding.ts';
import type { Envelope, Layer, Read } from './layers.ts';
import type { EncryptionStage, RecipientTold } from './stage.ts';

/** @param envelope undefined: the outermost layer is no envelope */
export function encryptionStage(
  layer: Layer,
  envelope: Read<Envelope> | undefined,
  keys: readonly DecryptionKey[],
  profile: Profile,
): EncryptionStage {
  const empty = { name: 'encryption', recipients: [], decrypted: false } as const;
  if (!envelope) {
    const found = layer.kind === 'plain' ? layer.entity.contentType.type : 'signed data';
    return { ...empty, ...failed(cause('crypto.not-encrypted', { found }), 'REQ-AS-29') };
  }
  if ('cause' in envelope) return { ...empty, ...failed(envelope.cause) };
  const { enveloped, clear } = envelope.value;
  const findings = findingsOf(layer, enveloped, profile);
  const refused = findings.some(({ level }) => level === 'fail');
  const told = {
    ...empty,
    form: enveloped.kind === 'enveloped' ? 'enveloped-data' : 'auth-enveloped-data',
    cipher: enveloped.cipher.name,
    recipients: enveloped.recipients.map((recipient) => recipientTold(recipient, keys)),
    octets: enveloped.ciphertext.length,
  } as const;
  if ('value' in clear) {
    const warns = findings.length > 0 ? 'warn' : 'pass';
    return { ...told, status: refused ? 'fail' : warns, findings, decrypted: true };
  }
  if (keys.length === 0) {
    const reason = 'no key was given: --key FILE with --cert FILE, or --p12 FILE';
    return { ...told, status: refused ? 'fail' : 'skip', reason, findings };
  }
  return { ...told, status: 'fail', findings: [...findings, ...failed(clear.cause).findings] };
}

function findingsOf(layer: Layer, enveloped: EnvelopedData, profile: Profile): Finding[] {
  const findings: Finding[] = [];
  const { name } = enveloped.cipher;
  if (!isAllowedCipher(name)) {
    const reason: Cause = cause('crypto.cipher-not-allowed', { algorithm: name });
    findings.push(...(profile === 'permissive' ? warned : failed)(reason, 'REQ-AS-22').findings);
  }
  const pkcs1 = enveloped.recipients.find(
    (recipient) => recipient.kind === 'key-transport' && recipient.transport.scheme !== 'oaep',
  );
  if (pkcs1?.kind === 'key-transport' && profile === '1.3') {
    const reason = cause('crypto.key-transport-not-allowed', { algorithm: pkcs1.transport.name });
    findings.push(...warned(reason, 'REQ-AS-24').findings);
  }
  if (enveloped.trailing > 0)
    findings.push(differs('octets behind the object', 'none', `${enveloped.trailing}`));
  if ('entity' in layer && layer.entity && smimeKind(layer.entity) !== 'enveloped') {
    const found = layer.entity.contentType.parameters['smime-type'] ?? 'none';
    findings.push(differs('smime-type', 'enveloped-data', found, 'REQ-AS-11'));
  }
  return findings;
}

function recipientTold(recipient: RecipientInfo, keys: readonly DecryptionKey[]): RecipientTold {
  if (recipient.kind !== 'key-transport') return { kind: recipient.kind, given: false };
  const { identity, transport } = recipient;
  return {
    kind: recipient.kind,
    named: identityText(identity),
    ...(identity.by === 'ski' ? { ski: identity.ski } : { serial: identity.serial }),
    transport: transport.name,
    ...(transport.digest && { digest: transport.digest }),
    ...(transport.maskDigest && { maskDigest: transport.maskDigest }),
    given: keys.some(({ certificate }) => certificate && matches(recipient, certificate)),
  };
}

/**
 * The stages that open a message from the network (hisp-behaviour §3): nothing is shown before it is decrypted, its
 * signature verified, and its signer trusted by the one it is for.
 *
 * @module
 */
import { decryptEnveloped, decryptEnvelopedAnywhere, matches, readEnveloped } from '../cms/enveloped.ts';
import { embeddedCertificates, readSigned, verifySigner } from '../cms/signed.ts';
import { lfToCrlf } from '../mail/canonical.ts';
import { readEntity } from '../mail/entity.ts';
import { cmsOf, smimeKind, splitSigned } from '../mail/signed.ts';
import { unwrap } from '../mail/wrap.ts';
import { cause } from '../outcome/cause.ts';
import { formatName } from '../pki/name.ts';
import { isHeld } from '../pki/private-key.ts';
import { contentOf } from './header-edit.ts';
import { classifyStage, envelopeStage, senderStage } from './open-message.ts';
import type { Opening } from './opening.ts';
import { noted, refuseWhere } from './opening-edit.ts';
import type { NamedStage } from './parts.ts';
import { trustStage } from './signer-trust.ts';
import { AgentStop } from './stop.ts';

/** The outer message must be an envelope (REQ-AS-29). */
export const outerStage: NamedStage<Opening> = {
  name: 'outer',
  run(opening) {
    const outer = readEntity(opening.bytes);
    const kind = smimeKind(outer);
    if (kind !== 'enveloped' && kind !== 'pkcs7') {
      throw new AgentStop(cause('crypto.not-encrypted', { found: outer.contentType.type }));
    }
    return { ...opening, outer, enveloped: readEnveloped(cmsOf(outer)) };
  },
};

const ALLOWED_CIPHER = /^aes-?(128|192|256)-?cbc$/i;

/** Only AES-CBC (REQ-AS-22). */
export const cipherStage: NamedStage<Opening> = {
  name: 'cipher',
  run(opening) {
    const name = opening.enveloped?.cipher.name ?? '';
    if (opening.enveloped && !ALLOWED_CIPHER.test(name)) {
      throw new AgentStop(cause('crypto.cipher-not-allowed', { algorithm: name }));
    }
    return opening;
  },
};

/** With any key of a recipient that the envelope names; a recipient that it does not name gets nothing. */
export const decryptStage: NamedStage<Opening> = {
  name: 'decrypt',
  run(opening) {
    const { enveloped } = opening;
    if (!enveloped) return opening;
    const named = (recipient: Opening['recipients'][number]) =>
      recipient.keys.filter(({ certificate }) =>
        enveloped.recipients.some((info) => matches(info, certificate)),
      );
    const keys = opening.recipients.flatMap(named);
    const reason = cause('crypto.no-recipient-match', { recipients: enveloped.recipients.length });
    const signing = keys.find(
      ({ certificate: { keyUsage } }) => keyUsage && !keyUsage.has('keyEncipherment'),
    );
    for (const { used } of keys) used?.('decrypt');
    const decrypted = (clear: Uint8Array): Opening => {
      const next = {
        ...refuseWhere(opening, (recipient) => (named(recipient).length === 0 ? reason : undefined)),
        clear,
      };
      if (!signing) return next;
      // Somebody took it for an encryption certificate; as long as its key is here, nothing is lost by that.
      const subject = formatName(signing.certificate.subject);
      return noted(next, 'noted.signing-key', { subject }, 'REQ-AS-41');
    };
    return keys.some(({ privateKey }) => isHeld(privateKey))
      ? decryptEnvelopedAnywhere(enveloped, keys).then(decrypted)
      : decrypted(decryptEnveloped(enveloped, keys));
  },
};

const ALL_DIGESTS = ['sha256', 'sha384', 'sha512', 'sha1', 'md5'] as const;

/** Every signer is looked at; which digests are good enough is for the trust decision of each recipient. */
export const verifyStage: NamedStage<Opening> = {
  name: 'verify',
  run(opening) {
    if (!opening.clear) return opening;
    const entity = readEntity(opening.clear);
    const kind = smimeKind(entity);
    if (kind === undefined || kind === 'certs-only' || kind === 'enveloped') {
      throw new AgentStop(cause('crypto.not-signed', { found: entity.contentType.type }));
    }
    const detached = kind === 'multipart-signed' ? splitSigned(entity) : undefined;
    const signed = readSigned(detached ? detached.signature : cmsOf(entity));
    if (signed.signers.length === 0) throw new AgentStop(cause('crypto.no-signers', {}));
    const content = detached?.signedBytes ?? signed.eContent;
    if (!content) throw new AgentStop(cause('crypto.attribute-missing', { attribute: 'content' }));
    const { certificates } = embeddedCertificates(signed);
    const signers = signed.signers.map((signer) =>
      verifySigner(signed, signer, content, certificates, { digests: ALL_DIGESTS, repair: lfToCrlf }),
    );
    const repaired = signers.some((verdict) => verdict.ok && verdict.repaired);
    const next = { ...opening, content, signers, certificates };
    return repaired ? noted(next, 'noted.repaired-line-ends', {}, 'REQ-AS-17') : next;
  },
};

/** The wrapped message replaces the outer one altogether (REQ-AS-12, -14, -44). */
export const unwrapStage: NamedStage<Opening> = {
  name: 'unwrap',
  run(opening) {
    const { content, outer } = opening;
    if (!content) return opening;
    const entity = readEntity(content);
    const message = unwrap(entity);
    if (message) return { ...opening, message, inner: readEntity(message) };
    const reason = cause('message.not-wrapped', { found: entity.contentType.type });
    const next = refuseWhere(opening, ({ policy }) => (policy.unwrapped === 'refuse' ? reason : undefined));
    // Of old peers: the fields come from outside, where anybody could change them.
    const fields = outer?.headers.filter(({ key }) => !key.startsWith('content-')) ?? [];
    const rebuilt = Buffer.concat([...fields.map(({ raw }) => raw), contentOf(content)]);
    return { ...next, message: rebuilt, inner: readEntity(rebuilt) };
  },
};

export const openStages: readonly NamedStage<Opening>[] = [
  outerStage,
  cipherStage,
  decryptStage,
  verifyStage,
  unwrapStage,
  senderStage,
  classifyStage,
  envelopeStage,
  trustStage,
];

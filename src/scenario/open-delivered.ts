/**
 * Opens every encrypted message that reached a mail server of ours, with the keys of the run, so that the judge, who
 * has no keys, can look inside.
 *
 * @module
 */
import {
  type DecryptionKey,
  decryptEnveloped,
  type EnvelopedData,
  matches,
  type RecipientInfo,
  readEnveloped,
} from '../cms/enveloped.ts';
import { CmsError } from '../cms/error.ts';
import { readEntity } from '../mail/entity.ts';
import { MailError } from '../mail/error.ts';
import { messageIdKey } from '../mail/message-id.ts';
import { cmsOf, smimeKind } from '../mail/signed.ts';
import type { FixtureCertificate } from './fixtures/certificates.ts';
import type { Transcript } from './transcript.ts';

/**
 * Each message becomes a `message` event of stage `opened`: what its envelope is made of and, when a key opened it,
 * the entity inside as its blob. No key and no content key is ever among the evidence.
 *
 * @param sut host of the system under test, whose own mail is not ours to open
 * @param at ms since 1970: the time of the events
 */
export function openDelivered(
  transcript: Transcript,
  sut: string,
  keys: readonly FixtureCertificate[],
  at: number,
): void {
  for (const { n, kind, dir, host, blob } of [...transcript.events]) {
    if (kind !== 'smtp' || dir !== 'in' || host === sut || !blob) continue;
    const read = readOuter(transcript.blob(blob));
    if (!read) continue;
    const { messageId, enveloped } = read;
    const recipients = enveloped.recipients.map((recipient) => openFor(recipient, enveloped, keys));
    const clear = recipients.find((one) => one.clear)?.clear;
    transcript.add(
      'testbed',
      {
        kind: 'message',
        cause: n,
        ...(clear ? { blob: clear } : {}),
        summary: {
          stage: 'opened',
          messageId,
          cipher: enveloped.cipher.name,
          recipients: recipients.map(({ clear: content, ...told }) => ({
            ...told,
            opens: content !== undefined,
          })),
        },
      },
      at,
    );
  }
}

function readOuter(message: Uint8Array): { messageId: string; enveloped: EnvelopedData } | undefined {
  try {
    const outer = readEntity(message);
    const kind = smimeKind(outer);
    if (kind !== 'enveloped' && kind !== 'pkcs7') return undefined;
    const messageId = messageIdKey(outer.header('message-id')) ?? '';
    return { messageId, enveloped: readEnveloped(cmsOf(outer)) };
  } catch (error) {
    // The judge reads the same octets and says what is wrong with them.
    if (error instanceof MailError || error instanceof CmsError) return undefined;
    throw error;
  }
}

interface Opened {
  readonly kind: string;
  readonly transport?: string;
  readonly digest?: string;
  readonly maskDigest?: string;
  readonly ours?: string;
  readonly bits?: number;
  readonly clear?: Uint8Array;
}

/** Each recipient is opened by itself: a message that only some of its recipients can read is no good. */
function openFor(
  recipient: RecipientInfo,
  enveloped: EnvelopedData,
  keys: readonly FixtureCertificate[],
): Opened {
  if (recipient.kind !== 'key-transport') return { kind: recipient.kind };
  const { name, digest, maskDigest } = recipient.transport;
  const told = {
    kind: recipient.kind,
    transport: name,
    ...(digest ? { digest } : {}),
    ...(maskDigest ? { maskDigest } : {}),
  };
  const own = keys.find(({ issued }) => issued && matches(recipient, issued.certificate));
  if (!own?.issued) return told;
  const { certificate, key } = own.issued;
  const clear = opened(
    { ...enveloped, recipients: [recipient] },
    { certificate, privateKey: key.privateKey },
  );
  return {
    ...told,
    ours: `${own.case}/${own.role}`,
    bits: certificate.key.bits,
    ...(clear ? { clear } : {}),
  };
}

function opened(enveloped: EnvelopedData, key: DecryptionKey): Uint8Array | undefined {
  try {
    return decryptEnveloped(enveloped, [key]);
  } catch (error) {
    // One reason for all: which it was is nobody's business.
    if (error instanceof CmsError) return undefined;
    throw error;
  }
}

/**
 * A message with its parts.
 *
 * @module
 */
import { readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import type { Folder, Mailbox } from '../mailboxes.ts';
import { type Part, partsOf } from './structure.ts';
import type { Content } from './talk.ts';

/** Undefined when the message is gone. One whose header is beyond all bounds is a body without a header. */
export async function readContent(
  mailbox: Mailbox,
  folder: Folder,
  uid: number,
): Promise<Content | undefined> {
  const bytes = await mailbox.read(folder, uid);
  return bytes && { bytes, top: topOf(bytes) };
}

function topOf(bytes: Uint8Array): Part {
  try {
    return partsOf(bytes);
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    return { kind: 'leaf', entity: { ...readEntity(new Uint8Array(0)), raw: bytes, body: bytes } };
  }
}

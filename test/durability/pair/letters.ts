import { createHash } from 'node:crypto';
import { composeMessage } from '../../../src/mail/compose.ts';
import { finalDeliveryRequest } from '../../../src/mail/mdn.ts';
import { seededRandom } from '../../../src/net/random.ts';

/** A message to be submitted; everything in it follows from this. */
export interface Wanted {
  /** Its Message-ID without the domain. */
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly octets: number;
  /** Asks for notice of delivery. */
  readonly requests: boolean;
}

/** The content: the same for the same id, and like no other. */
export function contentOf({ id, octets }: Pick<Wanted, 'id' | 'octets'>): Buffer {
  const noise = Buffer.from(seededRandom(id).bytes(Math.min(octets, 3_000))).toString('base64');
  return Buffer.alloc(octets, noise);
}

export const markOf = (wanted: Pick<Wanted, 'id' | 'octets'>): string =>
  createHash('sha256').update(contentOf(wanted)).digest('hex');

export const letterOf = (wanted: Wanted, date: number): Uint8Array =>
  composeMessage({
    from: wanted.from,
    to: wanted.to,
    subject: wanted.id,
    date,
    messageId: `${wanted.id}@${wanted.from.split('@')[1]}`,
    text: 'A message of the durability run.',
    attachments: [{ name: 'content.txt', type: 'text/plain', bytes: contentOf(wanted) }],
    boundary: `part-${wanted.id}`,
    ...(wanted.requests && { extraHeaders: finalDeliveryRequest(wanted.from) }),
  });

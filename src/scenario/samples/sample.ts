/**
 * Synthetic attachments, drawn from a seed: about people who were made up.
 *
 * @module
 */
import type { Attachment } from '../../mail/compose.ts';
import type { Random } from '../../net/host.ts';
import { clinicalDocument } from './clinical-document.ts';
import { jpegPicture } from './jpeg.ts';
import type { SampleKind } from './kinds.ts';
import { pdfPage } from './pdf.ts';
import { inventPerson } from './person.ts';

/** The rungs of the size ladder, in octets of the attachment. */
const LADDER = { '2kB': 2_000, '100kB': 100_000, '1MB': 1_000_000, '10MB': 10_000_000 } as const;

/** The attachments of a kind; `text` has none. The same draw gives the same octets. */
export function sampleOf(kind: SampleKind, random: Random): Attachment[] {
  if (kind === 'text') return [];
  const person = inventPerson(random);
  const xml = (name: 'continuity-of-care' | 'referral' | 'discharge'): Attachment => ({
    name: `${name}.xml`,
    type: 'text/xml',
    bytes: Buffer.from(clinicalDocument(name, person, random)),
  });
  const pdf = (): Attachment => ({
    name: 'letter.pdf',
    type: 'application/pdf',
    bytes: pdfPage([
      `Letter about ${person.given} ${person.family}`,
      'This person does not exist.',
      ...person.problems,
    ]),
  });
  const jpeg = (): Attachment => ({ name: 'picture.jpg', type: 'image/jpeg', bytes: jpegPicture(random) });
  switch (kind) {
    case 'continuity-of-care':
    case 'referral':
    case 'discharge':
      return [xml(kind)];
    case 'pdf':
      return [pdf()];
    case 'jpeg':
      return [jpeg()];
    case 'mixed':
      return [xml('referral'), pdf(), jpeg()];
    default:
      return [{ name: 'data.bin', type: 'application/octet-stream', bytes: random.bytes(LADDER[kind]) }];
  }
}

/**
 * A message of the testbed's own making, for a system that receives: who signs it, how it is made, what is wrong.
 *
 * @module
 */
import { z } from 'zod';
import { noticeSchema } from './notification-schema.ts';

const role = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'letters, digits and hyphens, starting with a letter');
const text = z.string().min(1);

export const CONTENTS = [
  'text',
  'cda',
  'image',
  'pdf',
  'mixed',
  'html',
  'line-feeds',
  'eight-bit',
  'trailing-blanks',
  'long-line',
  'latin-1',
  'large',
  'attachments',
  'nested',
  'zip-bomb',
  'inner-signed',
  'processed',
  'dsn',
] as const;

/** Deliberate departures of a message of our own making from what a sender must do. */
export const MESSAGE_FAULTS = [
  'wrong-digest',
  'unsigned',
  'not-encrypted',
  'not-wrapped',
  'no-signers',
  'no-certificates',
  'double-digest',
  'no-content-type',
  'three-parts',
  'signature-first',
  'signed-twice',
  'gadget',
  'leaking-parts',
] as const;

/** Unusual ways of writing a message that are no faults. */
export const MESSAGE_FORMS = [
  'opaque',
  'ber-envelope',
  'ber-signature',
  'constructed-strings',
  'x-types',
  'bare-types',
  'base64-wrap',
  'qp-wrap',
  'unsorted-attributes',
  'pss',
  'ski-signer',
  'ski-recipient',
] as const;

const fields = z
  .record(text, z.union([text, z.array(text)]))
  .default({})
  .describe('Fields by name, in place of those that it would have; a list writes the field several times.');

export const deliverStep = z.strictObject({
  deliver: z.strictObject({
    id: z.string().default('message'),
    from: text.describe('Address in From, in the case in which it is to be written.'),
    to: z.array(text).min(1).default(['{SUT}']).describe('Recipients: of the envelope and in To.'),
    signers: z.array(role).default([]).describe('Certificates of this case that sign, in this order.'),
    encryptTo: z
      .array(role)
      .min(1)
      .optional()
      .describe('Certificates of this case that it is encrypted to, in place of those of its recipients.'),
    content: z.enum(CONTENTS).default('text'),
    notice: noticeSchema.optional().describe('A notice, in place of other content.'),
    digest: z.enum(['sha256', 'sha384', 'sha512', 'sha1', 'md5']).default('sha256'),
    keyTransport: z
      .enum([
        'pkcs1',
        'oaep-sha1',
        'oaep-sha256',
        'oaep-sha512',
        'oaep-sha256-mgf1-sha1',
        'oaep-label',
        'ecdh',
      ])
      .default('oaep-sha1'),
    cipher: z
      .enum(['aes128-cbc', 'aes192-cbc', 'aes256-cbc', 'aes128-gcm', 'aes256-gcm', 'des-ede3-cbc'])
      .default('aes128-cbc'),
    requests: text.optional().describe('Value of Disposition-Notification-Options.'),
    mailFrom: z.string().optional().describe('Reverse-path; From if absent, empty for the null one.'),
    header: fields,
    outer: fields,
    again: z.string().optional().describe('Id of an earlier message, whose octets are sent once more.'),
    anew: z.boolean().default(false).describe('With `again`: the same message, signed and encrypted anew.'),
    sameId: z.string().optional().describe('Id of an earlier message, whose Message-ID it has too.'),
    forms: z.array(z.enum(MESSAGE_FORMS)).default([]),
    faults: z.array(z.enum(MESSAGE_FAULTS)).default([]),
  }),
});

export type Delivery = z.infer<typeof deliverStep>['deliver'];

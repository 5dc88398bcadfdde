/**
 * What a user's mail program says to the submission server of the system under test, word by word: right, and
 * deliberately wrong.
 *
 * @module
 */
import { z } from 'zod';

const text = z.string().min(1);
const span = z.string().regex(/^\d+ (s|min|h)$/, 'a number and s, min or h, for example "3 min"');
const label = z.string().optional().describe('What checks call the reply.');

/** What a program says. `{n}` stands for the number of the connection. */
export const utterance = z.union([
  z.strictObject({ say: text.describe('A command line; its CRLF is added.'), as: label }),
  z.strictObject({
    octets: text.describe('Sent as it stands.'),
    as: label,
    apart: z
      .boolean()
      .default(false)
      .describe('Each octet travels alone, and the server has read it before the next one leaves.'),
  }),
  z.strictObject({
    message: z.strictObject({
      id: z.string().default('message'),
      to: z.array(text).min(1),
      mailFrom: z.string().optional().describe('Reverse-path; the user’s address if absent.'),
      from: z.string().optional().describe('Address in From; the user’s if absent.'),
    }),
    as: label,
  }),
  z.strictObject({
    starttls: z.strictObject({
      version: z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']).optional().describe('No other is spoken.'),
      inject: z.string().default('').describe('Sent in clear behind STARTTLS, in the same segment.'),
    }),
    as: label,
  }),
  z.strictObject({
    login: z.enum(['right', 'wrong']),
    mechanism: z.enum(['PLAIN', 'LOGIN']).default('PLAIN'),
    as: label,
  }),
  z.strictObject({
    silence: span.describe('How long the program waits for the server to say something.'),
    as: label,
  }),
]);

export const talkStep = z.strictObject({
  talk: z.strictObject({
    id: z.string().default('talk'),
    begin: z
      .enum(['logged-in', 'secured', 'greeted'])
      .default('logged-in')
      .describe('What went well before: greeting and EHLO; TLS and EHLO; the login.'),
    connections: z.int().min(1).max(100).default(1).describe('So many at once, all with the same words.'),
    words: z.array(utterance).min(1),
  }),
});

export type Utterance = z.infer<typeof utterance>;

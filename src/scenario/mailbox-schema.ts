/**
 * What a user's mail program says to the POP3 or IMAP server of the system under test: right, and deliberately wrong.
 *
 * @module
 */
import { z } from 'zod';

const label = z.string().optional().describe('What checks call the reply.');

const word = z.union([
  z.strictObject({
    say: z.string().min(1).describe('A command without its tag; the tag of IMAP and the CRLF are added.'),
    as: label,
  }),
  z.strictObject({ login: z.enum(['right', 'wrong']), as: label }),
  z.strictObject({
    fetch: z.literal('all').describe('Every message of INBOX, by the commands that this takes.'),
    as: label,
  }),
]);

export const mailboxStep = z.strictObject({
  mailbox: z.strictObject({
    id: z.string().default('mailbox'),
    protocol: z.enum(['pop3', 'imap']),
    begin: z
      .enum(['logged-in', 'secured', 'greeted'])
      .default('logged-in')
      .describe('What went well before: the greeting; TLS; the login.'),
    words: z.array(word).min(1),
  }),
});

export type MailboxWord = z.infer<typeof word>;

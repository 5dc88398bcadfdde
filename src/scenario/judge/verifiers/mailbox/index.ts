import { mailboxReplies } from './replies.ts';
import { retrieved } from './retrieved.ts';

/** Checks of where mail is read: POP3 and IMAP. */
export const mailboxChecks = [mailboxReplies, retrieved] as const;

/**
 * What a receiver tells those who decide about mail, and what they answer.
 *
 * @module
 */
import type { Credentials } from './auth.ts';
import type { SmtpReply } from './reply.ts';

/** Who logged in (RFC 4954), as those say who judge credentials. */
export interface SmtpUser {
  readonly tenant: string;
  readonly account: string;
  /** Lower case. */
  readonly addresses: readonly [string, ...string[]];
}

/** What is known of the conversation when a command is judged. */
export interface SmtpSession {
  /** Number of the connection at this receiver. */
  readonly id: number;
  readonly peer: { readonly host: string; readonly port: number };
  /** What the client called itself; '' before EHLO or HELO. */
  readonly helo: string;
  readonly tls: boolean;
  /** After AUTH. */
  readonly user?: SmtpUser;
}

export interface SmtpTransaction {
  /** '' for the null reverse-path. */
  readonly mailFrom: string;
  /** Those that were accepted, in order, each once. */
  readonly rcptTo: readonly string[];
}

/** Where the conversation stands when a reply is about to be given. */
export interface ReplyContext {
  /** The verb, `connect` for the greeting, `content` for the reply to the end of DATA, `''` for what is no command. */
  readonly stage: string;
  readonly argument: string;
  readonly session: SmtpSession;
  readonly transaction?: SmtpTransaction;
}

export interface SmtpDelivery extends SmtpTransaction {
  /** The content as it was sent, dots unstuffed. */
  readonly bytes: Uint8Array;
  readonly session: SmtpSession;
}

/** What stands behind a session. A reply that is not 2xx refuses. */
export interface SmtpHandlers {
  /** The seam of peers with habits: gets the reply that is proposed and gives the one that is sent and acted on. */
  reply?(proposed: SmtpReply, context: ReplyContext): SmtpReply;
  /**
   * Judges a login; a reply refuses. Its presence makes a submission server: AUTH is offered, in TLS only, and mail is
   * taken from nobody without it.
   */
  onCredentials?(credentials: Credentials, session: SmtpSession): Promise<SmtpUser | SmtpReply>;
  /** Undefined accepts the reverse-path. */
  onSender?(mailFrom: string, session: SmtpSession): SmtpReply | undefined;
  /** Undefined accepts. */
  onRecipient(
    mailFrom: string,
    rcpt: string,
    session: SmtpSession,
  ): SmtpReply | undefined | Promise<SmtpReply | undefined>;
  /** The reply to the end of DATA. Whoever answers 250 has the message safe. A throw becomes 451. */
  onMessage(delivery: SmtpDelivery): Promise<SmtpReply>;
  onRefusedRecipient?(mailFrom: string, rcpt: string, reply: SmtpReply, session: SmtpSession): void;
  onAnswered?(delivery: Omit<SmtpDelivery, 'bytes'>, bytes: Uint8Array, size: number, reply: SmtpReply): void;
}

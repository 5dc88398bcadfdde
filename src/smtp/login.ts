/**
 * AUTH as a part of one conversation: offered in TLS only, asked for before mail is taken (RFC 4954).
 *
 * @module
 */
import { type AuthExchange, type AuthStep, beginAuth } from './auth.ts';
import type { SmtpHandlers, SmtpSession, SmtpUser } from './handlers.ts';
import { type SmtpReply, smtpReply } from './reply.ts';

export interface Login {
  /** Whether a login is asked for at all. */
  readonly wanted: boolean;
  readonly user: SmtpUser | undefined;
  /** The next line is a response, not a command. */
  readonly waits: boolean;
  /** Logins that were refused so far. */
  readonly refused: number;
  /** Answers AUTH with its argument. */
  begin(argument: string, session: SmtpSession): Promise<SmtpReply>;
  /** Answers a response. */
  respond(line: string, session: SmtpSession): Promise<SmtpReply>;
  /** Forgets who logged in: a handshake follows. */
  forget(): void;
}

export function createLogin(onCredentials: SmtpHandlers['onCredentials']): Login {
  let exchange: AuthExchange | undefined;
  let user: SmtpUser | undefined;
  let refused = 0;

  async function follow(current: AuthExchange, step: AuthStep, session: SmtpSession): Promise<SmtpReply> {
    exchange = undefined;
    switch (step.kind) {
      case 'challenge':
        exchange = current;
        return smtpReply(334, step.text);
      case 'cancelled':
        return smtpReply(501, '5.7.0 Login taken back');
      case 'malformed':
        return smtpReply(501, `5.5.2 ${step.why}`);
      case 'credentials': {
        const judged = await onCredentials!(step.credentials, session);
        if ('code' in judged) {
          refused++;
          return judged;
        }
        user = judged;
        return smtpReply(235, '2.7.0 Logged in');
      }
    }
  }

  return {
    wanted: onCredentials !== undefined,
    get user() {
      return user;
    },
    get waits() {
      return exchange !== undefined;
    },
    get refused() {
      return refused;
    },
    async begin(argument, session) {
      if (!onCredentials) return smtpReply(500, '5.5.1 Unknown command');
      if (session.helo === '') return smtpReply(503, '5.5.1 EHLO first');
      // whatever a client says before TLS is not even looked at
      if (!session.tls) return smtpReply(538, '5.7.11 A login needs TLS: STARTTLS first');
      if (user) return smtpReply(503, '5.5.1 Logged in already');
      const begun = beginAuth(argument);
      if (!begun) return smtpReply(504, '5.5.4 The mechanisms are PLAIN and LOGIN');
      return follow(begun, begun.first, session);
    },
    async respond(line, session) {
      return follow(exchange!, exchange!.take(line), session);
    },
    forget() {
      exchange = undefined;
      user = undefined;
    },
  };
}

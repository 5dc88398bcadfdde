/**
 * Alerts by mail, to an SMTP server that the operator names.
 *
 * @module
 */
import type { Addr, Host } from '../net/host.ts';
import { isPositive, replyText } from '../smtp/reply.ts';
import { deliver, type SmtpMessage } from '../smtp/sender.ts';
import { alertMail, type Channel } from './alert.ts';

export interface AlertMailOptions {
  readonly server: Addr;
  readonly from: string;
  /** One address; each of several has a channel of its own. */
  readonly to: string;
  readonly tls: NonNullable<SmtpMessage['tls']>;
}

const DEADLINE_MS = 60_000;

export function alertMailChannel(host: Host, { server, from, to, tls }: AlertMailOptions): Channel {
  return {
    name: `mail ${to}`,
    wants: () => true,
    async send(alert) {
      const { perRecipient, error } = await deliver(host, server, {
        helo: from.slice(from.lastIndexOf('@') + 1),
        mailFrom: from,
        rcptTo: [to],
        bytes: alertMail(alert, from, [to]),
        deadlineMs: DEADLINE_MS,
        tls,
      });
      const reply = perRecipient.get(to);
      if (reply && isPositive(reply)) return { ok: true };
      const why = reply ? replyText(reply) : (error?.message ?? 'no answer');
      return { ok: false, why, lasting: (reply?.code ?? 0) >= 500 };
    },
  };
}

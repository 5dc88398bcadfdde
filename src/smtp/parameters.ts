/**
 * What a server offers after EHLO, and the arguments of MAIL and RCPT that it takes.
 *
 * @module
 */
import { MECHANISMS } from './auth.ts';
import { SmtpError } from './error.ts';
import type { ReceiverLimits } from './limits.ts';
import { type PathArgument, parsePathArgument } from './path.ts';
import { type SmtpReply, smtpReply } from './reply.ts';

/** The keywords that follow the name of the server, one a line. */
export const extensions = (
  limits: ReceiverLimits,
  offer: { readonly tls: boolean; readonly auth: boolean },
): string[] => [
  'PIPELINING',
  `SIZE ${limits.messageOctets}`,
  '8BITMIME',
  'ENHANCEDSTATUSCODES',
  ...(offer.tls ? ['STARTTLS'] : []),
  ...(offer.auth ? [`AUTH ${MECHANISMS.join(' ')}`] : []),
];

export const tooLarge = (limit: number): SmtpReply =>
  smtpReply(552, `5.3.4 Larger than the limit of ${limit} octets`);

/** The path with its parameters, or the reply that refuses it. */
export function readPath(argument: string, prefix: 'FROM:' | 'TO:'): PathArgument | SmtpReply {
  try {
    return parsePathArgument(argument, prefix);
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error;
    return smtpReply(501, `${prefix === 'TO:' ? '5.1.3' : '5.1.7'} ${error.message}`);
  }
}

/**
 * The reply that refuses the parameters of MAIL, if any of them calls for it.
 *
 * @param auth whether AUTH is known: then a client may say who wrote the message (RFC 4954 §5), and we note nothing
 */
export function mailParameters(
  { parameters }: PathArgument,
  limits: ReceiverLimits,
  auth: boolean,
): SmtpReply | undefined {
  for (const [name, value] of parameters) {
    if (name === 'SIZE') {
      if (!/^\d{1,20}$/.test(value)) return smtpReply(501, '5.5.4 SIZE takes a number');
      if (Number(value) > limits.messageOctets) return tooLarge(limits.messageOctets);
    } else if (name === 'BODY') {
      if (!/^(7BIT|8BITMIME)$/i.test(value)) return smtpReply(501, '5.5.4 BODY is 7BIT or 8BITMIME');
    } else if (name !== 'AUTH' || !auth) return smtpReply(555, `5.5.4 Parameter ${name} is not known`);
  }
  return undefined;
}

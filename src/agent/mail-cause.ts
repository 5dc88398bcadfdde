import type { MailError } from '../mail/error.ts';
import { type Cause, cause } from '../outcome/cause.ts';

/** The reason of the closed set for what the mail layer could not read. */
export function mailCause({ code, message, limit }: MailError): Cause {
  switch (code) {
    case 'header':
    case 'compose':
      return cause('parse.header', { why: message });
    case 'mime':
      return cause('parse.mime', { why: message });
    case 'base64':
      return cause('parse.base64', { why: message });
    case 'limit':
      return cause('parse.limit', { what: message, limit: limit ?? 0 });
  }
}

/**
 * SMTP replies: a code and one or more lines, the first of which may begin with an enhanced status (RFC 2034).
 *
 * @module
 */
import { SmtpError } from './error.ts';

export interface SmtpReply {
  /** 200 to 599. */
  readonly code: number;
  /** Text of each line without code and line end; at least one. */
  readonly lines: readonly string[];
}

/** `smtpReply(250, '2.1.0 Ok')`. */
export const smtpReply = (code: number, ...lines: readonly string[]): SmtpReply => ({
  code,
  lines: lines.length > 0 ? lines : [''],
});

/** The reply on one line, as evidence and notices print it: `550 5.1.1 No such user`. */
export const replyText = (reply: SmtpReply): string => `${reply.code} ${reply.lines.join(' ')}`.trimEnd();

/** The enhanced status of RFC 3463 that the first line begins with, for example `5.1.1`. */
export function enhancedStatus(reply: SmtpReply): string | undefined {
  return /^([245]\.\d{1,3}\.\d{1,3})(?= |$)/.exec(reply.lines[0] ?? '')?.[1];
}

/** 2xx. */
export const isPositive = (reply: SmtpReply): boolean => reply.code >= 200 && reply.code < 300;

/** 4xx: may succeed later. */
export const isTransient = (reply: SmtpReply): boolean => reply.code >= 400 && reply.code < 500;

/** 5xx: will not succeed. */
export const isPermanent = (reply: SmtpReply): boolean => reply.code >= 500;

/** The bytes of a reply (RFC 5321 §4.2.1), as text of octets. Line breaks inside a text become blanks. */
export function formatReply(reply: SmtpReply): string {
  const last = reply.lines.length - 1;
  return reply.lines
    .map((line, index) => `${reply.code}${index < last ? '-' : ' '}${line.replace(/[\r\n]+/g, ' ')}\r\n`)
    .join('');
}

const MAX_LINE = 4096;
const MAX_LINES = 128;

/**
 * Reads replies out of a stream of octets. Tolerant where no harm can come of it: a bare LF ends a line.
 *
 * @returns `push`, which gives the replies that became complete.
 * @throws {SmtpError} `protocol` when the peer does not speak SMTP, `limit` when a line or a reply has no end.
 */
export function createReplyReader(): { push(bytes: Uint8Array): SmtpReply[] } {
  let rest = '';
  let open: { code: number; lines: string[] } | undefined;
  const line = (text: string): SmtpReply | undefined => {
    const parts = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(text);
    if (!parts) throw new SmtpError('protocol', `not an SMTP reply: ${JSON.stringify(text.slice(0, 80))}`);
    const code = Number(parts[1]);
    if (open && open.code !== code) {
      throw new SmtpError('protocol', `a reply changed its code from ${open.code} to ${code}`);
    }
    open ??= { code, lines: [] };
    open.lines.push(parts[3] ?? '');
    if (open.lines.length > MAX_LINES) throw new SmtpError('limit', `a reply of over ${MAX_LINES} lines`);
    if (parts[2] === '-') return undefined;
    const reply = open;
    open = undefined;
    return reply;
  };
  return {
    push(bytes) {
      rest += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      const replies: SmtpReply[] = [];
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        if (end > MAX_LINE) throw new SmtpError('limit', `a reply line of over ${MAX_LINE} octets`);
        const text = rest.slice(0, end).replace(/\r$/, '');
        rest = rest.slice(end + 1);
        const reply = line(text);
        if (reply) replies.push(reply);
      }
      if (rest.length > MAX_LINE) throw new SmtpError('limit', `a reply line of over ${MAX_LINE} octets`);
      return replies;
    },
  };
}

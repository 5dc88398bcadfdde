/**
 * Answers of POP3 and IMAP servers, cut out of the octets that came. Total: what is no answer is said to be none.
 *
 * @module
 */

export interface Answer {
  /** `OK`, `ERR` (POP3), `NO`, `BAD` (IMAP), `+` for a server that waits, `no-protocol`. */
  readonly code: string;
  /** The line that decides, without its tag. */
  readonly text: string;
  /** Everything up to its end. */
  readonly octets: Buffer;
  /** Messages in it. */
  readonly literals: readonly Buffer[];
}

/** Longer lines are no protocol. */
const MAX_LINE = 65_536;

/** The answer that `input` begins with; undefined before it is whole. */
export type ReadAnswer = (input: Buffer) => Answer | undefined;

const broken = (input: Buffer): Answer => ({
  code: 'no-protocol',
  text: JSON.stringify(input.toString('latin1', 0, 80)),
  octets: input,
  literals: [],
});

/** `multi`: after `+OK` come lines up to a dot. */
export const pop3Answer =
  (multi: boolean): ReadAnswer =>
  (input) => {
    const end = input.indexOf('\r\n');
    if (end < 0) return input.length > MAX_LINE ? broken(input) : undefined;
    const text = input.toString('latin1', 0, end);
    const [, sign] = /^(\+OK|-ERR|\+)(?= |$)/.exec(text) ?? [];
    if (sign === undefined) return broken(input);
    const code = sign === '+OK' ? 'OK' : sign === '-ERR' ? 'ERR' : '+';
    if (code !== 'OK' || !multi) return { code, text, octets: input.subarray(0, end + 2), literals: [] };
    const last = input.indexOf('\r\n.\r\n', end);
    if (last < 0) return undefined;
    return {
      code,
      text,
      octets: input.subarray(0, last + 5),
      literals: [unstuffed(input.subarray(end + 2, last + 2))],
    };
  };

function unstuffed(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/(^|\n)\./g, '$1'), 'latin1');
}

/** `tag` is `*` for the greeting. */
export const imapAnswer =
  (tag: string): ReadAnswer =>
  (input) => {
    const literals: Buffer[] = [];
    for (let at = 0; ; ) {
      const start = at;
      // a line, with the literals in it
      for (;;) {
        const end = input.indexOf('\r\n', at);
        if (end < 0) return input.length - at > MAX_LINE ? broken(input) : undefined;
        const literal = /\{(\d{1,9})\}$/.exec(input.toString('latin1', Math.max(at, end - 12), end));
        at = end + 2;
        if (!literal) break;
        const until = at + Number(literal[1]);
        if (input.length < until) return undefined;
        literals.push(input.subarray(at, until));
        at = until;
      }
      const line = input.toString('latin1', start, Math.min(at - 2, start + MAX_LINE));
      const octets = input.subarray(0, at);
      if (line.startsWith('+ ') || line === '+') return { code: '+', text: line, octets, literals };
      if (line.startsWith(`${tag} `)) {
        const text = line.slice(tag.length + 1);
        const [, code] = /^(OK|NO|BAD|BYE|PREAUTH)(?= |$)/i.exec(text) ?? [];
        return code === undefined ? broken(input) : { code: code.toUpperCase(), text, octets, literals };
      }
      if (!line.startsWith('* ')) return broken(input);
    }
  };

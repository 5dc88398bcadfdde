/**
 * Cuts a stream of octets into commands: a line, and the literals that it announces with the lines after them
 * (RFC 3501 §2.2.1, §4.3; RFC 7888). Only CRLF ends a line.
 *
 * @module
 */
const CR = 13;
const LF = 10;

export type ReadStep =
  /** The whole command with its literals in place, without the last CRLF. */
  | { readonly kind: 'command'; readonly bytes: Buffer }
  /** A literal is announced: `accept` or `refuse` is due. `waits`: the client wants to be asked to go on. */
  | { readonly kind: 'literal'; readonly octets: number; readonly waits: boolean; readonly soFar: Buffer }
  /** Nobody knows where the next command begins: the session ends. */
  | { readonly kind: 'broken'; readonly why: string };

export interface CommandReader {
  push(bytes: Uint8Array): void;
  /** The next step, or undefined before more comes. */
  next(): ReadStep | undefined;
  accept(): void;
  /** Forgets the command so far. Only for a literal that waits. */
  refuse(): void;
  /** Forgets everything: what came in clear before a handshake. */
  clear(): void;
  /** Octets that are not part of a step yet. */
  readonly waiting: number;
}

export function commandReader(limits: { readonly lineOctets: number }): CommandReader {
  let rest: Buffer = NOTHING;
  let parts: Buffer[] = [];
  let announced = 0;
  let missing = 0;

  const line = (): ReadStep | undefined => {
    const end = rest.indexOf(LF);
    const cr = rest.indexOf(CR);
    const stop = end < 0 ? rest.length : end;
    if (cr >= 0 && cr < stop - 1) return broken('a CR stands alone');
    if (stop > limits.lineOctets) return broken('the line is too long');
    if (end < 0) return undefined;
    if (end === 0 || cr !== end - 1) return broken('a LF stands alone');
    const whole = rest.subarray(0, end + 1);
    rest = rest.subarray(end + 1);
    const literal = /\{(\d{1,10})(\+?)\}$/.exec(
      whole.toString('latin1', Math.max(0, whole.length - 16), whole.length - 2),
    );
    if (!literal) {
      const bytes = Buffer.concat([...parts, whole.subarray(0, -2)]);
      parts = [];
      return { kind: 'command', bytes };
    }
    parts.push(whole);
    announced = Number(literal[1]);
    return {
      kind: 'literal',
      octets: announced,
      waits: literal[2] === '',
      soFar: parts.length === 1 ? whole : Buffer.concat(parts),
    };
  };
  const broken = (why: string): ReadStep => {
    rest = NOTHING;
    parts = [];
    return { kind: 'broken', why };
  };
  return {
    push(bytes) {
      rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
    },
    next() {
      if (missing > 0) {
        const taken = rest.subarray(0, missing);
        if (taken.length > 0) parts.push(taken);
        missing -= taken.length;
        rest = rest.subarray(taken.length);
        if (missing > 0) return undefined;
      }
      return line();
    },
    accept() {
      missing = announced;
    },
    refuse() {
      parts = [];
    },
    clear() {
      rest = NOTHING;
      parts = [];
      missing = 0;
    },
    get waiting() {
      return rest.length;
    },
  };
}

const NOTHING = Buffer.alloc(0);

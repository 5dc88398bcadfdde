/**
 * Commands and paths of RFC 5321 §4.1: `MAIL FROM:<a@b.example> SIZE=100`.
 *
 * @module
 */
import { SmtpError } from './error.ts';

export interface Command {
  /** Upper-case. */
  readonly verb: string;
  /** What follows the verb, without the blank between them and without trailing blanks. */
  readonly argument: string;
}

/**
 * Reads a command line.
 *
 * @throws {SmtpError} `syntax` for anything but printable ASCII (SMTPUTF8 is not offered) or a line without a verb
 */
export function parseCommand(line: Uint8Array): Command {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('latin1');
  if (!/^[\t\x20-\x7e]*$/.test(text)) throw new SmtpError('syntax', 'a command is printable ASCII');
  const parts = /^([A-Za-z0-9]{1,16})(?: (.*))?$/.exec(text.trimEnd());
  if (!parts) throw new SmtpError('syntax', 'a command begins with its verb');
  return { verb: parts[1]!.toUpperCase(), argument: (parts[2] ?? '').trim() };
}

export interface PathArgument {
  /** `user@domain` as it was written, `Postmaster` for the one address without a domain, '' for the null path. */
  readonly mailbox: string;
  /** Names upper-case; '' for a parameter without value. */
  readonly parameters: ReadonlyMap<string, string>;
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LOCAL = `(?:${ATOM}(?:\\.${ATOM})*|"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\x20-\\x7e])*")`;
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const DOMAIN = `(?:${LABEL}(?:\\.${LABEL})*|\\[[\\x21-\\x5a\\x5e-\\x7e]+\\])`;
/** A source route is read and left aside (RFC 5321 §4.1.1.3, appendix C). */
const PATH = new RegExp(`^<(?:@${DOMAIN}(?:,@${DOMAIN})*:)?((${LOCAL})@(${DOMAIN}))>(?= |$)`);
const PARAMETER = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e]+))?$/;

/**
 * The argument of MAIL (`prefix` `FROM:`) or RCPT (`TO:`). Nothing stands between colon and bracket (§4.1.1.2).
 *
 * @throws {SmtpError} `syntax`, `limit` for a local part over 64, a domain over 255 or a path over 256 octets
 */
export function parsePathArgument(argument: string, prefix: 'FROM:' | 'TO:'): PathArgument {
  if (argument.slice(0, prefix.length).toUpperCase() !== prefix) {
    throw new SmtpError('syntax', `expected ${prefix}<address>`);
  }
  const text = argument.slice(prefix.length);
  if (text.startsWith(' ')) throw new SmtpError('syntax', `no blank may follow ${prefix}`);
  const { mailbox, length } = readPath(text, prefix);
  return { mailbox, parameters: readParameters(text.slice(length)) };
}

function readPath(text: string, prefix: 'FROM:' | 'TO:'): { mailbox: string; length: number } {
  if (prefix === 'FROM:' && /^<>(?= |$)/.test(text)) return { mailbox: '', length: 2 };
  const postmaster = prefix === 'TO:' && /^<(postmaster)>(?= |$)/i.exec(text);
  if (postmaster) return { mailbox: postmaster[1]!, length: postmaster[0].length };
  const path = PATH.exec(text);
  if (!path) throw new SmtpError('syntax', `expected ${prefix}<address>`);
  if (path[2]!.length > 64) throw new SmtpError('limit', 'a local part has at most 64 octets');
  if (path[3]!.length > 255) throw new SmtpError('limit', 'a domain has at most 255 octets');
  return { mailbox: path[1]!, length: path[0].length };
}

function readParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const parts = PARAMETER.exec(word);
    if (!parts) throw new SmtpError('syntax', `not a parameter: ${word.slice(0, 40)}`);
    const name = parts[1]!.toUpperCase();
    if (parameters.has(name)) throw new SmtpError('syntax', `parameter ${name} stands twice`);
    parameters.set(name, parts[2] ?? '');
  }
  return parameters;
}

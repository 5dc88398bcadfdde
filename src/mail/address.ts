/**
 * Mail addresses (RFC 5322 §3.4): quoted, with comments, in groups, with display names.
 *
 * @module
 */
import { decodeWords } from './encoded-words.ts';
import { MailError } from './error.ts';

export interface Address {
  /** As written; a quoted local part without its quotes. */
  readonly local: string;
  /** Lower case. */
  readonly domain: string;
  /** `local@domain` as written, quoted where the local part needs it. */
  readonly address: string;
  /** Display name, decoded. */
  readonly name?: string;
}

const MAX_TEXT = 256 << 10;
const MAX_ADDRESSES = 10_000;
const MAX_ADDRESS = 998;

/** The form in which addresses are compared: both halves in lower case (REQ-AS-08). */
export const addressKey = (address: string | Address): string =>
  (typeof address === 'string' ? address : address.address).trim().toLowerCase();

export const sameAddress = (a: string | Address, b: string | Address): boolean =>
  addressKey(a) === addressKey(b);

/** The one address in the text (`a@b`, `<a@b>`, `Name <a@b>`), or undefined when it is not exactly one. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const { addresses, invalid } = readAddressList(text);
  return addresses.length === 1 && invalid.length === 0 ? addresses[0] : undefined;
}

/** The addresses of a field value, groups opened, in order; what is no address is left out (see `readAddressList`). */
export const parseAddressList = (value: string): Address[] => readAddressList(value).addresses;

/**
 * The addresses of a field value and the pieces that are none.
 *
 * @throws {MailError} `limit` for a value over 256 KiB or 10,000 addresses
 */
export function readAddressList(value: string): { addresses: Address[]; invalid: string[] } {
  if (value.length > MAX_TEXT) throw new MailError('limit', 'address list too long', MAX_TEXT);
  const addresses: Address[] = [];
  const invalid: string[] = [];
  for (const mailbox of mailboxes(tokenize(value))) {
    const address = readMailbox(mailbox);
    if (address) addresses.push(address);
    else if (mailbox.length > 0) invalid.push(textOf(mailbox));
    if (addresses.length > MAX_ADDRESSES) {
      throw new MailError('limit', `over ${MAX_ADDRESSES} addresses`, MAX_ADDRESSES);
    }
  }
  return { addresses, invalid };
}

interface Token {
  readonly kind: 'atom' | 'quoted' | 'literal' | 'special';
  readonly text: string;
  /** Whether blanks or a comment stood before it. */
  readonly apart: boolean;
}

/** Comments are left out; they may nest, to any depth, without recursion. */
function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let apart = false;
  for (let i = 0; i < text.length; ) {
    const character = text[i]!;
    if (/\s/.test(character)) {
      apart = true;
      i++;
    } else if (character === '(') {
      i = afterComment(text, i);
      apart = true;
    } else if (character === '"' || character === '[') {
      const quoted = character === '"';
      const { value, next } = enclosed(text, i + 1, quoted ? '"' : ']');
      tokens.push({ kind: quoted ? 'quoted' : 'literal', text: value, apart });
      apart = false;
      i = next;
    } else if ('<>,;:@.'.includes(character)) {
      tokens.push({ kind: 'special', text: character, apart });
      apart = false;
      i++;
    } else {
      const end = i + /^[^\s()"[<>,;:@.]+|^./s.exec(text.slice(i, i + 1000))![0].length;
      tokens.push({ kind: 'atom', text: text.slice(i, end), apart });
      apart = false;
      i = end;
    }
  }
  return tokens;
}

function afterComment(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const character = text[i];
    if (character === '\\') i++;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return i + 1;
  }
  return text.length;
}

function enclosed(text: string, from: number, close: string): { value: string; next: number } {
  let value = '';
  for (let i = from; i < text.length; i++) {
    const character = text[i]!;
    if (character === '\\' && i + 1 < text.length) value += text[++i];
    else if (character === close) return { value, next: i + 1 };
    else value += character;
  }
  return { value, next: text.length };
}

const isSpecial = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'special' && token.text === text;

/** Cuts at commas, and at semicolons as some writers use them; drops the names of groups. */
function mailboxes(tokens: readonly Token[]): Token[][] {
  const out: Token[][] = [];
  let current: Token[] = [];
  let angle = false;
  for (const token of tokens) {
    if (isSpecial(token, '<')) angle = true;
    else if (isSpecial(token, '>')) angle = false;
    if (!angle && (isSpecial(token, ',') || isSpecial(token, ';'))) {
      out.push(current);
      current = [];
    } else if (!angle && isSpecial(token, ':')) current = [];
    else current.push(token);
  }
  out.push(current);
  return out.filter((list) => list.length > 0);
}

function readMailbox(tokens: readonly Token[]): Address | undefined {
  const open = tokens.findIndex((token) => isSpecial(token, '<'));
  if (open < 0) return readSpec(tokens);
  const close = tokens.findIndex((token, index) => index > open && isSpecial(token, '>'));
  // Nothing may follow: `<a@b> <c@d>` is not one mailbox.
  if (close !== tokens.length - 1) return undefined;
  let spec = tokens.slice(open + 1, close);
  // A source route (`<@relay:a@b>`) says nothing about who it is (RFC 5322 §4.4).
  const route = isSpecial(spec[0], '@') ? spec.findIndex((token) => isSpecial(token, ':')) : -1;
  if (route >= 0) spec = spec.slice(route + 1);
  const address = readSpec(spec);
  if (!address) return undefined;
  const name = decodeWords(textOf(tokens.slice(0, open)));
  return name ? { ...address, name } : address;
}

function readSpec(tokens: readonly Token[]): Address | undefined {
  const at = tokens.findLastIndex((token) => isSpecial(token, '@'));
  if (at < 1) return undefined;
  const local = readDotted(tokens.slice(0, at), true);
  const domain = readDomain(tokens.slice(at + 1));
  if (local === undefined || domain === undefined || local === '') return undefined;
  const plain = /^[^\s()<>[\]:;@\\,."\x00-\x20\x7f]+(\.[^\s()<>[\]:;@\\,."\x00-\x20\x7f]+)*$/.test(local);
  const address = `${plain ? local : `"${local.replace(/[\\"]/g, '\\$&')}"`}@${domain}`;
  if (address.length > MAX_ADDRESS || /[\x00-\x1f\x7f]/.test(address)) return undefined;
  return { local, domain: domain.toLowerCase(), address };
}

/** Words joined by dots: `a.b`, `"a b"`, `"a".b`. Undefined for empty words, or for two without a dot between. */
function readDotted(tokens: readonly Token[], quotes: boolean): string | undefined {
  let text = '';
  let wantsWord = true;
  for (const token of tokens) {
    if (isSpecial(token, '.')) {
      if (wantsWord) return undefined;
      wantsWord = true;
      text += '.';
    } else if (wantsWord && (token.kind === 'atom' || (quotes && token.kind === 'quoted'))) {
      text += token.text;
      wantsWord = false;
    } else return undefined;
  }
  return wantsWord ? undefined : text;
}

function readDomain(tokens: readonly Token[]): string | undefined {
  const [first] = tokens;
  if (first?.kind === 'literal' && tokens.length === 1) return `[${first.text}]`;
  // A final dot names the root and is not part of the address.
  const named = isSpecial(tokens.at(-1), '.') ? tokens.slice(0, -1) : tokens;
  const domain = readDotted(named, false);
  return domain !== undefined && /^[^\s\\[\]/=?*'"`|&!#$%^~{}+]+$/.test(domain) ? domain : undefined;
}

const textOf = (tokens: readonly Token[]): string =>
  tokens.map((token, index) => (token.apart && index > 0 ? ' ' : '') + token.text).join('');

/**
 * The SASL exchanges of SMTP AUTH (RFC 4954): PLAIN (RFC 4616) and LOGIN, as octets that come and challenges that go.
 *
 * @module
 */

/** What a client says of itself. Never a part of evidence or of a log. */
export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** In the order in which they are offered. */
export const MECHANISMS = ['PLAIN', 'LOGIN'] as const;

export type AuthStep =
  /** Text of the 334 that is due, Base64. */
  | { readonly kind: 'challenge'; readonly text: string }
  | { readonly kind: 'credentials'; readonly credentials: Credentials }
  /** The client took it back with `*`. */
  | { readonly kind: 'cancelled' }
  /** Not Base64, or not what the mechanism has. */
  | { readonly kind: 'malformed'; readonly why: string };

export interface AuthExchange {
  readonly mechanism: string;
  readonly first: AuthStep;
  /** The next line of the client, without its CRLF. */
  take(line: string): AuthStep;
}

/** A response may be this long, with its CRLF (RFC 4954 §4). */
export const MAX_RESPONSE = 12_288;

/**
 * Begins the exchange that the argument of AUTH asks for: a mechanism and perhaps an initial response, where `=` is
 * the empty one. Undefined for a mechanism that is not on offer.
 */
export function beginAuth(argument: string): AuthExchange | undefined {
  const [word = '', initial, ...more] = argument.split(' ').filter((part) => part !== '');
  const mechanism = word.toUpperCase();
  if (mechanism !== 'PLAIN' && mechanism !== 'LOGIN') return undefined;
  const take = mechanism === 'PLAIN' ? plain : login();
  const first: AuthStep =
    more.length > 0
      ? { kind: 'malformed', why: 'more than one initial response' }
      : take(initial === '=' ? '' : initial);
  return { mechanism, first, take: (line) => (line === '*' ? { kind: 'cancelled' } : take(line)) };
}

/** One response: authorization identity, NUL, authentication identity, NUL, password (RFC 4616 §2). */
function plain(response: string | undefined): AuthStep {
  if (response === undefined) return { kind: 'challenge', text: '' };
  const text = decode(response);
  const parts = text?.split('\0');
  if (parts?.length !== 3) return { kind: 'malformed', why: 'PLAIN takes NUL name NUL password, in Base64' };
  const [actsFor, name, password] = parts as [string, string, string];
  if (name === '') return { kind: 'malformed', why: 'PLAIN takes a name' };
  // acting for somebody else is nothing that we know
  if (actsFor !== '' && actsFor !== name)
    return { kind: 'malformed', why: 'nobody acts for another one here' };
  return { kind: 'credentials', credentials: { name, password } };
}

/** Two responses: the name, the password (draft-murchison-sasl-login). */
function login(): (response: string | undefined) => AuthStep {
  let name: string | undefined;
  return (response) => {
    if (response === undefined) return { kind: 'challenge', text: encode('Username:') };
    const text = decode(response);
    if (text === undefined || text.includes('\0')) return { kind: 'malformed', why: 'a response is Base64' };
    if (name !== undefined) return { kind: 'credentials', credentials: { name, password: text } };
    if (text === '') return { kind: 'malformed', why: 'LOGIN takes a name' };
    name = text;
    return { kind: 'challenge', text: encode('Password:') };
  };
}

const encode = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

/** Strict: padded, nothing between, UTF-8 inside. */
function decode(text: string): string | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return decoded.includes('\ufffd') ? undefined : decoded;
}

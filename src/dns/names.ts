/**
 * Domain names as text: presentation format (RFC 1035 §5.1) without the trailing dot, the root being `''`.
 *
 * A label may hold any octet, a dot too (`john\.doe.d.example` has three labels). Text that comes out of `formatName`
 * is canonical: equal names, but for case, have equal text.
 *
 * @module
 */
import { DnsError } from './error.ts';

/** The labels of a name, leftmost first, without the root. */
export type Labels = readonly Uint8Array[];

export const MAX_LABEL = 63;
/** Octets of a whole name on the wire, length octets and root included (RFC 1035 §2.3.4). */
export const MAX_NAME = 255;

const ESCAPED: readonly string[] = Array.from({ length: 256 }, (_, octet) => {
  if (octet < 0x21 || octet > 0x7e) return `\\${String(octet).padStart(3, '0')}`;
  const character = String.fromCharCode(octet);
  return '."\\;()@'.includes(character) ? `\\${character}` : character;
});

/**
 * The labels of a name in presentation format. A trailing dot is allowed and means nothing.
 *
 * @throws {DnsError} `name`: an empty label, a label over 63 octets, a name over 255, an escape that is none
 */
export function parseName(text: string): Labels {
  if (text === '' || text === '.') return [];
  const labels: Uint8Array[] = [];
  let label: number[] = [];
  let total = 1;
  const close = () => {
    if (label.length === 0) throw new DnsError('name', `the name "${text}" has an empty label`);
    if (label.length > MAX_LABEL) {
      throw new DnsError('name', `a label of "${text}" has ${label.length} octets, at most ${MAX_LABEL} fit`);
    }
    total += label.length + 1;
    if (total > MAX_NAME) throw new DnsError('name', `the name "${text}" is over ${MAX_NAME} octets long`);
    labels.push(Uint8Array.from(label));
    label = [];
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      close();
      if (i === text.length - 1) return labels;
    } else if (code === 0x5c) {
      const { octet, length } = readEscape(text, i);
      label.push(octet);
      i += length - 1;
    } else if (code < 0x80) label.push(code);
    else throw new DnsError('name', `the name "${text}" has a character outside ASCII; write it as \\DDD`);
  }
  close();
  return labels;
}

/**
 * The octet that the escape at `at` stands for, and how many characters it takes: `\X` or `\DDD` (RFC 1035 §5.1).
 *
 * @throws {DnsError} `name`
 */
export function readEscape(text: string, at: number): { octet: number; length: number } {
  const digits = text.slice(at + 1, at + 4);
  if (/^\d{3}$/.test(digits)) {
    const octet = Number(digits);
    if (octet > 255) throw new DnsError('name', `\\${digits} is no octet; \\000 to \\255 are`);
    return { octet, length: 4 };
  }
  const code = text.charCodeAt(at + 1);
  if (Number.isNaN(code)) throw new DnsError('name', `"${text}" ends in a lone backslash`);
  if (code > 0x7f)
    throw new DnsError('name', `"${text}" escapes a character outside ASCII; write it as \\DDD`);
  if (code >= 0x30 && code <= 0x39) {
    throw new DnsError('name', `"${text}" has a backslash with fewer than three digits after it`);
  }
  return { octet: code, length: 2 };
}

export const formatLabel = (label: Uint8Array): string => {
  let text = '';
  for (const octet of label) text += ESCAPED[octet];
  return text;
};

/** Canonical text of a name; case is kept. */
export const formatName = (labels: Labels): string => labels.map(formatLabel).join('.');

/** The text of each label, still escaped. The text must be canonical or at least well formed. */
export function labelTexts(name: string): string[] {
  if (name === '') return [];
  if (!name.includes('\\')) return name.split('.');
  return name.match(/(?:\\\d{3}|\\.|[^.\\])+/g) ?? [];
}

/** Canonical, in lower case: what names are compared and kept by (RFC 4343). */
export const canonicalName = (text: string): string => {
  if (text.length < MAX_NAME - 1 && PLAIN.test(text)) return text;
  return formatName(parseName(text)).toLowerCase();
};
const PLAIN = /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}$/;

export const sameName = (a: string, b: string): boolean => a === b || canonicalName(a) === canonicalName(b);

/** Whether `name` is `zone` itself or a name under it. */
export function isBelow(name: string, zone: string): boolean {
  const inner = labelTexts(canonicalName(name));
  const outer = labelTexts(canonicalName(zone));
  const skip = inner.length - outer.length;
  return skip >= 0 && outer.every((label, index) => label === inner[skip + index]);
}

/** The name without its leftmost label; undefined above the root. */
export function parentName(name: string): string | undefined {
  if (name === '') return undefined;
  return labelTexts(name).slice(1).join('.');
}

/** With its trailing dot, as zone files and `dig` write it. */
export const absoluteName = (name: string): string => `${name}.`;

/** `prefix` put in front of `name`; either may be the root. */
export const joinNames = (prefix: string, name: string): string =>
  [prefix, name].filter((part) => part !== '').join('.');

const ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/;

/**
 * The owner name under which the certificate of a Direct address is published: the `@` becomes a dot (RFC 4398 §3.2,
 * REQ-DNS-02), so `john.doe@d.example` has four labels. The domain alone is its own owner name.
 *
 * Undefined when the address can neither be published nor asked for: a quoted or non-ASCII local part, an empty
 * label, a label over 63 or a name over 255 octets, a label that is a wildcard (wire-facts §2).
 */
export function addressToName(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (at < 1 || !ATOM.test(local) || !DOMAIN.test(domain)) return undefined;
  if (local.split('.').includes('*')) return undefined;
  const name = `${local}.${domain}`;
  const labels = name.split('.');
  if (labels.some((label) => label.length > MAX_LABEL) || name.length + 2 > MAX_NAME) return undefined;
  return name.toLowerCase();
}

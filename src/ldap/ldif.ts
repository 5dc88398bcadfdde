/**
 * Entries as LDIF (RFC 2849), for LDAP servers that are not ours.
 *
 * @module
 */
import { describeAttribute } from './attributes.ts';
import type { LdapEntry } from './entries.ts';

/**
 * Every entry in the order given (a tree's `entries` have parents first), certificates as `;binary`. Without the
 * version line, as slapcat does: slapadd refuses it.
 */
export const printLdif = (entries: readonly LdapEntry[]): string =>
  entries.map((entry) => `${printEntry(entry)}\n`).join('');

function printEntry(entry: LdapEntry): string {
  const lines = [line('dn', entry.dn)];
  for (const [name, values] of Object.entries(entry.attributes)) {
    for (const value of values) lines.push(line(describeAttribute(name).name, value));
  }
  return lines.join('');
}

/** Plain text as it stands, all else in base64; lines of at most 76 characters (RFC 2849 notes 2 to 5). */
function line(name: string, value: string | Uint8Array): string {
  const safe =
    typeof value === 'string' && /^(?:[\x21-\x39\x3b\x3d-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(value);
  const text = safe
    ? `${name}: ${value}`
    : `${name}:: ${Buffer.from(value as Uint8Array & string).toString('base64')}`;
  const folded = text.slice(76).match(/.{1,75}/g) ?? [];
  return `${[text.slice(0, 76), ...folded].join('\n ')}\n`;
}

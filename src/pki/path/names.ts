/**
 * Name constraints (RFC 5280 §4.2.1.10, §6.1.3 b–c, §6.1.4 g).
 *
 * @module
 */
import type { Certificate } from '../certificate.ts';
import type { Subtree } from '../extensions.ts';
import { formatGeneralName, type GeneralName } from '../general-name.ts';
import { formatName, isBelowName, isEmptyName } from '../name.ts';

/** Comparisons for one certificate; a certificate that needs more is refused. */
const LIMIT = 100_000;

/** What of a certificate is held against constraints. */
type Named = Pick<Certificate, 'san' | 'subject' | 'subjectEmails'>;

/**
 * What is wrong with the names of a certificate, in a few words; undefined when they fit.
 *
 * @param permitted groups: a name of a kind that a group restricts has to fit one of that group's subtrees
 */
export function nameViolation(
  certificate: Named,
  permitted: readonly (readonly Subtree[])[],
  excluded: readonly Subtree[],
): string | undefined {
  const subtrees = permitted.reduce((sum, group) => sum + group.length, excluded.length);
  if (subtrees === 0) return undefined;
  const names = constrainedNames(certificate);
  if (names.length * subtrees > LIMIT) return 'too many names and name constraints to compare';
  for (const name of names) {
    const shown = formatGeneralName(name, formatName);
    for (const subtree of excluded) {
      if (!sameKind(subtree.base, name)) continue;
      if (!canJudge(subtree)) return `name constraint that we do not process (${shown})`;
      if (within(name, subtree.base, 'excluded')) return `name constraint: ${shown} is excluded`;
    }
    for (const group of permitted) {
      const ofKind = group.filter((subtree) => sameKind(subtree.base, name));
      if (ofKind.length === 0) continue;
      if (!ofKind.every(canJudge)) return `name constraint that we do not process (${shown})`;
      if (!ofKind.some((subtree) => within(name, subtree.base, 'permitted')))
        return `name constraint: ${shown} is not permitted`;
    }
  }
  return undefined;
}

/** Subject, alternative names, and where there are none of these, the subject's mail addresses. */
function constrainedNames(certificate: Named): GeneralName[] {
  const names: GeneralName[] = [...certificate.san];
  if (!isEmptyName(certificate.subject)) names.push({ type: 'directory', name: certificate.subject });
  if (certificate.san.length === 0)
    names.push(...certificate.subjectEmails.map((value) => ({ type: 'email' as const, value })));
  return names;
}

const sameKind = (base: GeneralName, name: GeneralName): boolean =>
  base.type === name.type &&
  (base.type !== 'other' || name.type !== 'other' || base.oid === name.oid) &&
  (base.type !== 'unknown' || name.type !== 'unknown' || base.tag === name.tag);

const PROCESSED: ReadonlySet<GeneralName['type']> = new Set(['email', 'dns', 'uri', 'ip', 'directory']);

const canJudge = (subtree: Subtree): boolean => subtree.plain && PROCESSED.has(subtree.base.type);

/** A name that cannot be read is outside of what is permitted and inside of what is excluded. */
function within(name: GeneralName, base: GeneralName, list: 'permitted' | 'excluded'): boolean {
  const unreadable = list === 'excluded';
  if (name.type === 'email' && base.type === 'email')
    return emailWithin(name.value, base.value) ?? unreadable;
  if (name.type === 'dns' && base.type === 'dns') return dnsWithin(name.value, base.value, list);
  if (name.type === 'uri' && base.type === 'uri') return uriWithin(name.value, base.value) ?? unreadable;
  if (name.type === 'ip' && base.type === 'ip') return ipWithin(name.octets, base.octets) ?? unreadable;
  if (name.type === 'directory' && base.type === 'directory') return isBelowName(name.name, base.name);
  return unreadable;
}

/** Base: a full address, a host, or `.domain` for the hosts below it. Case never counts (REQ-AS-08). */
function emailWithin(value: string, base: string): boolean | undefined {
  const at = value.lastIndexOf('@');
  if (at < 1 || at === value.length - 1) return undefined;
  const wanted = base.toLowerCase();
  if (wanted.includes('@')) return value.toLowerCase() === wanted;
  return hostWithin(value.slice(at + 1).toLowerCase(), wanted);
}

const hostWithin = (host: string, base: string): boolean =>
  base.startsWith('.') ? host.endsWith(base) && host.length > base.length : base === '' || host === base;

/** Base and everything below it; a leading dot, against the standard but met, leaves out the base itself. */
function dnsWithin(value: string, base: string, list: 'permitted' | 'excluded'): boolean {
  const wanted = base.toLowerCase().replace(/\.$/, '');
  const name = value.toLowerCase().replace(/\.$/, '');
  if (!name.startsWith('*.')) return belowZone(name, wanted);
  // a wildcard reaches into every zone below its base, so an excluded zone there excludes it
  const stem = name.slice(2);
  return belowZone(stem, wanted) || (list === 'excluded' && belowZone(wanted.replace(/^\./, ''), stem));
}

function belowZone(host: string, zone: string): boolean {
  if (zone === '') return true;
  const bare = zone.replace(/^\./, '');
  return host === bare ? bare === zone : host.endsWith(`.${bare}`);
}

function uriWithin(value: string, base: string): boolean | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:[\]]+)/i.exec(value)?.[1];
  return host === undefined || /^[\d.]+$/.test(host)
    ? undefined
    : hostWithin(host.toLowerCase(), base.toLowerCase());
}

function ipWithin(octets: Uint8Array, base: Uint8Array): boolean | undefined {
  if (base.length !== 8 && base.length !== 32) return undefined;
  if (base.length !== octets.length * 2) return false;
  return octets.every(
    (octet, i) => (octet & base[octets.length + i]!) === (base[i]! & base[octets.length + i]!),
  );
}

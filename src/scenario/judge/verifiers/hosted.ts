import { z } from 'zod';
import type { Finding } from '../../../outcome/check.ts';
import type { LookedUp } from '../../looked-up.ts';
import { lookUpOf, notDone, right, type Seen, wrong } from '../published.ts';
import { found, type Scope, type Verifier, verdictOf } from '../verifier.ts';

const args = z.strictObject({
  /** Id of the step that looked the address up. */
  lookup: z.string(),
  level: z.enum(['address-dns', 'domain-dns', 'address-ldap', 'domain-ldap']),
});

type Certificate = LookedUp['certificates'][number];

const PLACE: Readonly<Record<z.infer<typeof args>['level'], string>> = {
  'address-dns': 'CERT at the address name',
  'domain-dns': 'CERT at the domain name',
  'address-ldap': 'LDAP, mail=address',
  'domain-ldap': 'LDAP, mail=domain',
};

/**
 * The search ends at the named place, and a certificate there can be used and is bound as the place wants it: to the
 * address by rfc822Name, or to the domain by dNSName (REQ-AS-04, REQ-DNS-02). The name in the certificate binds,
 * never the place.
 */
export const hosted: Verifier<z.infer<typeof args>> = {
  id: 'hosted',
  about: 'the address is found at this place, with a usable certificate that is bound as the place wants',
  args,
  verify({ lookup, level }, view, scope) {
    const seen = lookUpOf(view, lookup, scope);
    if (!seen) return notDone(`the look-up ${lookup}`, scope);
    const evidence = [...seen.events, seen.event];
    const met = seen.notes.map((note) => noted(note, evidence, scope));
    if (seen.level !== level) return verdictOf([elsewhere(seen, PLACE[level], evidence, scope), ...met]);
    const here = seen.certificates.filter((certificate) => certificate.level === level);
    const usable = here.filter(({ state }) => state === 'usable');
    const wanted = wantedName(seen.name, level);
    const bound = usable.filter((certificate) => namesOf(certificate, level).includes(wanted));
    const findings: Finding[] = here.flatMap((certificate) => [
      ...fateOf(certificate, usable.length > 0, evidence, scope),
      ...certificate.notes.map((note) => noted(note, evidence, scope)),
    ]);
    findings.push(...met);
    if (usable.length > 0 && bound.length === 0) {
      const others = usable.flatMap(({ addresses, domains }) => [
        ...addresses.map((name) => `rfc822Name ${name}`),
        ...domains.map((name) => `dNSName ${name}`),
      ]);
      const differs = {
        what: `the name in the certificate of ${PLACE[level]}`,
        expected: `${level.startsWith('address') ? 'rfc822Name' : 'dNSName'} ${wanted}`,
        found: others.join(', ') || 'none',
      };
      findings.push(wrong('fail', differs, evidence, scope));
    }
    for (const { sha256, where } of bound) {
      const finding = right(
        PLACE[level],
        `a usable certificate at ${where}, bound to ${wanted}`,
        evidence,
        scope,
      );
      findings.push({ ...finding, where: { kind: 'certificate', value: sha256 } });
    }
    return verdictOf(findings);
  },
};

const wantedName = (name: string, level: string): string =>
  (level.startsWith('address') ? name : name.slice(name.lastIndexOf('@') + 1)).toLowerCase();

const namesOf = ({ addresses, domains }: Certificate, level: string): string[] =>
  (level.startsWith('address') ? addresses : domains).map((name) => name.toLowerCase());

/** Nothing was found, or a place that comes before has something, which ends every search. */
function elsewhere(
  { level, why, cause, outcome }: Seen<LookedUp>,
  place: string,
  evidence: readonly number[],
  scope: Scope,
): Finding {
  if (level === undefined && cause) return found('fail', cause, evidence, scope);
  const nothing = outcome === 'temporary' ? `no answer (${why ?? 'unknown'})` : 'nothing';
  const differs = {
    what: 'the place that a search comes to',
    expected: place,
    found: level ? PLACE[level] : nothing,
  };
  return wrong('fail', differs, evidence, scope);
}

/** Beside a usable one it is a warning: senders of the field differ in what they do then. */
function fateOf(
  { state, fate, where, sha256 }: Certificate,
  others: boolean,
  evidence: readonly number[],
  scope: Scope,
): Finding[] {
  if (state === 'usable') return [];
  const at = { kind: 'certificate', value: sha256 } as const;
  if (fate) return [found(others ? 'warn' : 'fail', fate, evidence, scope, at)];
  const differs = { what: `the certificate at ${where}`, expected: 'usable', found: state };
  return [wrong(others ? 'warn' : 'fail', differs, evidence, scope)];
}

/** The octets in a CERT record are the bare certificate (REQ-DNS-06): here it is the publisher who is judged. */
const noted = (note: Finding, evidence: readonly number[], { cites }: Scope): Finding => ({
  ...note,
  level:
    note.code === 'noted.oid-prefix'
      ? 'fail'
      : note.code === 'noted.record-ignored' || note.code === 'noted.certificate-by-url'
        ? 'warn'
        : note.level,
  evidence,
  cites: note.cites.length > 0 ? note.cites : cites,
});

import { describe, expect, it } from 'vitest';
import type { GeneralName } from '../../../src/pki/general-name.ts';
import { otherName } from '../../../src/pki/general-name.ts';
import type { CertificateSpec } from '../../../src/pki/issue.ts';
import { encodeSubject } from '../../../src/pki/issue-name.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { parseName } from '../../../src/pki/name.ts';
import { nameViolation } from '../../../src/pki/path/names.ts';
import { referencePolicy, validatePath } from '../../../src/pki/path/validate.ts';
import { anchorOf, ecLeaf, intermediate, leaf, NOW, root } from '../fixtures.ts';

const R = root('R', 0);
const email = (value: string): GeneralName => ({ type: 'email', value });
const dns = (value: string): GeneralName => ({ type: 'dns', value });
const uri = (value: string): GeneralName => ({ type: 'uri', value });
const ip = (...octets: number[]): GeneralName => ({ type: 'ip', octets: Uint8Array.from(octets) });
const directory = (...parts: Parameters<typeof encodeSubject>): GeneralName => ({
  type: 'directory',
  name: parseName(encodeSubject(...parts)),
});

const tree = (base: GeneralName) => ({ base, plain: true });

/** Whether the one name passes the one constraint, in both lists. */
const rows: [constraint: GeneralName, name: GeneralName, within: boolean][] = [
  [email('bob@d.example'), email('bob@d.example'), true],
  [email('bob@d.example'), email('BOB@D.example'), true],
  [email('bob@d.example'), email('eve@d.example'), false],
  [email('d.example'), email('bob@d.example'), true],
  [email('d.example'), email('bob@D.EXAMPLE'), true],
  [email('d.example'), email('bob@x.d.example'), false],
  [email('d.example'), email('bob@xd.example'), false],
  [email('.d.example'), email('bob@x.d.example'), true],
  [email('.d.example'), email('bob@d.example'), false],
  [email('.d.example'), email('bob@xd.example'), false],
  [email('d.example'), email('"a@b"@d.example'), true],
  [dns('d.example'), dns('d.example'), true],
  [dns('d.example'), dns('direct.d.example'), true],
  [dns('d.example'), dns('DIRECT.D.example.'), true],
  [dns('d.example'), dns('xd.example'), false],
  [dns('d.example'), dns('example'), false],
  [dns('.d.example'), dns('d.example'), false],
  [dns('.d.example'), dns('x.d.example'), true],
  [dns(''), dns('anything.example'), true],
  [uri('h.example'), uri('http://h.example/x'), true],
  [uri('h.example'), uri('https://user@h.example:8443/x'), true],
  [uri('h.example'), uri('http://x.h.example/'), false],
  [uri('.h.example'), uri('ldap://x.h.example/'), true],
  [ip(10, 0, 0, 0, 255, 0, 0, 0), ip(10, 9, 8, 7), true],
  [ip(10, 0, 0, 0, 255, 0, 0, 0), ip(11, 9, 8, 7), false],
  [directory({ O: 'Clinic' }), directory({ O: 'Clinic', CN: 'Bob' }), true],
  [directory({ O: 'CLINIC ' }), directory({ O: 'Clinic', CN: 'Bob' }), true],
  [directory({ O: 'Clinic', CN: 'Bob' }), directory({ O: 'Clinic' }), false],
  [directory({ O: 'Other' }), directory({ O: 'Clinic', CN: 'Bob' }), false],
];

const certificateWith = (name: GeneralName) =>
  name.type === 'directory'
    ? ecLeaf(R, '', { subject: name.name.der, emails: [], dnsNames: ['elsewhere.example'] }).certificate
    : ecLeaf(R, '', { subject: {}, emails: [], otherNames: [name] }).certificate;

describe('name constraints (RFC 5280 §4.2.1.10)', () => {
  it.each(rows)('%j holds %j: %s', (base, name, within) => {
    const certificate = certificateWith(name);
    expect(nameViolation(certificate, [[tree(base)]], []) === undefined).toBe(within);
    expect(nameViolation(certificate, [], [tree(base)]) === undefined).toBe(!within);
  });

  it.each([
    ['an address without @', email('nobody'), email('d.example')],
    ['a URI with an address for a host', uri('http://10.0.0.1/'), uri('d.example')],
    ['a kind that is not processed', otherName('1.2.3', 'x'), otherName('1.2.3', 'x')],
    ['a network of a wrong length', ip(10, 0, 0, 1), ip(10, 0, 0, 0)],
  ])('%s is never permitted and always excluded', (_, name, base) => {
    const certificate = certificateWith(name);
    expect(nameViolation(certificate, [[tree(base)]], [])).toBeDefined();
    expect(nameViolation(certificate, [], [tree(base)])).toBeDefined();
  });

  it.each([
    ['d.example', '*.d.example', true, true],
    ['a.d.example', '*.d.example', false, true],
    ['e.example', '*.d.example', false, false],
  ])('with a wildcard name: %s against %s', (base, name, permitted, excluded) => {
    const certificate = certificateWith(dns(name));
    expect(nameViolation(certificate, [[tree(dns(base))]], []) === undefined).toBe(permitted);
    expect(nameViolation(certificate, [], [tree(dns(base))]) !== undefined).toBe(excluded);
  });

  it('leaves kinds of names free that are not listed', () => {
    expect(
      nameViolation(certificateWith(dns('x.example')), [[tree(email('d.example'))]], []),
    ).toBeUndefined();
  });

  it('applies to the mail address of the subject when there is no alternative name', () => {
    const spec: Partial<CertificateSpec> = { subject: { CN: 'x', E: 'bob@e.example' }, emails: [] };
    const only = ecLeaf(R, '', spec).certificate;
    expect(nameViolation(only, [[tree(email('d.example'))]], [])).toMatch(/bob@e.example is not permitted/);
    const both = ecLeaf(R, '', { ...spec, emails: ['bob@d.example'] }).certificate;
    expect(nameViolation(both, [[tree(email('d.example'))]], [])).toBeUndefined();
  });

  it('refuses minimum and maximum, and more comparisons than it makes', () => {
    const certificate = certificateWith(email('bob@d.example'));
    const odd = { base: email('d.example'), plain: false };
    expect(nameViolation(certificate, [[odd]], [])).toMatch(/do not process/);
    const many = Array.from({ length: 100_001 }, () => tree(email('d.example')));
    expect(nameViolation(certificate, [many], [])).toMatch(/too many/);
  });
});

describe('along a path (RFC 5280 §6.1)', () => {
  const constrained = (CN: string, constraints: CertificateSpec['nameConstraints'], issuer = R) =>
    intermediate(issuer, CN, 1, { nameConstraints: constraints });
  const check = (...chain: ReturnType<typeof constrained>[]) =>
    validatePath({
      ...referencePolicy('1.3'),
      path: chain.map(({ certificate }) => certificate),
      anchor: anchorOf(R),
      at: NOW,
    });

  it('a leaf has to fit every CA above it (XR-03)', () => {
    const wide = constrained('Wide', { permitted: [email('d.example'), email('e.example')] });
    const narrow = constrained('Narrow', { permitted: [email('e.example')] }, wide);
    expect(check(ecLeaf(wide, 'bob@d.example'), wide)).toMatchObject({ ok: true });
    expect(check(ecLeaf(narrow, 'bob@e.example'), narrow, wide)).toMatchObject({ ok: true });
    expect(check(ecLeaf(narrow, 'bob@d.example'), narrow, wide)).toMatchObject({
      ok: false,
      at: 0,
      check: 'name-constraints',
      cause: { params: { which: 'name constraint: email:bob@d.example is not permitted' } },
    });
    const without = constrained('Without', { excluded: [email('d.example')] }, wide);
    expect(check(ecLeaf(without, 'bob@d.example'), without, wide)).toMatchObject({ ok: false, at: 0 });
  });

  it('no alternative name may slip through beside a good one', () => {
    const ca = constrained('CA', { permitted: [email('d.example')] });
    const two = ecLeaf(ca, '', { emails: ['bob@d.example', 'bob@e.example'] });
    expect(check(two, ca)).toMatchObject({ ok: false, check: 'name-constraints' });
  });

  it('a CA that passes on to its own next key is not held to them', () => {
    const ca = constrained('CA', { permitted: [directory({ O: 'Elsewhere' })] });
    const next = intermediate(ca, 'CA', 4);
    const self = leaf(next, 'bob@d.example', {
      subject: { O: 'Elsewhere', CN: 'b' },
      key: keyPool.take('p256', 5),
    });
    expect(check(self, next, ca)).toMatchObject({ ok: true });
  });

  it('starts from what the caller permits, and from what the certificate of the anchor says (RFC 5937)', () => {
    const ok = ecLeaf(R, 'bob@d.example').certificate;
    const run = (extra: object) =>
      validatePath({ ...referencePolicy('1.3'), path: [ok], anchor: anchorOf(R), at: NOW, ...extra });
    expect(run({ permitted: [email('d.example')] })).toMatchObject({ ok: true });
    expect(run({ permitted: [email('e.example')] })).toMatchObject({ ok: false });
    expect(run({ excluded: [email('d.example')] })).toMatchObject({ ok: false });
    const bound = root('R', 0, { nameConstraints: { permitted: [email('e.example')] } });
    expect(run({ anchor: anchorOf(bound) })).toMatchObject({ ok: false, check: 'name-constraints' });
    expect(run({ anchor: anchorOf(bound), anchorConstraints: 'ignore' })).toMatchObject({ ok: true });
  });
});

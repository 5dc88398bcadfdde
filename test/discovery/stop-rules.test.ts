import { describe, expect, it } from 'vitest';
import type { DiscoveryParts } from '../../src/discovery/parts.ts';
import { referenceDiscovery } from '../../src/discovery/reference.ts';
import { discover } from '../../src/discovery/resolve.ts';
import { cert, expired, leaf, person, srv, type World, world } from './world.ts';

const ADDRESS = 'bob@d.example';
const Ad = leaf(ADDRESS).certificate.der;
const Bd = leaf('d.example').certificate.der;
const Al = leaf(ADDRESS).certificate.der;
const Bl = leaf('d.example').certificate.der;
const old = leaf(ADDRESS, expired).certificate.der;
const garbage = Buffer.from('not a certificate');

const NAMES = new Map([
  [Ad, 'Ad'],
  [Bd, 'Bd'],
  [Al, 'Al'],
  [Bl, 'Bl'],
  [old, 'old'],
  [garbage, 'garbage'],
]);

/** What was found by name, and what was asked of whom. */
async function find(w: World, parts?: DiscoveryParts, address = ADDRESS) {
  const found = await w.run(() => discover(w.sut, address, parts));
  const nameOf = (bytes: Uint8Array) =>
    [...NAMES].find(([known]) => Buffer.compare(known, bytes) === 0)?.[1] ?? 'other';
  const asked = w.seen
    .filter((event) => event.host === 'sut' && event.dir === 'out')
    .map(({ kind, summary }) => {
      const s = summary as Record<string, string>;
      return kind === 'dns' ? `${s['type']} ${s['name']}` : `${s['op']} ${s['filter'] ?? s['server']}`;
    });
  return { ...found, used: found.candidates.map(({ bytes }) => nameOf(bytes)), asked };
}

const ldapAsked = (asked: readonly string[]) => asked.filter((line) => line.startsWith('search (mail'));

describe('the levels, in order (REQ-DNS-03, -04, REQ-LDAP-01, -07, -11)', () => {
  it('stops at the address in DNS', async () => {
    const w = world();
    w.record('bob.d.example', cert(Ad));
    w.record('d.example', cert(Bd));
    w.record('_ldap._tcp.d.example', srv(0, 0, 'l1.d.example'));
    w.ldap('l1.d.example', [person(ADDRESS, [Al]), person('d.example', [Bl])]);
    const found = await find(w);
    expect(found).toMatchObject({ outcome: 'found', level: 'address-dns', used: ['Ad'] });
    expect(found.asked).toEqual(['CERT bob.d.example']);
  });

  it('goes on to the domain when the name does not exist', async () => {
    const w = world();
    w.record('d.example', cert(Bd));
    const found = await find(w);
    expect(found).toMatchObject({ level: 'domain-dns', used: ['Bd'] });
    expect(found.asked).toEqual(['CERT bob.d.example', 'CERT d.example']);
    expect(found.steps.map((step) => step.outcome)).toEqual(['absent', 'found']);
  });

  it('goes on to the domain when the name has other records only', async () => {
    const w = world();
    w.record('x.bob.d.example', { type: 'A', address: '10.9.9.9' });
    w.record('d.example', cert(Bd));
    expect(await find(w)).toMatchObject({ level: 'domain-dns', used: ['Bd'] });
  });

  it.each([
    ['expired', old, 'old'],
    ['garbage', garbage, 'garbage'],
  ])('stops at an %s certificate', async (_, bytes, name) => {
    const w = world();
    w.record('bob.d.example', cert(bytes));
    w.record('d.example', cert(Bd));
    const found = await find(w);
    expect(found).toMatchObject({ outcome: 'found', used: [name] });
    expect(found.asked).toEqual(['CERT bob.d.example']);
    if (name === 'garbage') expect(found.candidates[0]?.unreadable).toMatch(/certificate/);
  });

  it('searches LDAP by address, then by domain', async () => {
    const w = world();
    w.record('_ldap._tcp.d.example', srv(0, 0, 'l1.d.example'));
    w.ldap('l1.d.example', [person('d.example', [Bl]), person('x@d.example', [Al])]);
    const found = await find(w);
    expect(found).toMatchObject({ level: 'domain-ldap', used: ['Bl'] });
    expect(ldapAsked(found.asked)).toEqual(['search (mail=bob@d.example)', 'search (mail=d.example)']);
    expect(found.asked.filter((line) => line.startsWith('connect'))).toHaveLength(1);
  });

  it('does not search by domain when the address has a certificate', async () => {
    const w = world();
    w.record('_ldap._tcp.d.example', srv(0, 0, 'l1.d.example'));
    w.ldap('l1.d.example', [person('d.example', [Bl]), person(ADDRESS, [old])]);
    const found = await find(w);
    expect(found).toMatchObject({ level: 'address-ldap', used: ['old'] });
    expect(ldapAsked(found.asked)).toEqual(['search (mail=bob@d.example)']);
  });

  it('searches LDAP for what cannot be a name in DNS', async () => {
    const w = world();
    w.record('_ldap._tcp.d.example', srv(0, 0, 'l1.d.example'));
    w.ldap('l1.d.example', [person('anybody@d.example', [Al])]);
    const found = await find(w, undefined, '*@d.example');
    expect(found.outcome).toBe('none');
    expect(ldapAsked(found.asked)[0]).toBe('search (mail=\\2a@d.example)');
  });

  it.each(['bob', '@d.example', 'bob@', 'bob@nodot', 'a b@d..example'])(
    'has nowhere to ask for %j',
    async (address) => {
      const w = world();
      const found = await find(w, undefined, address);
      expect(found).toMatchObject({ outcome: 'none', asked: [], steps: [] });
      expect(found.why).toContain('is not an address');
    },
  );

  it('takes a domain alone', async () => {
    const w = world();
    w.record('d.example', cert(Bd));
    const found = await find(w, undefined, 'D.Example');
    expect(found).toMatchObject({ address: 'd.example', level: 'domain-dns', asked: ['CERT d.example'] });
  });
});

describe('not knowing is not absence (REQ-DNS-11)', () => {
  const failing = (pattern: RegExp) =>
    world((reference) => (query, context) => {
      const answer = reference(query, context);
      return answer && pattern.test(query.question?.name ?? '')
        ? { ...answer, rcode: 'SERVFAIL', answers: [] }
        : answer;
    });

  it.each([
    ['address-dns', /^bob\.d/],
    ['domain-dns', /^d\.example$/],
    ['srv', /^_ldap/],
  ])('ends at SERVFAIL at %s', async (stage, pattern) => {
    const w = failing(pattern);
    w.record('_ldap._tcp.d.example', srv(0, 0, 'l1.d.example'));
    w.ldap('l1.d.example', [person(ADDRESS, [Al])]);
    if (stage === 'address-dns') w.record('d.example', cert(Bd));
    const found = await find(w);
    expect(found).toMatchObject({ outcome: 'temporary', used: [], stage });
    expect(found.why).toContain('SERVFAIL');
    expect(found.steps.at(-1)?.outcome).toBe('unknown');
  });

  it('takes SERVFAIL for absence only as a behaviour', async () => {
    const w = failing(/^bob\.d/);
    w.record('d.example', cert(Bd));
    const parts: DiscoveryParts = {
      ...referenceDiscovery,
      hear: (answer) => (answer.outcome === 'unknown' ? { ...answer, outcome: 'nodata' } : answer),
    };
    expect(await find(w, parts)).toMatchObject({ outcome: 'found', used: ['Bd'] });
  });
});

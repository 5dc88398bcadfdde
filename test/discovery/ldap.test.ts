import { describe, expect, it } from 'vitest';
import type { DiscoveryParts, LdapParts } from '../../src/discovery/parts.ts';
import { referenceDiscovery } from '../../src/discovery/reference.ts';
import { discover, openSearch } from '../../src/discovery/resolve.ts';
import { byPriorityAndWeight } from '../../src/discovery/srv.ts';
import { expired, leaf, person, srv, type World, world } from './world.ts';

const ADDRESS = 'bob@d.example';
const [one, two, three] = [leaf(ADDRESS).certificate, leaf(ADDRESS).certificate, leaf(ADDRESS).certificate];
const old = leaf(ADDRESS, expired).certificate;
const domain = leaf('d.example').certificate;
const SERVICE = '_ldap._tcp.d.example';

const find = (w: World, parts?: DiscoveryParts, address = ADDRESS) =>
  w.run(() => discover(w.sut, address, parts));
const ids = (found: { candidates: readonly { sha256: string }[] }) =>
  found.candidates.map(({ sha256 }) => sha256);
const withLdap = (ldap: Partial<LdapParts>): DiscoveryParts => ({
  ...referenceDiscovery,
  ldap: { ...referenceDiscovery.ldap, ...ldap },
});

describe('the order of servers (REQ-LDAP-03, -04)', () => {
  it('is priority, then weight downwards, then name', () => {
    const t = (priority: number, weight: number, target: string) => ({ priority, weight, port: 389, target });
    const list = [t(1, 0, 'a'), t(0, 0, 'b'), t(0, 100, 'c'), t(0, 0, 'a'), t(0, 50, 'd')];
    expect(
      byPriorityAndWeight(list).map(({ priority, weight, target }) => `${priority} ${weight} ${target}`),
    ).toEqual(['0 100 c', '0 50 d', '0 0 a', '0 0 b', '1 0 a']);
  });

  const four = (): World => {
    const w = world();
    w.record(SERVICE, srv(0, 0, 'nowhere.d.example'));
    w.record(SERVICE, srv(1, 0, 'closed.d.example'));
    w.record('closed.d.example', { type: 'A', address: '10.0.2.1' });
    w.network.host('closed', { addresses: ['10.0.2.1'] });
    w.record(SERVICE, srv(2, 0, 'silent.d.example'));
    w.ldap('silent.d.example', [], { answer: () => new Promise(() => {}), bind: () => 0 });
    w.record(SERVICE, srv(3, 0, 'l4.d.example'));
    w.ldap('l4.d.example', [person(ADDRESS, [one.der])]);
    return w;
  };

  it('goes past those that cannot be reached (d10)', async () => {
    const w = four();
    const found = await find(w);
    expect(ids(found)).toEqual([one.sha256]);
    expect(found.servers.map((server) => server.split('.')[0])).toEqual([
      'nowhere',
      'closed',
      'silent',
      'l4',
    ]);
    expect(found.steps.slice(-4).map(({ outcome }) => outcome)).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'found',
    ]);
    expect(found.steps.slice(-4).map(({ detail }) => detail)).toEqual([
      'it has no address',
      expect.stringContaining('refused'),
      expect.stringContaining('5000 ms'),
      '1 certificate',
    ]);
    expect(w.seen.at(-1)!.at - w.seen[0]!.at).toBeLessThan(15_000);
  });

  it('srv-first-only ends at the first', async () => {
    const first: DiscoveryParts = {
      ...referenceDiscovery,
      orderServers: (targets) => byPriorityAndWeight(targets).slice(0, 1),
    };
    expect(await find(four(), first)).toMatchObject({ outcome: 'temporary', stage: 'address-ldap' });
  });

  it('is temporary when no server can be reached (d12)', async () => {
    const w = world();
    w.record(SERVICE, srv(0, 0, 'nowhere.d.example'));
    const found = await find(w);
    expect(found).toMatchObject({ outcome: 'temporary', why: expect.stringContaining('it has no address') });
    expect(found.steps.some(({ level }) => level === 'domain-ldap')).toBe(false);
  });

  it('bounds the time of all servers together', async () => {
    const w = world();
    for (let i = 0; i < 20; i++) {
      w.record(SERVICE, srv(i, 0, `s${i}.d.example`));
      w.ldap(`s${i}.d.example`, [], { answer: () => new Promise(() => {}) });
    }
    const found = await find(w);
    expect(found.outcome).toBe('temporary');
    const took = found.steps.reduce((sum, { ms }) => sum + ms, 0);
    expect(took).toBeGreaterThan(55_000);
    expect(took).toBeLessThanOrEqual(61_000);
  });

  it('reaches servers that have IPv6 only', async () => {
    const w = world();
    w.network.host('six', { addresses: ['fd00::6'] });
    w.record(SERVICE, srv(0, 0, 'six.d.example'));
    w.record('six.d.example', { type: 'AAAA', address: 'fd00::6' });
    const found = await find(w);
    expect(w.seen.some(({ kind, peer }) => kind === 'ldap' && peer?.host === 'fd00::6')).toBe(true);
    expect(found.outcome).toBe('temporary');
  });

  it('notes a target that is an alias', async () => {
    const w = world();
    w.record(SERVICE, srv(0, 0, 'alias.d.example'));
    w.record('alias.d.example', { type: 'CNAME', target: 'l1.d.example' });
    w.ldap('l1.d.example', [person(ADDRESS, [one.der])]);
    const found = await find(w);
    expect(ids(found)).toEqual([one.sha256]);
    expect(found.notes).toMatchObject([
      { code: 'noted.target-alias', params: { target: 'alias.d.example' } },
    ]);
  });

  it('a single dot offers no service; no record means no LDAP (d11)', async () => {
    const w = world();
    w.record(SERVICE, srv(0, 0, ''));
    w.record('d.example', { type: 'A', address: '10.0.3.1' });
    const found = await find(w);
    expect(found).toMatchObject({ outcome: 'none', servers: [] });
    expect(found.steps.at(-1)?.detail).toContain('offers no LDAP');
  });

  it('a-record-fallback goes where the reference does not', async () => {
    const w = world();
    w.ldap('d.example', [person(ADDRESS, [one.der])]);
    expect((await find(w)).outcome).toBe('none');
    const again = world();
    again.ldap('d.example', [person(ADDRESS, [one.der])]);
    const found = await find(again, {
      ...referenceDiscovery,
      locate: (answer, target) =>
        answer.outcome === 'answer'
          ? referenceDiscovery.locate(answer, target)
          : [{ priority: 0, weight: 0, port: 389, target }],
    });
    expect(ids(found)).toEqual([one.sha256]);
  });
});

describe('one server', () => {
  const single = (...entries: Parameters<World['ldap']>[1][]): World => {
    const w = world();
    entries.forEach((list, index) => {
      w.record(SERVICE, srv(index, 0, `l${index}.d.example`));
      w.ldap(`l${index}.d.example`, list);
    });
    return w;
  };

  it('gives all values of all entries', async () => {
    const w = single([person(ADDRESS, [one.der, old.der]), person(ADDRESS, [two.der, one.der])]);
    expect(ids(await find(w)).sort()).toEqual([one.sha256, two.sha256, old.sha256].sort());
  });

  it.each(['userCertificate', 'userCertificate;binary', 'usercertificate;BINARY'])(
    'under %s',
    async (attribute) => {
      const w = single([person(ADDRESS, [one.der], 'o=test', attribute)]);
      expect(ids(await find(w))).toEqual([one.sha256]);
    },
  );

  it('garbage beside a good value', async () => {
    const w = single([person(ADDRESS, [Buffer.from('garbage'), one.der])]);
    const found = await find(w);
    expect(found.candidates.map(({ unreadable }) => unreadable !== undefined).sort()).toEqual([false, true]);
  });

  it('more certificates than anybody has are not looked at', async () => {
    const values = Array.from({ length: 7 }, (_, index) => Buffer.from(`garbage ${index}`));
    const few = { ...referenceDiscovery, limits: { ...referenceDiscovery.limits, certificates: 5 } };
    const found = await find(single([person(ADDRESS, values)]), few);
    expect(found.candidates).toHaveLength(5);
    expect(found.notes).toMatchObject([{ code: 'noted.server-partial' }]);
  });

  it.each([
    ['a referral', 10, 'none'],
    ['a size limit, with what came before', 4, 'found'],
    ['no such base', 32, 'none'],
    ['busy', 51, 'temporary'],
  ])('%s', async (_, result, outcome) => {
    const w = world();
    w.record(SERVICE, srv(0, 0, 'l.d.example'));
    w.ldap('l.d.example', [person(ADDRESS, [one.der])], {
      answer: (search, reference) =>
        search.base === ''
          ? reference
          : { ...reference, result, entries: result === 4 ? reference.entries : [] },
    });
    expect((await find(w)).outcome).toBe(outcome);
  });

  it('mail in another case', async () => {
    expect(ids(await find(single([person('BOB@D.Example', [one.der])])))).toEqual([one.sha256]);
    expect(ids(await find(single([person('bob@d.example', [one.der])]), undefined, 'Bob@D.EXAMPLE'))).toEqual(
      [one.sha256],
    );
  });

  it('an entry without certificate is none, and the next server is asked (XL-06)', async () => {
    expect(ids(await find(single([person(ADDRESS, [])], [person(ADDRESS, [two.der])])))).toEqual([
      two.sha256,
    ]);
    const stops = withLdap({ nextServer: ({ outcome }) => outcome === 'unknown' });
    expect((await find(single([person(ADDRESS, [])], [person(ADDRESS, [two.der])]), stops)).outcome).toBe(
      'none',
    );
  });

  it('or-filter-last takes the wrong one', async () => {
    const entries = [person(ADDRESS, [one.der]), person('d.example', [domain.der])];
    const or = withLdap({
      filter: (_, names, escaped) => `(|(mail=${escaped(names.address)})(mail=${escaped(names.domain)}))`,
      entries: (list) => list.slice(-1),
    });
    expect(ids(await find(single(entries), or))).toEqual([domain.sha256]);
    expect(ids(await find(single(entries)))).toEqual([one.sha256]);
  });

  it('no-escape lets a star match anybody', async () => {
    const entries = [person('anybody@d.example', [three.der])];
    const raw = withLdap({ escape: (value) => value });
    expect(ids(await find(single(entries), raw, '*@d.example'))).toEqual([three.sha256]);
    expect((await find(single(entries), undefined, '*@d.example')).outcome).toBe('none');
  });

  it('second naming context, last one denied (XL-01)', async () => {
    const contexts = ['o=first', 'o=second', 'o=third'];
    const make = (): World => {
      const w = world();
      w.record(SERVICE, srv(0, 0, 'l.d.example'));
      w.ldap('l.d.example', [person(ADDRESS, [one.der], 'o=second')], {
        contexts,
        answer: (search, reference) =>
          search.base === 'o=third' ? { ...reference, result: 50, entries: [] } : reference,
      });
      return w;
    };
    expect(ids(await find(make()))).toEqual([one.sha256]);
    expect((await find(make(), withLdap({ contexts: (all) => all.slice(0, 1) }))).outcome).toBe('none');
    expect((await find(make(), withLdap({ contexts: (all) => all.slice(-1) }))).outcome).toBe('temporary');
  });

  it.each([
    [49, 'temporary'],
    [13, 'temporary'],
    [2, 'found'],
  ])('bind refused with %i: %s', async (result, outcome) => {
    const w = world();
    w.record(SERVICE, srv(0, 0, 'l.d.example'));
    w.ldap('l.d.example', [person(ADDRESS, [one.der])], { bind: () => result });
    expect((await find(w)).outcome).toBe(outcome);
  });
});

describe('a search that goes on behind its stop', () => {
  it('meets the next server, then the next level', async () => {
    const w = world();
    w.record(SERVICE, srv(0, 0, 'l1.d.example'));
    w.record(SERVICE, srv(1, 0, 'l2.d.example'));
    w.ldap('l1.d.example', [person(ADDRESS, [old.der]), person('d.example', [domain.der])]);
    w.ldap('l2.d.example', [person(ADDRESS, [one.der])]);
    await w.run(async () => {
      const search = openSearch(w.sut, ADDRESS);
      expect(ids(await search.next())).toEqual([old.sha256]);
      expect(search.ended).toBe(false);
      expect(ids(await search.next())).toEqual([one.sha256]);
      expect(ids(await search.next())).toEqual([domain.sha256]);
      expect(await search.next()).toMatchObject({ outcome: 'none', candidates: [] });
      expect(search.ended).toBe(true);
    });
  });
});

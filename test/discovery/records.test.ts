import { describe, expect, it } from 'vitest';
import type { CertParts, DiscoveryParts, Reading } from '../../src/discovery/parts.ts';
import { gatherAll, readCertificateValue, readCertRecord } from '../../src/discovery/reading.ts';
import { referenceDiscovery } from '../../src/discovery/reference.ts';
import { discover } from '../../src/discovery/resolve.ts';
import { issueCrl } from '../../src/pki/crl.ts';
import { keyTag } from '../../src/pki/key-tag.ts';
import { cert, DAY, EPOCH, expired, leaf, root, type World, world } from './world.ts';

const ADDRESS = 'bob@d.example';
const good = leaf(ADDRESS).certificate;
const second = leaf(ADDRESS).certificate;
const old = leaf(ADDRESS, expired).certificate;
const garbage = Buffer.from('not a certificate');
const crl = issueCrl({ issuer: root(), number: 1, thisUpdate: EPOCH, nextUpdate: EPOCH + DAY, revoked: [] });
const prefixed = Buffer.concat([Buffer.from('03550424', 'hex'), good.der]);

const withCert = (cert: Partial<CertParts>): DiscoveryParts => ({
  ...referenceDiscovery,
  cert: { ...referenceDiscovery.cert, ...cert },
});

const at = (w: World, ...records: ReturnType<typeof cert>[]) => {
  for (const record of records) w.record('bob.d.example', record);
};
const find = (w: World, parts?: DiscoveryParts) => w.run(() => discover(w.sut, ADDRESS, parts));
const ids = (found: { candidates: readonly { sha256: string }[] }) =>
  found.candidates.map(({ sha256 }) => sha256);

describe('records at a name', () => {
  it('are all candidates, each once', async () => {
    const w = world();
    at(w, cert(good.der), cert(old.der), cert(second.der));
    expect(ids(await find(w)).sort()).toEqual([good.sha256, old.sha256, second.sha256].sort());
  });

  it.each([
    ['bare', cert(good.der)],
    ['behind an OID', cert(prefixed)],
    ['with a wrong tag and algorithm', { ...cert(good.der), keyTag: 1, algorithm: 5 }],
    ['with the right tag', { ...cert(good.der), keyTag: keyTag(good, 8), algorithm: 8 }],
  ])('are read %s', async (name, record) => {
    const w = world();
    at(w, record);
    const found = await find(w);
    expect(ids(found)).toEqual([good.sha256]);
    expect(found.candidates[0]!.notes.map(({ code }) => code)).toEqual(
      name === 'behind an OID' ? ['noted.oid-prefix'] : [],
    );
  });

  it('of other types, and lists, count as nothing and are noted', async () => {
    const w = world();
    at(w, cert(good.der, 2), cert(Buffer.from('http://x.example/c'), 4), cert(crl));
    w.record('d.example', cert(second.der));
    const found = await find(w);
    expect(found).toMatchObject({ level: 'domain-dns' });
    expect(found.steps[0]).toMatchObject({ outcome: 'absent', detail: 'records, but no certificate' });
    expect(found.notes.map(({ params }) => (params as { type: number }).type).sort()).toEqual([1, 2, 4]);
    expect(found.notes[0]!.evidence).toEqual([found.steps[0]!.event]);
  });

  it('garbage beside a good one harms nobody, and stays a candidate', async () => {
    const w = world();
    at(w, cert(garbage), cert(good.der));
    const found = await find(w);
    expect(found.candidates).toHaveLength(2);
    expect(found.candidates.filter(({ certificate }) => certificate)).toHaveLength(1);
  });
});

describe('behaviours are one element replaced', () => {
  it('first-rr-only', async () => {
    const w = world();
    at(w, cert(good.der), cert(second.der));
    expect((await find(w, withCert({ choose: (records) => records.slice(0, 1) }))).candidates).toHaveLength(
      1,
    );
  });

  it('filter-keytag', async () => {
    const w = world();
    at(w, { ...cert(good.der), keyTag: 1, algorithm: 8 });
    const rightTag = withCert({
      choose: (records) =>
        records.filter(({ data }) => {
          const reading = data.type === 'CERT' ? readCertificateValue(data.payload) : undefined;
          return (
            data.type === 'CERT' &&
            reading?.kind === 'certificate' &&
            reading.certificate !== undefined &&
            keyTag(reading.certificate, data.algorithm) === data.keyTag
          );
        }),
    });
    expect((await find(w, rightTag)).outcome).toBe('none');
  });

  it('strict-der', async () => {
    const w = world();
    at(w, cert(prefixed));
    const strict = withCert({
      read: (record): Reading =>
        record.data.type === 'CERT' && record.data.payload[0] !== 0x30
          ? { kind: 'certificate', bytes: record.data.payload, unreadable: 'no DER', notes: [] }
          : readCertRecord(record),
    });
    expect((await find(w, strict)).candidates[0]?.unreadable).toBe('no DER');
  });

  it('one-bad-rr', async () => {
    const w = world();
    at(w, cert(garbage), cert(good.der));
    const fragile = withCert({
      gather: (readings) =>
        readings.some((reading) => reading.kind === 'certificate' && reading.unreadable)
          ? { readings: [], failed: 'a record cannot be read' }
          : gatherAll(readings),
    });
    expect(await find(w, fragile)).toMatchObject({ outcome: 'temporary', candidates: [] });
  });

  it('garbage-as-none', async () => {
    const w = world();
    at(w, cert(garbage));
    w.record('d.example', cert(good.der));
    const blind = withCert({
      gather: (readings) =>
        gatherAll(readings.filter((one) => one.kind !== 'certificate' || one.certificate)),
    });
    expect(await find(w, blind)).toMatchObject({ level: 'domain-dns' });
  });

  it.each<[string, Partial<DiscoveryParts>, string[]]>([
    ['domain-first', { order: ['domain-dns', 'address-dns', 'address-ldap', 'domain-ldap'] }, ['domain-dns']],
    ['all-levels', { proceed: () => true }, ['address-dns', 'domain-dns']],
    [
      'stop-on-nxdomain',
      { proceed: (visit) => visit.outcome === 'absent' && !visit.nxdomain },
      ['address-dns'],
    ],
  ])('%s', async (_, change, levels) => {
    const w = world();
    at(w, cert(good.der));
    w.record('d.example', cert(second.der));
    const found = await find(w, { ...referenceDiscovery, ...change });
    expect(found.candidates.map(({ level }) => level)).toEqual(levels);
  });

  it('stop-on-nxdomain ends where the reference goes on', async () => {
    const w = world();
    w.record('d.example', cert(second.der));
    const found = await find(w, {
      ...referenceDiscovery,
      proceed: (visit) => visit.outcome === 'absent' && !visit.nxdomain,
    });
    expect(found).toMatchObject({ outcome: 'none', candidates: [] });
  });
});

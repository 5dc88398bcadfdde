import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../src/directory/directory.ts';
import { hostRecords, recordsOf, withdraw } from '../../src/directory/hosting/host.ts';
import { packRdata, unpackRdata } from '../../src/directory/hosting/names.ts';
import { hostedCertificates, hostedZones } from '../../src/directory/hosting/zones.ts';
import { type Authority, createAuthority } from '../../src/dns/answer.ts';
import { makeQuery } from '../../src/dns/message.ts';
import type { TypeName } from '../../src/dns/records.ts';
import { buildZone, zoneApex } from '../../src/dns/zone.ts';
import { realHost } from '../../src/net/real.ts';
import { issueCertificate } from '../../src/pki/issue.ts';
import { generateKey } from '../../src/pki/keys.ts';
import { freshDirectory } from './fixture.ts';

const rdata = (text: string): Uint8Array => Buffer.concat([Uint8Array.of(0, 1, 0, 7, 8), Buffer.from(text)]);
const OPTIONS = { server: 'ns.hisp.example', exchange: 'mx.hisp.example', ttl: 60 };

const key = generateKey({ kind: 'ec', curve: 'P-256' });
const certificate = (more: { emails?: string[]; dnsNames?: string[] }) =>
  issueCertificate({
    profile: 'address',
    subject: { CN: 'Test' },
    key,
    issuer: 'self',
    notBefore: Date.UTC(2020, 0, 1),
    notAfter: Date.UTC(2040, 0, 1),
    ...more,
  }).certificate;

let directory: Directory;
let authority: Authority;
let clock = 0;
beforeAll(async () => {
  directory = await freshDirectory();
  await hostRecords(
    directory,
    [
      { owner: 'ann.lee@clinic.example', rdata: [rdata('ann'), rdata('ann, new')] },
      { owner: 'Bob@Clinic.example', rdata: [rdata('bob')] },
      { owner: 'clinic.example', rdata: [rdata('clinic')] },
      { owner: 'carol@sub.clinic.example', rdata: [rdata('carol')] },
      { owner: '"odd"@clinic.example', rdata: [rdata('odd')] },
    ],
    OPTIONS,
  );
  const host = { ...realHost(), mono: () => clock };
  const reading = await openDirectory(host, { file: directory.handle.file, readOnly: true });
  const zones = [
    buildZone(
      'hisp.example',
      zoneApex({ origin: 'hisp.example', server: 'ns.hisp.example', addresses: ['192.0.2.1'] }),
    ),
    buildZone(
      'inner.sub.clinic.example',
      zoneApex({ origin: 'inner.sub.clinic.example', server: 'ns.hisp.example', addresses: [] }),
    ),
  ];
  authority = createAuthority(zones, hostedZones(reading));
});

function ask(name: string, type: TypeName = 'CERT') {
  const answer = authority.answer(makeQuery(1, { name, type, class: 1 }), 'udp');
  return {
    rcode: answer.rcode,
    aa: answer.authoritative,
    answers: answer.answers.map(({ name: owner, ttl, data }) => [
      owner,
      ttl,
      data.type,
      data.type === 'CERT' ? `${data.keyTag} ${Buffer.from(data.payload)}` : '',
    ]),
    authority: answer.authority.map(({ name: owner, data }) => `${owner} ${data.type}`),
  };
}

describe('certificates from the store, as a name server answers', () => {
  it.each<[string, string, TypeName, string, string[], string[]]>([
    ['an address', 'ann.lee.clinic.example', 'CERT', 'NOERROR', ['7 ann', '7 ann, new'], []],
    ['in any case', 'Ann.LEE.clinic.Example', 'CERT', 'NOERROR', ['7 ann', '7 ann, new'], []],
    ['a domain', 'clinic.example', 'CERT', 'NOERROR', ['7 clinic'], []],
    ['a domain below', 'carol.sub.clinic.example', 'CERT', 'NOERROR', ['7 carol'], []],
    ['everything', 'bob.clinic.example', 'ANY', 'NOERROR', ['7 bob'], []],
    ['another type', 'bob.clinic.example', 'A', 'NOERROR', [], ['clinic.example SOA']],
    ['a name that others lie below', 'lee.clinic.example', 'CERT', 'NOERROR', [], ['clinic.example SOA']],
    ['nobody', 'nobody.clinic.example', 'CERT', 'NXDOMAIN', [], ['clinic.example SOA']],
    ['below somebody', 'x.bob.clinic.example', 'CERT', 'NXDOMAIN', [], ['clinic.example SOA']],
    [
      'a domain without one of its own',
      'sub.clinic.example',
      'CERT',
      'NOERROR',
      [],
      ['sub.clinic.example SOA'],
    ],
    [
      'a zone in memory below',
      'x.inner.sub.clinic.example',
      'CERT',
      'NXDOMAIN',
      [],
      ['inner.sub.clinic.example SOA'],
    ],
    ['a zone that is not ours', 'other.example', 'CERT', 'REFUSED', [], []],
    [
      'an owner that cannot stand in DNS',
      '\\"odd\\".clinic.example',
      'CERT',
      'NXDOMAIN',
      [],
      ['clinic.example SOA'],
    ],
  ])('%s', (_what, name, type, rcode, certificates, above) => {
    const answer = ask(name, type);
    expect(answer.rcode).toBe(rcode);
    expect(answer.aa).toBe(rcode !== 'REFUSED');
    expect(answer.answers.map(([, , , text]) => text)).toEqual(certificates);
    expect(answer.answers.every(([owner, ttl]) => owner === name && ttl === 60)).toBe(true);
    expect(answer.authority).toEqual(above);
  });

  it('and the records of the zone itself', () => {
    expect(ask('clinic.example', 'MX').answers).toHaveLength(1);
    expect(ask('clinic.example', 'NS').answers).toHaveLength(1);
    expect(ask('clinic.example', 'SOA').answers).toHaveLength(1);
    expect(ask('ns.hisp.example', 'A').answers).toHaveLength(1);
  });

  it('changes are seen within a second, with a higher serial', async () => {
    const serial = () => {
      const [soa] = authority.answer(
        makeQuery(1, { name: 'clinic.example', type: 'SOA', class: 1 }),
        'udp',
      ).answers;
      return soa?.data.type === 'SOA' ? soa.data.serial : 0;
    };
    const before = serial();
    await hostRecords(directory, [{ owner: 'dan@x.clinic.example', rdata: [rdata('dan')] }], OPTIONS);
    await hostRecords(directory, [{ owner: 'eve.x@clinic.example', rdata: [rdata('eve')] }], OPTIONS);
    expect(withdraw(directory, 'bob@clinic.example', OPTIONS)).toBe(true);
    expect(withdraw(directory, 'bob@clinic.example', OPTIONS)).toBe(false);
    clock += 1000;
    expect(ask('dan.x.clinic.example').answers).toHaveLength(1);
    expect(ask('eve.x.clinic.example').answers).toHaveLength(1);
    expect(ask('bob.clinic.example').rcode).toBe('NXDOMAIN');
    expect(serial()).toBeGreaterThan(before);
    withdraw(directory, 'ann.lee@clinic.example', OPTIONS);
    clock += 1000;
    expect(ask('lee.clinic.example').rcode).toBe('NXDOMAIN');
  });

  it('what a certificate is bound to says where it stands, once', async () => {
    const bound = certificate({ emails: ['Zoe@bound.example', 'yan@bound.example'] });
    const domain = certificate({ dnsNames: ['bound.example'] });
    const items = [bound, domain, bound].flatMap(({ der }) => recordsOf(der));
    expect(items.map(({ owner }) => owner).slice(0, 3)).toEqual([
      'zoe@bound.example',
      'yan@bound.example',
      'bound.example',
    ]);
    expect(await hostRecords(directory, items, OPTIONS)).toEqual({ owners: 5, refused: [] });
    const der = hostedCertificates(directory);
    const hex = (all: readonly Uint8Array[]) => all.map((one) => Buffer.from(one).toString('hex'));
    expect(hex(der('ZOE@bound.example'))).toEqual(hex([bound.der]));
    expect(hex(der('nobody@bound.example'))).toEqual(hex([domain.der]));
    expect(der('nobody@elsewhere.example')).toEqual([]);
    expect(() => recordsOf(certificate({}).der)).toThrow(/neither an address nor a domain/);
  });
});

it('packed records come back, and whatever is cut off does not', () => {
  const records = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });
  fc.assert(
    fc.property(records, fc.nat(2000), (some, cut) => {
      const packed = packRdata(some);
      expect(unpackRdata(packed).map((one) => [...one])).toEqual(some.map((one) => [...one]));
      expect(unpackRdata(packed.subarray(0, cut)).length).toBeLessThanOrEqual(some.length);
    }),
  );
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addressesOf, DEMO_NETWORK, LEVELS, loadNetwork } from '../../src/config/network.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-network-'));
afterAll(() => rmSync(folder, { recursive: true }));

const withChange = (from: string, to: string): (() => unknown) => {
  const file = join(folder, 'network.yaml');
  const text = readFileSync(DEMO_NETWORK, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
  return () => loadNetwork(file);
};

describe('the demo network', () => {
  const network = loadNetwork();

  it('has three HISPs in two communities, about thirty organizations and a hundred addresses', () => {
    expect(Object.keys(network.hisps)).toHaveLength(3);
    expect(Object.keys(network.communities)).toHaveLength(2);
    expect(network.organizations.length).toBeGreaterThanOrEqual(30);
    expect(addressesOf(network).length).toBeGreaterThanOrEqual(95);
  });

  it('stands under the reserved domain "example" only', () => {
    const domains = [...Object.values(network.hisps), ...network.organizations].map((one) => one.domain);
    expect(domains.filter((domain) => !domain.endsWith('.example'))).toEqual([]);
  });

  it('uses every level of certificate discovery', () => {
    expect(new Set(network.organizations.map((one) => one.certificates))).toEqual(new Set(LEVELS));
  });

  it('says of the directory who may see what: everybody, participants, nobody', () => {
    const all = network.organizations.flatMap(({ directory = 'participants', addresses }) =>
      addresses.map((one) => one.directory ?? directory),
    );
    expect(new Set(all)).toEqual(new Set(['public', 'participants', 'never']));
    expect(all.filter((one) => one === 'public').length).toBeGreaterThan(all.length / 2);
  });

  it('has exactly one pair of HISPs that do not share a community in both directions', () => {
    const ids = Object.keys(network.hisps);
    const trusts = (a: string, b: string) =>
      network.hisps[a]!.subscribes.some((name) => network.hisps[b]!.member.includes(name));
    const broken = ids.flatMap((a) =>
      ids.filter((b) => a < b && !(trusts(a, b) && trusts(b, a))).map((b) => [a, b]),
    );
    expect(broken).toEqual([['lakeshore', 'prairie']]);
    const hispOf = (address: string) =>
      addressesOf(network).find((one) => one.address === address)!.organization.hisp;
    expect([hispOf(network.broken!.from), hispOf(network.broken!.to)]).toEqual(broken[0]);
  });
});

describe('a network that does not fit together is refused', () => {
  it.each([
    [
      'an unknown community',
      'subscribes: [great-lakes]',
      'subscribes: [great-laks]',
      'did you mean "great-lakes"?',
    ],
    ['an NPI with a wrong check digit', 'npi: "2011454909"', 'npi: "2011454908"', 'check digit'],
    ['a specialty that is no code', 'specialty: 282N00000X', 'specialty: hospital', 'NUCC'],
    ['an unknown HISP', 'hisp: prairie\n', 'hisp: prarie\n', 'did you mean "prairie"?'],
    ['an unknown kind', 'kind: clinic', 'kind: clinik', 'did you mean "clinic"?'],
    [
      'a domain twice',
      'domain: direct.st-brannoc.example',
      'domain: direct.lakeside-clinic.example',
      'a second time',
    ],
    ['an unknown key', '    place: Duluth, MN\n', '    plcae: Duluth, MN\n', 'did you mean "place"?'],
  ])('%s', (_, from, to, message) => {
    expect(withChange(from, to)).toThrow(message);
  });
});

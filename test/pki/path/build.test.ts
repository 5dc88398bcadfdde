import { describe, expect, it } from 'vitest';
import type { Certificate } from '../../../src/pki/certificate.ts';
import type { Issued } from '../../../src/pki/issue.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { type BuildInput, buildPaths, type IssuerFetch } from '../../../src/pki/path/build.ts';
import { anchorOf, DAY, ecLeaf, intermediate, leaf, NOW, root } from '../fixtures.ts';

const bob = 'bob@d.example';
const R = root('R', 0);
const url = (name: string): string => `http://pki.example/${name}.cer`;
const aia = (name: string) => ({ caIssuersUrls: [url(name)] });

interface Web {
  readonly [url: string]: IssuerFetch;
}

async function build(leafOf: Issued, extra: Partial<BuildInput> & { web?: Web } = {}) {
  const asked: string[] = [];
  const { web = {}, ...input } = extra;
  const result = await buildPaths({
    leaf: leafOf.certificate,
    anchors: [anchorOf(R)],
    pool: [],
    at: NOW,
    profile: '1.3',
    domain: 'd.example',
    fetchIssuers: async (wanted) => {
      asked.push(wanted);
      return web[wanted] ?? { why: 'HTTP 404' };
    },
    ...input,
  });
  return { ...result, asked, names: result.paths.map(({ certificates }) => shown(certificates)) };
}

const shown = (path: readonly Certificate[]): string =>
  path.map(({ subject }) => subject.rdns.at(-1)![0]!.value).join(' < ');

const certificates = (...issued: Issued[]): Certificate[] => issued.map(({ certificate }) => certificate);

describe('building paths from what is at hand', () => {
  it('ends at an anchor by name and key, and asks nobody', async () => {
    expect(await build(ecLeaf(R, bob, aia('r')))).toMatchObject({
      names: ['bob'],
      asked: [],
      undetermined: false,
    });
    const I = intermediate(R, 'I', 1);
    const result = await build(ecLeaf(I, bob), { pool: certificates(R, I) });
    expect(result).toMatchObject({ names: ['bob < I'], rejected: [] });
    expect(result.paths[0]!.anchor.source).toBe('manual');
  });

  it('ends at an anchor that is not self-signed, its issuer unknown (REQ-AS-33)', async () => {
    const I = intermediate(R, 'I', 1);
    expect(await build(ecLeaf(I, bob), { anchors: [anchorOf(I)] })).toMatchObject({ names: ['bob'] });
  });

  it('tries every issuer of one name, and every cross-certificate (REQ-AS-32)', async () => {
    const other = root('Other', 5);
    // one CA name, three certificates: another key, expired under R, good under another anchor
    const wrongKey = intermediate(R, 'I', 4);
    const expired = intermediate(R, 'I', 1, { notAfter: NOW - DAY });
    const cross = intermediate(other, 'I', 1);
    const result = await build(ecLeaf(cross, bob), {
      pool: certificates(wrongKey, expired, cross),
      anchors: [anchorOf(R), anchorOf(other, { source: 'bundle 1' })],
    });
    expect(result.names).toEqual(['bob < I']);
    expect(result.paths[0]!.anchor.source).toBe('bundle 1');
    expect(result.rejected.map(({ path, check }) => [shown(path), check])).toEqual([
      ['bob < I', 'validity'],
      ['bob < I', 'signature'],
    ]);
  });

  it('finds both ways when two anchors lead to one leaf', async () => {
    const other = root('Other', 5);
    const a = intermediate(R, 'I', 1);
    const b = intermediate(other, 'I', 1);
    const anchors = [anchorOf(R), anchorOf(other)];
    expect((await build(ecLeaf(a, bob), { pool: certificates(a, b), anchors })).paths).toHaveLength(2);
  });

  it.each([
    [
      'a self-made leaf that carries the key identifier of the anchor (REQ-AS-34, XR-01)',
      leaf('self', bob, { key: keyPool.take('p256', 6), ski: R.certificate.ski! }),
      'trust.no-path',
      undefined,
    ],
    [
      "a self-made leaf with the anchor's name as issuer",
      ecLeaf(R, bob, { signWith: keyPool.take('p256', 6) }),
      'trust.constraint',
      'signature',
    ],
    ['the anchor itself', R, 'trust.constraint', 'not-the-anchor'],
    ['a leaf under an unknown root', ecLeaf(root('U', 6), bob), 'trust.no-path', undefined],
  ])('refuses %s', async (_, odd, code, check) => {
    const result = await build(odd);
    expect(result).toMatchObject({ paths: [], undetermined: false, cause: { code } });
    expect(result.rejected[0]!.check).toBe(check);
  });

  it('names issuer, domain and sources when nothing leads to an anchor', async () => {
    const result = await build(ecLeaf(root('U', 6), bob), {
      anchors: [anchorOf(R, { source: 'bundle 1' }), anchorOf(root('S', 3), { source: 'bundle 2' })],
    });
    expect(result.cause).toEqual({
      code: 'trust.no-path',
      params: { issuer: 'CN=U, O=Test', domain: 'd.example', tried: 2, sources: ['bundle 1', 'bundle 2'] },
    });
  });

  it('refuses a leaf issued by a leaf, and says that the issuer is no CA (XD-06)', async () => {
    const parent = ecLeaf(R, bob);
    const child = ecLeaf(parent, 'eve@d.example');
    expect(await build(child, { pool: certificates(parent) })).toMatchObject({
      paths: [],
      cause: { code: 'trust.constraint', params: { which: 'it is no CA (basicConstraints)' } },
    });
  });

  it('takes a pinned end entity as it stands', async () => {
    const self = leaf('self', bob, { key: keyPool.take('p256', 6) });
    const pinned = anchorOf(self, { pinned: true });
    expect(await build(self, { anchors: [pinned] })).toMatchObject({ names: ['bob'] });
    expect(await build(self, { anchors: [anchorOf(self)] })).toMatchObject({ paths: [] });
    expect(await build(ecLeaf(self, 'eve@d.example'), { anchors: [pinned] })).toMatchObject({ paths: [] });
  });
});

describe('asking by AIA (wire-facts §10)', () => {
  const I = intermediate(R, 'I', 1, aia('r'));
  const J = intermediate(I, 'J', 2, aia('i'));

  it('fetches one missing issuer, and two levels (d17, d17b)', async () => {
    expect(await build(ecLeaf(I, bob, aia('i')), { web: { [url('i')]: certificates(I) } })).toMatchObject({
      names: ['bob < I'],
      asked: [url('i')],
    });
    expect(
      await build(ecLeaf(J, bob, aia('j')), {
        web: { [url('j')]: certificates(J), [url('i')]: certificates(I) },
      }),
    ).toMatchObject({ names: ['bob < J < I'], asked: [url('j'), url('i')] });
  });

  it('takes several certificates of one body, whichever fits (p7c)', async () => {
    const wrong = intermediate(R, 'I', 4);
    const expired = intermediate(R, 'I', 1, { notAfter: NOW - DAY });
    const web = { [url('i')]: certificates(R, wrong, expired, I) };
    expect(await build(ecLeaf(I, bob, aia('i')), { web })).toMatchObject({ names: ['bob < I'] });
  });

  it('goes on to the next URL when one does not answer', async () => {
    const two = ecLeaf(I, bob, { caIssuersUrls: [url('gone'), url('i')] });
    const result = await build(two, { web: { [url('i')]: certificates(I) } });
    expect(result).toMatchObject({ names: ['bob < I'], undetermined: false });
    expect(result.fetched).toMatchObject([{ why: 'HTTP 404', unanswered: true }, { url: url('i') }]);
  });

  it('is undetermined when no source answers', async () => {
    expect(await build(ecLeaf(I, bob, aia('i')))).toMatchObject({
      paths: [],
      undetermined: true,
      cause: { code: 'trust.aia-failed', params: { url: url('i'), why: 'HTTP 404', issuer: 'CN=I, O=Test' } },
    });
  });

  it('says when the certificate there has another name', async () => {
    expect(await build(ecLeaf(I, bob, aia('i')), { web: { [url('i')]: certificates(J) } })).toMatchObject({
      paths: [],
      undetermined: false,
      cause: { code: 'trust.aia-failed', params: { why: 'no certificate of that name is there' } },
    });
  });

  it('asks nobody for an expired leaf, and only by http (REQ-SEC-01)', async () => {
    expect(await build(ecLeaf(R, bob, { ...aia('r'), notAfter: NOW - DAY }))).toMatchObject({
      asked: [],
      cause: { code: 'cert.expired' },
      undetermined: false,
    });
    const local = ecLeaf(I, bob, { caIssuersUrls: ['file:///etc/ca.cer', 'ldap://x/', url('i')] });
    expect((await build(local)).asked).toEqual([url('i')]);
  });

  it('does not follow a circle of authorities (XR-18)', async () => {
    const a = root('A', 2);
    const b = root('B', 3);
    const aByB = intermediate(b, 'A', 2, aia('a'));
    const bByA = intermediate(a, 'B', 3, aia('b'));
    const web = {
      [url('a')]: certificates(bByA),
      [url('b')]: certificates(aByB),
      [url('x')]: certificates(aByB),
    };
    const result = await build(ecLeaf(a, bob, aia('x')), { web });
    expect(result).toMatchObject({ paths: [], cause: { code: 'trust.no-path' } });
    expect(result.asked.length).toBeLessThanOrEqual(4);
  });

  it('is bounded: depth, breadth, branches, fetches, octets (REQ-SEC-01)', async () => {
    // every CA of a level issued by every CA of the next: 6^5 branches
    const levels = Array.from({ length: 5 }, (_, level) => root(`L${level}`, level));
    const pool = levels.flatMap((issuer, level) =>
      level === 0
        ? []
        : Array.from({ length: 6 }, () => intermediate(issuer, `L${level - 1}`, level - 1).certificate),
    );
    const leafOf = ecLeaf(levels[0]!, bob);
    const wide = await build(leafOf, { pool });
    expect(wide.paths).toEqual([]);
    expect(wide.rejected.length).toBeLessThanOrEqual(200);
    const narrow = await build(leafOf, { pool, limits: { branches: 20, breadth: 3 } });
    expect(narrow.limited).toEqual(expect.arrayContaining(['branches', 'breadth']));

    let top = R;
    const tall = Array.from(
      { length: 9 },
      (_, i) => (top = intermediate(top, `T${i}`, 1 + (i % 5))).certificate,
    );
    expect(await build(ecLeaf(top, bob), { pool: tall })).toMatchObject({ paths: [], limited: ['depth'] });

    const endless = ecLeaf(I, bob, { caIssuersUrls: Array.from({ length: 50 }, (_, i) => url(`${i}`)) });
    expect(await build(endless)).toMatchObject({ limited: ['fetches'], paths: [] });
    expect((await build(endless)).asked).toHaveLength(20);
    const heavy = { web: { [url('i')]: certificates(I) }, limits: { octets: 100 } };
    expect(await build(ecLeaf(I, bob, aia('i')), heavy)).toMatchObject({ paths: [], limited: ['octets'] });
  });
});

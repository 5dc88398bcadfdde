import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { seededRandom } from '../../src/net/random.ts';
import { issueCrl } from '../../src/pki/crl.ts';
import type { CertificateSpec, Issued } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { ANY_POLICY } from '../../src/pki/oids.ts';
import { buildPaths } from '../../src/pki/path/build.ts';
import type { PathPolicy } from '../../src/pki/path/input.ts';
import { referencePolicy, validatePath } from '../../src/pki/path/validate.ts';
import { checkRevocation, createRevocationCache } from '../../src/pki/revocation.ts';
import { anchorOf, DAY, ecLeaf, intermediate, leaf, NOW, root } from '../pki/fixtures.ts';
import { peer } from './peers.ts';

const openssl = peer('openssl');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anchorage-pki-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const file = (...issued: Issued[]): string => {
  const path = join(folder, `${files++}.pem`);
  writeFileSync(path, issued.map(({ certificate }) => writePem('CERTIFICATE', certificate.der)).join(''));
  return path;
};

interface Tree {
  readonly leaf: Issued;
  /** From the leaf's issuer upwards, without the anchor. */
  readonly chain?: readonly Issued[];
  readonly anchor: Issued;
}

/** What openssl says of the same certificates at the same time. */
function opensslAccepts({ leaf: of, chain = [], anchor }: Tree, flags: readonly string[] = []): boolean {
  const args = ['verify', '-attime', `${NOW / 1000}`, '-auth_level', '2', '-no-CApath', '-no-CAstore'];
  const result = spawnSync(
    openssl!,
    [
      ...args,
      ...flags,
      '-CAfile',
      file(anchor),
      ...(chain.length ? ['-untrusted', file(...chain)] : []),
      file(of),
    ],
    { encoding: 'utf8' },
  );
  expect(result.stdout + result.stderr).toMatch(/: OK|error/);
  return result.status === 0;
}

const weAccept = ({ leaf: of, chain = [], anchor }: Tree, policy: Partial<PathPolicy> = {}): boolean =>
  validatePath({
    ...referencePolicy('1.3'),
    path: [of, ...chain].map(({ certificate }) => certificate),
    anchor: anchorOf(anchor),
    at: NOW,
    ...policy,
  }).ok;

const R = root('R', 0);
const bob = 'bob@d.example';
const ca = (spec: Partial<CertificateSpec> = {}): Issued => intermediate(R, 'I', 1, spec);
const under = (spec: Partial<CertificateSpec>, leafSpec: Partial<CertificateSpec> = {}): Tree => {
  const issuer = ca(spec);
  return { leaf: ecLeaf(issuer, bob, leafSpec), chain: [issuer], anchor: R };
};

/** Names and constraints that both sides know the same rules for. */
const permitted = (type: 'email' | 'dns', value: string) => ({
  nameConstraints: { permitted: [{ type, value }] },
});
const excluded = (type: 'email' | 'dns', value: string) => ({
  nameConstraints: { excluded: [{ type, value }] },
});

const rows: [title: string, tree: Tree, valid: boolean, flags?: string[]][] = [
  ['a leaf under the root', { leaf: ecLeaf(R, bob), anchor: R }, true],
  ['an RSA leaf', { leaf: leaf(R, bob), anchor: R }, true],
  ['an intermediate', under({}), true],
  ['the intermediate as anchor', { leaf: ecLeaf(ca(), bob), anchor: ca() }, true, ['-partial_chain']],
  ['an expired leaf', under({}, { notAfter: NOW - DAY }), false],
  ['a leaf of tomorrow', under({}, { notBefore: NOW + DAY }), false],
  ['an expired intermediate', under({ notAfter: NOW - DAY }), false],
  ['an expired root', { leaf: ecLeaf(R, bob), anchor: root('R', 0, { notAfter: NOW - DAY }) }, false],
  ['a CA without cA', under({ isCa: false }), false],
  ['a CA without basicConstraints', under({ isCa: null }), false, ['-x509_strict']],
  ['a CA that may not sign certificates', under({ keyUsage: ['cRLSign'] }), false],
  [
    'a leaf under a leaf',
    (() => {
      const parent = ecLeaf(R, bob);
      return { leaf: ecLeaf(parent, 'eve@d.example'), chain: [parent], anchor: R };
    })(),
    false,
  ],
  ['pathLen 0', under({ pathLen: 0 }), true],
  [
    'pathLen exceeded',
    (() => {
      const top = ca({ pathLen: 0 });
      const below = intermediate(top, 'J', 2);
      return { leaf: ecLeaf(below, bob), chain: [below, top], anchor: R };
    })(),
    false,
  ],
  [
    'pathLen of the root exceeded',
    (() => {
      const top = root('R0', 0, { pathLen: 0 });
      const below = intermediate(top, 'J', 2);
      return { leaf: ecLeaf(below, bob), chain: [below], anchor: top };
    })(),
    false,
  ],
  [
    'pathLen and a self-issued certificate',
    (() => {
      const top = ca({ pathLen: 0 });
      const next = intermediate(top, 'I', 5);
      return { leaf: ecLeaf(next, bob), chain: [next, top], anchor: R };
    })(),
    true,
  ],
  ['a forged signature', under({}, { signWith: keyPool.take('p256', 6) }), false],
  ['a forged intermediate', under({ signWith: keyPool.take('p256', 6) }), false],
  [
    'the key identifier of the anchor without its signature',
    { leaf: leaf('self', bob, { ski: R.certificate.ski!, key: keyPool.take('p256', 6) }), anchor: R },
    false,
  ],
  ['RSA 1024', { leaf: leaf(R, bob, { key: keyPool.take('rsa1024') }), anchor: R }, false],
  // RSA 2047 is left out: openssl counts it as 112 bits and takes it, the Applicability Statement does not
  ['SHA-1', under({}, { digest: 'sha1' }), false],
  ['SHA-1 above', under({ digest: 'sha1' }), false],
  [
    'PSS',
    (() => {
      const top = root('PSS', 0, { key: keyPool.take('rsa2048', 1), pss: true });
      return { leaf: leaf(top, bob, { pss: true }), anchor: top };
    })(),
    true,
  ],
  [
    'an unknown critical extension',
    under({}, { extensions: [{ oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] }),
    false,
  ],
  ['issuer name in other string types and case', { leaf: ecLeaf(R, bob), anchor: root('r', 0) }, true],
  ['mail permitted: its domain', under(permitted('email', 'd.example')), true],
  ['mail permitted: another domain', under(permitted('email', 'e.example')), false],
  ['mail permitted: only below', under(permitted('email', '.d.example')), false],
  ['mail permitted: the address', under(permitted('email', bob)), true],
  ['mail excluded: its domain', under(excluded('email', 'd.example')), false],
  ['mail excluded: another domain', under(excluded('email', 'e.example')), true],
  [
    'domain permitted',
    under(permitted('dns', 'd.example'), { emails: [], dnsNames: ['direct.d.example'] }),
    true,
  ],
  [
    'domain not permitted',
    under(permitted('dns', 'd.example'), { emails: [], dnsNames: ['xd.example'] }),
    false,
  ],
  ['domain excluded', under(excluded('dns', 'd.example'), { emails: [], dnsNames: ['d.example'] }), false],
  [
    'one of two names not permitted',
    under(permitted('email', 'd.example'), { emails: [bob, 'bob@e.example'] }),
    false,
  ],
];

const policyRows: [
  title: string,
  tree: Tree,
  wanted: string[],
  extra: Partial<PathPolicy>,
  flags: string[],
][] = [
  ['the policy all along', under({ policies: ['1.2.3'] }, { policies: ['1.2.3'] }), ['1.2.3'], {}, []],
  ['another policy', under({ policies: ['1.2.3'] }, { policies: ['1.2.4'] }), ['1.2.3'], {}, []],
  ['none', under({}, {}), ['1.2.3'], {}, []],
  ['anyPolicy above', under({ policies: [ANY_POLICY] }, { policies: ['1.2.3'] }), ['1.2.3'], {}, []],
  ['anyPolicy below', under({ policies: ['1.2.3'] }, { policies: [ANY_POLICY] }), ['1.2.3'], {}, []],
  [
    'anyPolicy, inhibited',
    under({ policies: [ANY_POLICY] }, { policies: ['1.2.3'] }),
    ['1.2.3'],
    { inhibitAny: true },
    ['-inhibit_any'],
  ],
  [
    'anyPolicy, inhibited by the CA',
    under({ policies: ['1.2.3'], inhibitAnyPolicy: 0 }, { policies: [ANY_POLICY] }),
    ['1.2.3'],
    {},
    [],
  ],
  [
    'mapped',
    under(
      { policies: ['1.2.3'], policyMappings: [{ issuer: '1.2.3', subject: '1.2.9' }] },
      { policies: ['1.2.9'] },
    ),
    ['1.2.3'],
    {},
    [],
  ],
  [
    'mapped away',
    under(
      { policies: ['1.2.3'], policyMappings: [{ issuer: '1.2.3', subject: '1.2.9' }] },
      { policies: ['1.2.3'] },
    ),
    ['1.2.3'],
    {},
    [],
  ],
  [
    'mapped, inhibited',
    under(
      { policies: ['1.2.3'], policyMappings: [{ issuer: '1.2.3', subject: '1.2.9' }] },
      { policies: ['1.2.9'] },
    ),
    ['1.2.3'],
    { inhibitMapping: true },
    ['-inhibit_map'],
  ],
];

describe.skipIf(!openssl)('openssl verify and our path validation agree', () => {
  it.each(rows)('%s: %#', (_title, tree, valid, flags) => {
    expect({ we: weAccept(tree), openssl: opensslAccepts(tree, flags) }).toEqual({
      we: valid,
      openssl: valid,
    });
  });

  it.each(policyRows)('policy: %s', (_title, tree, wanted, extra, flags) => {
    const we = weAccept(tree, { policies: wanted, explicitPolicy: true, ...extra });
    const asked = wanted.flatMap((policy) => ['-policy', policy]);
    expect(opensslAccepts(tree, ['-policy_check', '-explicit_policy', ...asked, ...flags])).toBe(we);
  });

  it('on 150 trees with faults at random, found by building', async () => {
    const random = seededRandom('pki trees');
    const faults: Partial<CertificateSpec>[] = [
      { notAfter: NOW - DAY },
      { notBefore: NOW + DAY },
      { isCa: false },
      { keyUsage: ['cRLSign'] },
      { pathLen: 0 },
      { digest: 'sha1' },
      { signWith: keyPool.take('p256', 6) },
      permitted('email', 'd.example'),
      permitted('email', 'e.example'),
      excluded('email', '.d.example'),
      { ski: 'aabbcc' },
    ];
    const trees = Array.from({ length: 150 }, (_, tree) => {
      let issuer = R;
      const chain: Issued[] = [];
      for (let level = random.int(4); level > 0; level--) {
        const spec = random.float() < 0.2 ? faults[random.int(faults.length)]! : {};
        // a name of its own: the forged key identifier must not be followed, so it stands in no other place
        issuer = intermediate(issuer, `CA ${tree}/${level}`, 1 + random.int(5), spec);
        chain.unshift(issuer);
      }
      const spec = random.float() < 0.15 ? faults[random.int(3)]! : {};
      return { leaf: ecLeaf(issuer, bob, spec), chain, anchor: R };
    });
    const leaves = trees.map((tree) => file(tree.leaf));
    const untrusted = file(...trees.flatMap(({ chain }) => chain));
    const { stdout } = spawnSync(
      openssl!,
      [
        'verify',
        '-attime',
        `${NOW / 1000}`,
        '-auth_level',
        '2',
        '-CAfile',
        file(R),
        '-untrusted',
        untrusted,
        ...leaves,
      ],
      { encoding: 'utf8' },
    );
    const accepted = new Set([...stdout.matchAll(/^(.*): OK$/gm)].map((match) => match[1]));
    const pool = trees.flatMap(({ chain }) => chain.map(({ certificate }) => certificate));
    const differ: string[] = [];
    let good = 0;
    for (const [index, tree] of trees.entries()) {
      const { paths, rejected } = await buildPaths({
        leaf: tree.leaf.certificate,
        anchors: [anchorOf(R)],
        pool,
        at: NOW,
        profile: '1.3',
        fetchIssuers: async () => ({ why: 'nothing is fetched here' }),
      });
      if (paths.length > 0) good++;
      if (paths.length > 0 !== accepted.has(leaves[index]!))
        differ.push(`${index}: ${JSON.stringify(rejected.map((r) => r.cause))}`);
    }
    expect(differ).toEqual([]);
    expect(good).toBeGreaterThan(40);
    expect(good).toBeLessThan(130);
  });

  it('on lists: good, revoked, stale, forged', async () => {
    const url = 'http://pki.example/r.crl';
    const of = ecLeaf(R, bob, { crlUrls: [url] });
    const base = { issuer: R, number: 1, thisUpdate: NOW - 1000, nextUpdate: NOW + DAY, revoked: [] };
    const lists: [Uint8Array, string, boolean][] = [
      [issueCrl(base), 'good', true],
      [
        issueCrl({
          ...base,
          revoked: [{ serial: of.certificate.serial, at: NOW - DAY, reason: 'keyCompromise' }],
        }),
        'revoked',
        false,
      ],
      [issueCrl({ ...base, nextUpdate: NOW - 600_000 }), 'unknown', false],
      [issueCrl({ ...base, signWith: keyPool.take('p256', 6) }), 'unknown', false],
      [issueCrl({ ...base, scope: { onlyCaCerts: true } }), 'unknown', false],
      [issueCrl({ ...base, scope: { onlyUserCerts: true } }), 'good', true],
    ];
    for (const [body, state, valid] of lists) {
      const path = join(folder, `${files++}.crl`);
      writeFileSync(path, writePem('X509 CRL', body));
      expect(
        await checkRevocation(
          of.certificate,
          R.certificate,
          async () => ({ ok: true, body }),
          NOW,
          createRevocationCache(),
        ),
      ).toMatchObject({ state });
      const flags = ['-crl_check', '-CRLfile', path, '-extended_crl'];
      expect(opensslAccepts({ leaf: of, anchor: R }, flags)).toBe(valid);
    }
  });
});

describe.skipIf(!openssl)('openssl reads every certificate that we make', () => {
  it.each(rows)('%s', (_title, tree) => {
    for (const { certificate } of [tree.leaf, ...(tree.chain ?? [])]) {
      const text = execFileSync(
        openssl!,
        ['x509', '-inform', 'DER', '-noout', '-serial', '-fingerprint', '-sha256', '-email'],
        {
          input: certificate.der,
          encoding: 'utf8',
        },
      );
      expect(text.replaceAll(':', '').toLowerCase()).toContain(certificate.sha256);
      expect(text.toLowerCase()).toContain(`serial=${certificate.serial}`);
      for (const email of certificate.emails) expect(text).toContain(email);
    }
  });
});

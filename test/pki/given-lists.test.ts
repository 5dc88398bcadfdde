import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { children, raw, readAsn1 } from '../../src/asn1/read.ts';
import { explicit, oid, sequence, setOf, utf8String } from '../../src/asn1/write.ts';
import { type CrlSpec, issueCrl, parseCrl } from '../../src/pki/crl.ts';
import { issuerFacts } from '../../src/pki/crl-acceptance.ts';
import { encodeGeneralName, type GeneralName } from '../../src/pki/general-name.ts';
import { checkGivenLists } from '../../src/pki/given-lists.ts';
import { completeKey, inheritsKey } from '../../src/pki/inherited-key.ts';
import type { Issued } from '../../src/pki/issue.ts';
import { keyPair, keyPool } from '../../src/pki/keys.ts';
import { parseName } from '../../src/pki/name.ts';
import { EXT } from '../../src/pki/oids.ts';
import { buildPaths } from '../../src/pki/path/build.ts';
import { anchorOf, DAY, ecLeaf, intermediate, NOW, root } from './fixtures.ts';

const ca = root('CA');
const rdn = sequence(oid('2.5.4.3'), utf8String('list 1'));
const own = children(readAsn1(ca.certificate.subjectDer)).map(raw);
const full: GeneralName = { type: 'directory', name: parseName(sequence(...own, setOf(rdn))) };

/** A distribution point by full name, or by what it adds to the issuer's name. */
const point = (name: Uint8Array) => ({
  crlUrls: [],
  extensions: [
    { oid: EXT.cRLDistributionPoints, critical: false, value: sequence(sequence(explicit(0, name))) },
  ],
});
const byFull = explicit(0, encodeGeneralName(full));
const byPart = explicit(1, rdn);

const list = (spec: Partial<CrlSpec> = {}) =>
  parseCrl(
    issueCrl({ issuer: ca, number: 1, thisUpdate: NOW - DAY, nextUpdate: NOW + DAY, revoked: [], ...spec }),
  );
const scoped = (name: Uint8Array, spec: Partial<CrlSpec> = {}) =>
  list({
    ...spec,
    extensions: [{ oid: EXT.issuingDistributionPoint, critical: true, value: sequence(explicit(0, name)) }],
  });
const check = (of: Issued, ...lists: ReturnType<typeof list>[]) =>
  checkGivenLists(of.certificate, issuerFacts(ca.certificate), { lists, proven: () => [] }, NOW);
const listed = { revoked: [{ serial: '05', at: NOW - DAY }] };
const leaf = (spec = {}) => ecLeaf(ca, 'bob@d.example', { serial: 5, ...spec });

describe('lists at hand (RFC 5280 §6.3.3)', () => {
  it.each([
    ['full name and full name', byFull, byFull],
    ['full name and part', byFull, byPart],
    ['part and full name', byPart, byFull],
    ['part and part', byPart, byPart],
  ])('meet their distribution point: %s', async (_, certificate, scope) => {
    const of = leaf(point(certificate));
    expect(await check(of, scoped(scope))).toMatchObject({ state: 'good' });
    expect(await check(of, scoped(scope, listed))).toMatchObject({ state: 'revoked' });
    const elsewhere = explicit(1, sequence(oid('2.5.4.3'), utf8String('list 2')));
    expect(await check(of, scoped(elsewhere))).toMatchObject({ state: 'unknown', code: 'scope' });
  });

  it('need no distribution point in the certificate', async () => {
    expect(await check(leaf(), list())).toMatchObject({ state: 'good', nextUpdate: NOW + DAY });
    expect(await check(leaf(), list(listed))).toMatchObject({ state: 'revoked' });
    expect(await check(leaf())).toMatchObject({ state: 'unknown', code: 'none-named' });
  });

  it('are put together when each speaks of some reasons', async () => {
    const some = list({ scope: { onlyReasons: 0b0_0000_0110 } });
    const rest = list({ scope: { onlyReasons: 0b1_1111_1000 } });
    expect(await check(leaf(), some, rest)).toMatchObject({ state: 'good' });
    expect(await check(leaf(), some)).toMatchObject({ state: 'unknown', code: 'scope' });
  });

  it('a forged delta changes nothing', async () => {
    const delta = { number: 2, deltaBase: 1, ...listed };
    expect(await check(leaf(), list(), list(delta))).toMatchObject({ state: 'revoked' });
    const forged = list({ ...delta, signWith: keyPool.take('p256', 6) });
    expect(await check(leaf(), list(), forged)).toMatchObject({ state: 'good' });
  });
});

describe('a DSA key that has its parameters from above (RFC 5280 §6.1.4)', () => {
  const { privateKey, publicKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
  const pair = keyPair(privateKey, publicKey);
  const [algorithm, key] = children(readAsn1(pair.spki));
  const bare = sequence(sequence(raw(children(algorithm!)[0]!)), raw(key!));
  const anchor = root('DSA', 0, { key: pair });
  const middle = intermediate(anchor, 'Bare', 0, { key: { ...pair, spki: bare }, ski: '01' });
  const bob = ecLeaf({ ...middle, key: pair }, 'bob@d.example');

  it('is completed', () => {
    expect([inheritsKey(bare), inheritsKey(pair.spki), inheritsKey(ca.certificate.spki)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(completeKey(bare, pair.spki)).toEqual(new Uint8Array(pair.spki));
    expect(completeKey(bare, ca.certificate.spki)).toBe(bare);
  });

  it('verifies what is below it, in the permissive profile only', async () => {
    const built = (profile: 'permissive' | '1.3') =>
      buildPaths({
        leaf: bob.certificate,
        anchors: [anchorOf(anchor)],
        pool: [middle.certificate],
        fetchIssuers: async () => ({ why: 'nothing is fetched' }),
        at: NOW,
        profile,
      });
    expect((await built('permissive')).paths).toHaveLength(1);
    expect((await built('1.3')).paths).toEqual([]);
  });
});

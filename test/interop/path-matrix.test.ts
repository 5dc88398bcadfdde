import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import type { Issued } from '../../src/pki/issue.ts';
import { ANY_POLICY } from '../../src/pki/oids.ts';
import { NOW } from '../pki/fixtures.ts';
import { MATRIX, type Tree } from '../pki/path/matrix.ts';
import { peer } from './peers.ts';

const openssl = peer('openssl');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anchorage-matrix-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const write = (text: string): string => {
  const path = join(folder, `${files++}.pem`);
  writeFileSync(path, text);
  return path;
};
const pem = (issued: readonly Issued[]): string =>
  write(issued.map(({ certificate }) => writePem('CERTIFICATE', certificate.der)).join(''));

/** The same question, as options. */
function optionsOf({ policy = {}, at = NOW, crl }: Tree): string[] {
  const { policies = [ANY_POLICY], explicitPolicy, inhibitMapping, inhibitAny, profile } = policy;
  return [
    ...['-attime', `${at / 1000}`, '-auth_level', profile === 'permissive' ? '0' : '2', '-policy_check'],
    ...policies.flatMap((one) => ['-policy', one]),
    ...(explicitPolicy ? ['-explicit_policy'] : []),
    ...(inhibitMapping ? ['-inhibit_map'] : []),
    ...(inhibitAny ? ['-inhibit_any'] : []),
    ...(crl ? ['-crl_check', '-CRLfile', write(writePem('X509 CRL', crl))] : []),
  ];
}

function accepts(tree: Tree): boolean {
  const [leaf, ...chain] = tree.path;
  const { status, stdout, stderr } = spawnSync(
    openssl!,
    [
      'verify',
      '-no-CApath',
      '-no-CAstore',
      ...optionsOf(tree),
      ...['-CAfile', pem([tree.anchor])],
      ...(chain.length > 0 ? ['-untrusted', pem(chain)] : []),
      pem([leaf!]),
    ],
    { encoding: 'utf8' },
  );
  expect(stdout + stderr).toMatch(/: OK|error/);
  return status === 0;
}

describe.skipIf(!openssl)('openssl verify over the matrix of RFC 5280 §6.1', () => {
  it.each(MATRIX)('$clause: $wants', ({ valid, invalid, differs }) => {
    if (differs && 'cannotAsk' in differs) return;
    const expected = {
      valid: differs?.twin !== 'valid',
      invalid: differs?.twin === 'invalid',
    };
    expect({ valid: accepts(valid), invalid: accepts(invalid) }).toEqual(expected);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle, bundlePem } from '../../src/trust/bundle/build.ts';
import { readBundle } from '../../src/trust/bundle/read.ts';
import {
  A,
  anchors,
  authority,
  B,
  C,
  NOW,
  pems,
  pin,
  publisher,
  refusal,
  shas,
  signed,
  stranger,
  subordinate,
  unsigned,
} from '../trust/bundle/fixtures.ts';
import { AT, type Bench, bench, openssl } from './cms-openssl.ts';

describe.skipIf(!openssl)('trust bundles and openssl', () => {
  let box: Bench;
  beforeAll(() => {
    box = bench();
    box.put('anchors.pem', pems([A, B, C]));
    for (const [name, issued] of Object.entries({ publisher, stranger, subordinate, authority }))
      box.person(name, issued);
    box.put('ours.p7b', unsigned());
    box.put('ours.p7m', signed([A, B, C], publisher, NOW));
  });
  afterAll(() => box.close());

  const three = shas([A, B, C]);
  const subjects = (text: Buffer): number => text.toString().match(/^subject=/gm)?.length ?? 0;

  it.each<[string, Uint8Array | string, string, number]>([
    ['DER', unsigned(), 'DER', 3],
    ['PEM', bundlePem(unsigned()), 'PEM', 3],
    [
      'with metadata',
      buildBundle({ certificates: [A, B], metadata: { profile: 'P', distributionPoints: ['u'] } }),
      'DER',
      2,
    ],
    ['ten anchors', unsigned(anchors), 'DER', 10],
  ])('openssl pkcs7 lists ours: %s', (_, bytes, form, count) => {
    box.put('object', bytes);
    expect(subjects(box.run('pkcs7', '-inform', form, '-in', 'object', '-print_certs', '-noout'))).toBe(
      count,
    );
  });

  it('openssl cms verifies ours, and gives the bundle inside octet for octet', () => {
    const verify = [
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      'ours.p7m',
      '-purpose',
      'any',
      ...AT,
    ];
    expect(Buffer.compare(box.run(...verify, '-CAfile', 'publisher.crt'), unsigned())).toBe(0);
    expect(box.status(...verify, '-CAfile', 'stranger.crt')).not.toBe(0);
    expect(
      box.status(...verify, '-nointern', '-certfile', 'stranger.crt', '-CAfile', 'publisher.crt'),
    ).not.toBe(0);
  });

  it.each<[string, string[]]>([
    ['DER', ['-outform', 'DER']],
    ['PEM', ['-outform', 'PEM']],
  ])('we read crl2pkcs7: %s', (_, form) => {
    const made = box.run('crl2pkcs7', '-nocrl', '-certfile', 'anchors.pem', ...form);
    const bundle = readBundle(made, { at: NOW });
    expect(shas(bundle.certificates)).toEqual(three);
    expect(bundle.form).toBe('unsigned');
  });

  const sign = (...more: string[]) =>
    box.run(
      'cms',
      '-sign',
      '-nodetach',
      '-binary',
      '-md',
      'sha256',
      '-signer',
      'publisher.crt',
      '-inkey',
      'publisher.key',
      ...more,
    );

  it.each<[string, string[]]>([
    ['a DER bundle inside DER', ['-in', 'ours.p7b', '-outform', 'DER']],
    ['inside PEM', ['-in', 'ours.p7b', '-outform', 'PEM']],
    ['inside BER of a stream', ['-in', 'ours.p7b', '-outform', 'DER', '-stream']],
    ['without certificates', ['-in', 'ours.p7b', '-outform', 'DER', '-nocerts']],
    ['without attributes', ['-in', 'ours.p7b', '-outform', 'DER', '-noattr']],
    ['named by key identifier', ['-in', 'ours.p7b', '-outform', 'DER', '-keyid']],
    ['PEM inside', ['-in', 'inner.pem', '-outform', 'DER']],
    ['their bundle inside', ['-in', 'theirs.p7b', '-outform', 'DER']],
  ])('we verify cms -sign: %s', (_, more) => {
    box.put('inner.pem', bundlePem(unsigned()));
    box.put('theirs.p7b', box.run('crl2pkcs7', '-nocrl', '-certfile', 'anchors.pem', '-outform', 'DER'));
    const made = sign(...more);
    const bundle = readBundle(made, { at: NOW, pins: [pin(publisher)] });
    expect(shas(bundle.certificates)).toEqual(three);
    expect(bundle.signature?.signer).toBe(publisher.certificate);
    expect(refusal(() => readBundle(made, { at: NOW, pins: [pin(stranger)] }))).toBe(
      'signer-mismatch bundle.signer-mismatch',
    );
  });

  it('we verify a signer below a pinned authority', () => {
    const made = box.run(
      'cms',
      '-sign',
      '-nodetach',
      '-binary',
      '-signer',
      'subordinate.crt',
      '-inkey',
      'subordinate.key',
      '-in',
      'ours.p7b',
      '-outform',
      'DER',
    );
    expect(readBundle(made, { at: NOW, pins: [pin(authority, 'authority')] }).certificates).toHaveLength(3);
  });

  it('a detached signature of theirs is no bundle', () => {
    const made = box.run(
      'cms',
      '-sign',
      '-binary',
      '-signer',
      'publisher.crt',
      '-inkey',
      'publisher.key',
      '-in',
      'ours.p7b',
      '-outform',
      'DER',
    );
    expect(refusal(() => readBundle(made, { at: NOW, pins: [pin(publisher)] }))).toBe('format bundle.format');
  });
});

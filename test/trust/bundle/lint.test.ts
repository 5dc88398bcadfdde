import { describe, expect, it } from 'vitest';
import type { Certificate } from '../../../src/pki/certificate.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { buildBundle, signBundle } from '../../../src/trust/bundle/build.ts';
import { diffBundles, isUnchanged } from '../../../src/trust/bundle/diff.ts';
import { type LintOptions, lintBundle } from '../../../src/trust/bundle/lint.ts';
import type { Metadata } from '../../../src/trust/bundle/metadata.ts';
import { BUNDLE_NOTE_CODES, type BundleNote, noteText } from '../../../src/trust/bundle/note.ts';
import { readBundle } from '../../../src/trust/bundle/read.ts';
import {
  A,
  anchors,
  B,
  C,
  DAY,
  NOW,
  pems,
  pin,
  publisher,
  root,
  signed,
  signerOf,
  unsigned,
} from './fixtures.ts';

const HTTPS = 'https://b.example/x.p7b';
const seen = new Set<string>();
const lint = (bytes: Uint8Array | string, options: Partial<LintOptions> = {}): BundleNote[] => {
  const notes = lintBundle(readBundle(Buffer.from(bytes as Uint8Array), { at: NOW }), {
    at: NOW,
    url: HTTPS,
    ...options,
  });
  for (const { code } of notes) seen.add(code);
  return notes;
};
const codes = (notes: readonly BundleNote[]): string[] =>
  notes.map(({ code }) => code.replace('bundle.', ''));
const withOne = (spec: Parameters<typeof root>[1]): Uint8Array => unsigned([root('Odd', spec).certificate]);
const described = (metadata: Partial<Metadata>, certificates: readonly Certificate[] = [A, B]): Uint8Array =>
  buildBundle({ certificates, metadata: { profile: 'P', distributionPoints: [HTTPS], ...metadata } });

describe('lint', () => {
  it.each<[string, Uint8Array | string, string[], Partial<LintOptions>?]>([
    ['good ones', unsigned(), []],
    ['good ones with metadata', described({ validFrom: NOW - DAY, validTo: NOW + DAY }), []],
    ['an expired one', withOne({ notAfter: NOW - DAY }), ['anchor-expired']],
    ['one of tomorrow', withOne({ notBefore: NOW + DAY }), ['anchor-early']],
    ['one that ends soon', withOne({ notAfter: NOW + 10 * DAY }), ['anchor-expiring']],
    ['no CA', withOne({ profile: 'address', emails: ['a@a.example'] }), ['anchor-not-ca']],
    ['version 1', withOne({ version: 1 }), ['anchor-not-ca']],
    ['no keyCertSign', withOne({ keyUsage: ['cRLSign'] }), ['anchor-no-cert-sign']],
    ['no key usage at all', withOne({ keyUsage: null }), []],
    ['a weak key', withOne({ key: keyPool.take('rsa1024') }), ['anchor-weak-key']],
    ['a weak key, by old rules', withOne({ key: keyPool.take('rsa1024') }), [], { profile: '1.2' }],
    ['SHA-1', withOne({ digest: 'sha1' }), ['anchor-weak-signature']],
    ['a negative serial number', withOne({ serial: -77n }), ['anchor-negative-serial']],
    ['serial number zero', withOne({ serial: 0n }), ['anchor-negative-serial']],
    ['revoked', unsigned([A]), ['anchor-revoked'], { revoked: () => 'key compromise' }],
    ['a double', pems([A, B, A, A]), ['concatenated', 'anchor-duplicate']],
    ['plain http', unsigned(), ['not-authenticated'], { url: 'http://b.example/x.p7b' }],
    ['named .p7m', unsigned(), ['named-signed'], { url: 'https://b.example/x.P7M?y' }],
    ['validity passed', described({ validTo: NOW - 1 }), ['validity-passed']],
    ['validity ahead', described({ validFrom: NOW + 1 }), ['validity-ahead']],
    [
      'another place',
      described({ distributionPoints: ['https://other.example/x.p7b'] }),
      ['distribution-point'],
    ],
    ['the same place in other words', described({ distributionPoints: ['HTTPS://B.example:443/x.p7b'] }), []],
  ])('%s', (_, bytes, expected, options) => {
    expect(codes(lint(bytes, options))).toEqual(expected);
  });

  it('the list disagrees with the set', () => {
    const three = Buffer.from(described({}, [A, B, C]));
    const text = three.toString('latin1').replace(/<X509SerialNumber>\d/, '<X509SerialNumber>9');
    const note = lint(Buffer.from(text, 'latin1')).find(({ code }) => code === 'bundle.anchor-list')!;
    expect(note.params).toMatchObject({
      unlisted: [expect.any(String)],
      absent: [expect.stringMatching(/^9/)],
    });
  });

  it('a signed one: by a pin over http nothing is amiss', () => {
    const bundle = readBundle(signed(), { at: NOW, pins: [pin(publisher)] });
    expect(codes(lintBundle(bundle, { at: NOW, url: 'http://b.example/x.p7m' }))).toEqual(['embedded-extra']);
    expect(codes(lint(signBundle(unsigned(), signerOf(publisher))))).toContain('signed-not-pinned');
  });

  it('each note is a sentence with its source', () => {
    for (const note of [...lint(withOne({ notAfter: NOW - DAY })), ...lint(pems([A, A]))]) {
      expect(noteText(note)).toMatch(/^\S.*[^.]$/);
      expect(note.cites[0]).toMatch(/^REQ-TB-\d\d$/);
    }
    expect(seen.size).toBeGreaterThan(BUNDLE_NOTE_CODES.length / 2);
  });
});

describe('diff', () => {
  const renewed = root('Anchor 0').certificate;
  it.each<[string, readonly Certificate[], readonly Certificate[], [number, number, number, number]]>([
    ['nothing', [A, B], [B, A], [0, 0, 0, 2]],
    ['one more', [A], [A, B], [1, 0, 0, 1]],
    ['one less', [A, B], [B], [0, 1, 0, 1]],
    ['one renewed', [A, B], [renewed, B], [0, 0, 1, 1]],
    ['all others', anchors.slice(0, 3), anchors.slice(3, 5), [2, 3, 0, 0]],
    ['from nothing', [], [A, A], [1, 0, 0, 0]],
  ])('%s', (_, before, after, [added, removed, changed, same]) => {
    const diff = diffBundles(before, after);
    expect([diff.added.length, diff.removed.length, diff.changed.length, diff.same]).toEqual([
      added,
      removed,
      changed,
      same,
    ]);
    expect(isUnchanged(diff)).toBe(added + removed + changed === 0);
  });
});

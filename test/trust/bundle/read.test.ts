import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePem } from '../../../src/asn1/pem.ts';
import { encode, explicit, integer, octetString, oid, sequence, setOf } from '../../../src/asn1/write.ts';
import { signData } from '../../../src/cms/sign.ts';
import { buildBundle, bundlePem, signBundle } from '../../../src/trust/bundle/build.ts';
import { BundleError } from '../../../src/trust/bundle/error.ts';
import { BUNDLE_LIMITS } from '../../../src/trust/bundle/packing.ts';
import { readBundle } from '../../../src/trust/bundle/read.ts';
import type { Pin } from '../../../src/trust/bundle/signature.ts';
import {
  A,
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
  signerOf,
  stranger,
  subordinate,
  unsigned,
} from './fixtures.ts';

const read = (bytes: Uint8Array | string, pins: readonly Pin[] = []) =>
  readBundle(Buffer.from(bytes as Uint8Array), { pins, at: NOW, url: 'https://b.example/x.p7b' });

/** The same structure with indefinite lengths and a cut content. */
function indefinite(certificates: readonly Uint8Array[], content?: Uint8Array): Uint8Array {
  const end = Uint8Array.of(0, 0);
  const open = (tag: number, ...parts: readonly Uint8Array[]) =>
    Buffer.concat([Uint8Array.of(tag, 0x80), ...parts, end]);
  const cut = (bytes: Uint8Array) =>
    open(0x24, octetString(bytes.subarray(0, 100)), octetString(bytes.subarray(100)));
  const inside = content ? [open(0xa0, cut(content))] : [];
  return open(
    0x30,
    oid('1.2.840.113549.1.7.2'),
    open(
      0xa0,
      open(
        0x30,
        integer(1),
        setOf(),
        open(0x30, oid('1.2.840.113549.1.7.1'), ...inside),
        open(0xa0, ...certificates),
        setOf(),
      ),
    ),
  );
}

const ders = [A, B, C].map(({ der }) => der);
const xml = Buffer.from(
  `<TrustBundle><Profile>P</Profile><DistributionPoint>${'x'.repeat(200)}</DistributionPoint></TrustBundle>`,
);

describe('the same three anchors are read', () => {
  it.each<[string, Uint8Array | string, string, string[]]>([
    ['in DER', unsigned(), 'unsigned DER', []],
    [
      'in BER with indefinite lengths',
      indefinite(ders),
      'unsigned BER',
      ['bundle.encoding', 'bundle.unsorted'],
    ],
    ['in BER with metadata cut in pieces', indefinite(ders, xml), 'unsigned BER', ['bundle.encoding']],
    ['in PEM labelled PKCS7', bundlePem(unsigned()), 'unsigned PEM', ['bundle.encoding']],
    ['in PEM labelled CMS', writePem('CMS', unsigned()), 'unsigned PEM', ['bundle.encoding']],
    [
      'in PEM with text and CRLF',
      `# ours\r\n${bundlePem(unsigned()).replaceAll('\n', '\r\n')}`,
      'unsigned PEM',
      [],
    ],
    ['as PEM certificates', pems([A, B, C]), 'certificates PEM', ['bundle.concatenated']],
    ['with a line end behind', Buffer.concat([unsigned(), Buffer.from('\r\n')]), 'unsigned DER', []],
    [
      'with octets behind',
      Buffer.concat([unsigned(), Buffer.from('abc')]),
      'unsigned DER',
      ['bundle.trailing'],
    ],
    ['signed', signed(), 'signed DER DER', ['bundle.signed-not-pinned']],
    ['signed, in PEM', writePem('PKCS7', signed()), 'signed PEM DER', []],
    ['signed in BER', ber(unsigned()), 'signed BER DER', ['bundle.encoding']],
    [
      'PEM inside a signature',
      signBundle(Buffer.from(bundlePem(unsigned())), signerOf(publisher)),
      'signed DER PEM',
      [],
    ],
    ['BER inside a signature', signBundle(indefinite(ders), signerOf(publisher)), 'signed DER BER', []],
    ['signed as type signed-data', typed(unsigned()), 'signed DER DER', []],
  ])('%s', (_, bytes, form, notes) => {
    const bundle = read(bytes);
    expect(shas(bundle.certificates)).toEqual(shas([A, B, C]));
    expect([bundle.form, bundle.encoding, bundle.innerEncoding].filter(Boolean).join(' ')).toBe(form);
    const codes = bundle.notes.map(({ code }) => code as string);
    for (const code of notes.filter((note) => note !== 'bundle.unsorted')) expect(codes).toContain(code);
  });
});

function ber(content: Uint8Array): Uint8Array {
  return signData(content, [signerOf(publisher)], { detached: false, ber: true });
}
function typed(content: Uint8Array): Uint8Array {
  return signData(content, [signerOf(publisher)], { detached: false, contentType: '1.2.840.113549.1.7.2' });
}

const detached = signData(unsigned(), [signerOf(publisher)], { detached: true });
const stripped = sequence(
  oid('1.2.840.113549.1.7.2'),
  explicit(
    0,
    sequence(
      integer(1),
      setOf(),
      sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octetString(unsigned()))),
      encode(0xa0, publisher.certificate.der),
      setOf(),
    ),
  ),
);
const emptySet = sequence(
  oid('1.2.840.113549.1.7.2'),
  explicit(0, sequence(integer(1), setOf(), sequence(oid('1.2.840.113549.1.7.1')), encode(0xa0), setOf())),
);
const metadataOf = (text: string) =>
  sequence(
    oid('1.2.840.113549.1.7.2'),
    explicit(
      0,
      sequence(
        integer(1),
        setOf(),
        sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octetString(Buffer.from(text)))),
        encode(0xa0, ...ders),
        setOf(),
      ),
    ),
  );
const changed = (bytes: Uint8Array, from: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[from] = copy[from]! ^ 1;
  return copy;
};
const manyValues = (count: number) =>
  sequence(
    oid('1.2.840.113549.1.7.2'),
    explicit(
      0,
      sequence(
        integer(1),
        setOf(),
        sequence(oid('1.2.840.113549.1.7.1')),
        encode(
          0xa0,
          new Uint8Array(2 * count).map((_, i) => (i % 2 ? 0 : 0x30)),
        ),
        setOf(),
      ),
    ),
  );

describe('what is no bundle is refused, with its reason', () => {
  it.each<[string, Uint8Array | string, string]>([
    ['nothing', '', 'format bundle.format'],
    ['a web page', '<!DOCTYPE html><html>Sign in</html>', 'format bundle.format'],
    ['garbage', 'not a bundle at all', 'format bundle.format'],
    ['a truncated one', unsigned().subarray(0, 1500), 'format bundle.format'],
    ['one cut at its end', unsigned().subarray(0, -1), 'format bundle.format'],
    ['a truncated PEM', bundlePem(unsigned()).slice(0, 900), 'format bundle.format'],
    ['a single certificate', A.der, 'format bundle.format'],
    ['no certificates', emptySet, 'empty bundle.empty'],
    ['a signed one without certificates', signBundle(emptySet, signerOf(publisher)), 'empty bundle.empty'],
    ['a detached signature', detached, 'format bundle.format'],
    ['a signature twice', signBundle(signed(), signerOf(publisher)), 'format bundle.format'],
    ['a signed one whose signature was taken off', stripped, 'format bundle.format'],
    ['a broken signature', changed(signed(), signed().length - 5), 'signature bundle.signature'],
    ['changed content under a signature', changed(signed(), 900), 'signature bundle.signature'],
    ['a DTD', metadataOf('<!DOCTYPE a [<!ENTITY b "c">]><TrustBundle/>'), 'metadata bundle.metadata'],
    [
      'an entity',
      metadataOf('<TrustBundle><Profile>&b;</Profile></TrustBundle>'),
      'metadata bundle.metadata',
    ],
    ['certificates that cannot be read', manyValues(3), 'format bundle.format'],
    ['too many certificates', manyValues(BUNDLE_LIMITS.certificates + 1), 'limit bundle.format'],
    ['a million values', manyValues(1_000_000), 'limit bundle.format'],
    ['more than 8 MiB', new Uint8Array(BUNDLE_LIMITS.octets + 1), 'limit bundle.format'],
  ])('%s', (_, bytes, expected) => {
    expect(refusal(() => read(bytes))).toBe(expected);
  });
});

const bySki = signData(unsigned(), [{ ...signerOf(publisher), by: 'ski' }], { detached: false });
const bare = signData(unsigned(), [signerOf(publisher)], { detached: false, embedSigners: false });
const twoSigners = signData(unsigned(), [signerOf(stranger), signerOf(publisher)], { detached: false });
const weak = signData(unsigned(), [{ ...signerOf(publisher), digest: 'sha1' }], { detached: false });
const underAuthority = signBundle(unsigned(), signerOf(subordinate));

describe('a pinned signer', () => {
  it.each<[string, Uint8Array | string, Pin, string]>([
    ['its own signature', signed(), pin(publisher), 'none'],
    ['named by key identifier', bySki, pin(publisher), 'none'],
    ['its certificate not with it', bare, pin(publisher), 'none'],
    ['one of two signers', twoSigners, pin(publisher), 'none'],
    ['somebody under the pinned authority', underAuthority, pin(authority, 'authority'), 'none'],
    [
      'somebody not under it',
      signed(),
      pin(authority, 'authority'),
      'signer-mismatch bundle.signer-mismatch',
    ],
    ['somebody else', signed([A], stranger), pin(publisher), 'signer-mismatch bundle.signer-mismatch'],
    ['nobody', unsigned(), pin(publisher), 'signer-missing bundle.signer-missing'],
    ['nobody, in PEM certificates', pems([A, B]), pin(publisher), 'signer-missing bundle.signer-missing'],
    ['the signature taken off', stripped, pin(publisher), 'signer-missing bundle.signer-missing'],
    ['SHA-1', weak, pin(publisher), 'signature bundle.signature'],
    ['changed content', changed(signed(), 900), pin(publisher), 'signature bundle.signature'],
  ])('%s', (_, bytes, pinned, expected) => {
    expect(refusal(() => read(bytes, [pinned]))).toBe(expected);
  });

  it('is never an anchor', () => {
    const bundle = read(signed(), [pin(publisher)]);
    expect(bundle.certificates).not.toContain(publisher.certificate);
    expect(bundle.signature).toMatchObject({ signer: publisher.certificate, pin: pin(publisher) });
  });

  it('is not who only has its name and number', () => {
    const forger = { ...signerOf(stranger), certificate: publisher.certificate };
    const forged = signBundle(unsigned(), forger);
    expect(refusal(() => read(forged, [pin(publisher)]))).toBe('signature bundle.signature');
  });

  it('may have expired: the operator’s pin stands, with a note', () => {
    const late = { at: publisher.certificate.notAfter + 1, pins: [pin(publisher)] };
    expect(readBundle(signed(), late).notes.map(({ code }) => code)).toContain('bundle.signer-expired');
  });
});

it('what is built again is the same, octet for octet, in any order of input', () => {
  const metadata = { profile: 'P', distributionPoints: ['https://b.example/x.p7b'], validFrom: NOW };
  const one = buildBundle({ certificates: [A, B, C, A], metadata });
  const two = buildBundle({ certificates: [C, A, B], metadata });
  expect(Buffer.compare(one, two)).toBe(0);
  expect(Buffer.compare(signed([A, B], publisher, NOW), signed([B, A], publisher, NOW))).toBe(0);
  expect(refusal(() => buildBundle({ certificates: [] }))).toBe('spec bundle.format');
});

describe('any octets', () => {
  const whole = [unsigned(), signed(), Buffer.from(bundlePem(unsigned())), indefinite(ders, xml)];
  const safe = (bytes: Uint8Array): void => {
    try {
      const { certificates } = readBundle(bytes, { at: NOW });
      expect(certificates.length).toBeGreaterThan(0);
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
    }
  };
  it('are a bundle or a BundleError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), safe), { numRuns: 500 });
  });
  it('changed ones too', () => {
    const mutation = fc.tuple(
      fc.nat(whole.length - 1),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
    );
    fc.assert(
      fc.property(mutation, ([which, edits]) => {
        const bytes = Uint8Array.from(whole[which]!);
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        safe(bytes);
      }),
      { numRuns: 500 },
    );
  });
  it('a changed octet under a pinned signature never goes through with other anchors', () => {
    const good = signed();
    const wanted = shas([A, B, C]);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Uint8Array.from(good);
        bytes[at] = bytes[at]! ^ flip;
        try {
          const bundle = readBundle(bytes, { at: NOW, pins: [pin(publisher)] });
          expect(shas(bundle.certificates)).toEqual(wanted);
        } catch (error) {
          if (!(error instanceof BundleError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});

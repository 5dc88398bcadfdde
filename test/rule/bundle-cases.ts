import { encode, explicit, integer, octetString, oid, sequence, setOf } from '../../src/asn1/write.ts';
import { OID } from '../../src/cms/oids.ts';
import { signData } from '../../src/cms/sign.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { type BundlePlace, type BundleSubject, bundleSubject } from '../../src/rule/bundle/subject.ts';
import type { RuleId, RuleProfile, RuleStatus } from '../../src/rule/rule.ts';
import { buildBundle } from '../../src/trust/bundle/build.ts';
import type { Metadata } from '../../src/trust/bundle/metadata.ts';
import { NOW as AT } from '../pki/fixtures.ts';
import {
  A,
  anchors,
  B,
  DAY,
  pems,
  pin,
  publisher,
  root,
  signed,
  signerOf,
  stranger,
  unsigned,
} from '../trust/bundle/fixtures.ts';

export interface BundleChange extends BundlePlace {
  /** Default: a good bundle, unsigned. */
  readonly bytes?: Uint8Array | string;
}

export type BundleCase = [
  rule: RuleId,
  title: string,
  change: BundleChange,
  status: RuleStatus,
  profile?: RuleProfile,
];

export const bundleOf = ({ bytes = unsigned(), ...place }: BundleChange): BundleSubject =>
  bundleSubject(Buffer.from(bytes as Uint8Array), AT, place);

const HTTPS = 'https://b.example/x.p7b';
const withOne = (spec: Parameters<typeof root>[1]): BundleChange => ({
  bytes: unsigned([root('Odd', spec).certificate]),
});
const described = (metadata: Partial<Metadata>): BundleChange => ({
  bytes: buildBundle({
    certificates: [A, B],
    metadata: { profile: 'P', distributionPoints: [HTTPS], ...metadata },
  }),
  url: HTTPS,
});
const junk: BundleChange = { bytes: 'no bundle' };
const der = Buffer.from(unsigned());
const pem = `-----BEGIN PKCS7-----\n${der.toString('base64')}\n-----END PKCS7-----\n`;
/** An unsigned bundle with these octets for certificates, in this order. */
const packed = (certificates: readonly Uint8Array[], metadata?: string): Uint8Array =>
  sequence(
    oid(OID.signedData),
    explicit(
      0,
      sequence(
        integer(1),
        setOf(),
        sequence(
          oid(OID.data),
          ...(metadata === undefined ? [] : [explicit(0, octetString(Buffer.from(metadata)))]),
        ),
        encode(0xa0, ...certificates),
        setOf(),
      ),
    ),
  );
const none: BundleChange = { bytes: packed([]) };
const [first, second] = [A, B].map(({ der: octets }) => octets).toSorted(Buffer.compare) as [
  Uint8Array,
  Uint8Array,
];
const withText = (metadata: string): BundleChange => ({
  bytes: packed([first, second], metadata),
  url: HTTPS,
});
const late = root('Old publisher', { profile: 'bundle-signer', notAfter: AT - DAY });
const bare = signData(unsigned(), [signerOf(publisher)], { detached: false, embedSigners: false });

export const BUNDLE_CASES: BundleCase[] = [
  ['bundle/readable', 'DER', {}, 'pass'],
  ['bundle/readable', 'text', junk, 'fail'],
  ['bundle/readable', 'nothing', { bytes: '' }, 'fail'],
  ['bundle/readable', 'nothing in it', none, 'na'],

  ['bundle/not-empty', 'three', {}, 'pass'],
  ['bundle/not-empty', 'none', none, 'fail'],
  ['bundle/not-empty', 'text', junk, 'na'],

  ['bundle/signature', 'of the pinned signer', { bytes: signed(), pins: [pin(publisher)] }, 'pass'],
  ['bundle/signature', 'of anybody', { bytes: signed() }, 'pass'],
  ['bundle/signature', 'of another', { bytes: signed([A], stranger), pins: [pin(publisher)] }, 'fail'],
  ['bundle/signature', 'none, where one is pinned', { pins: [pin(publisher)] }, 'fail'],
  ['bundle/signature', 'none', {}, 'na'],

  ['bundle/metadata-safe', 'good ones', described({}), 'pass'],
  [
    'bundle/metadata-safe',
    'a document type',
    withText('<!DOCTYPE x [<!ENTITY y "z">]><TrustBundle/>'),
    'fail',
  ],
  ['bundle/metadata-safe', 'none', {}, 'na'],

  ['bundle/encoding', 'DER', {}, 'pass'],
  ['bundle/encoding', 'PEM', { bytes: pem }, 'info'],
  ['bundle/encoding', 'certificates', { bytes: pems([A]) }, 'na'],

  ['bundle/concatenated', 'one object', {}, 'pass'],
  ['bundle/concatenated', 'certificates', { bytes: pems([A, B]) }, 'warn'],
  ['bundle/concatenated', 'text', junk, 'na'],

  ['bundle/trailing', 'nothing', {}, 'pass'],
  ['bundle/trailing', 'two octets', { bytes: Buffer.concat([der, Buffer.of(1, 2)]) }, 'warn'],
  ['bundle/trailing', 'certificates', { bytes: pems([A]) }, 'na'],

  ['bundle/unsorted', 'built here', { bytes: unsigned(anchors) }, 'pass'],
  ['bundle/unsorted', 'another order', { bytes: packed([second, first]) }, 'info'],
  ['bundle/unsorted', 'certificates', { bytes: pems([A]) }, 'na'],

  ['bundle/named-signed', 'signed', { bytes: signed(), file: 'x.p7m' }, 'pass'],
  ['bundle/named-signed', 'unsigned', { file: 'x.p7m' }, 'warn'],
  ['bundle/named-signed', 'another name', { file: 'x.p7b' }, 'na'],

  ['bundle/embedded-extra', 'none', { bytes: bare, pins: [pin(publisher)] }, 'pass'],
  ['bundle/embedded-extra', 'the signer', { bytes: signed() }, 'info'],
  ['bundle/embedded-extra', 'not signed', {}, 'na'],

  ['bundle/not-authenticated', 'TLS', { url: HTTPS }, 'pass'],
  [
    'bundle/not-authenticated',
    'a pinned signer',
    { bytes: signed(), pins: [pin(publisher)], url: 'http://b.example/x' },
    'pass',
  ],
  ['bundle/not-authenticated', 'neither', { url: 'http://b.example/x.p7b' }, 'warn'],
  ['bundle/not-authenticated', 'a file', {}, 'na'],

  ['bundle/signed-not-pinned', 'pinned', { bytes: signed(), pins: [pin(publisher)] }, 'pass'],
  ['bundle/signed-not-pinned', 'not pinned', { bytes: signed() }, 'warn'],
  ['bundle/signed-not-pinned', 'not signed', {}, 'na'],

  ['bundle/signer-expired', 'in force', { bytes: signed(), pins: [pin(publisher)] }, 'pass'],
  ['bundle/signer-expired', 'over', { bytes: signed([A], late), pins: [pin(late)] }, 'warn'],
  ['bundle/signer-expired', 'nobody is pinned', { bytes: signed() }, 'na'],

  ['bundle/anchor-unreadable', 'all', {}, 'pass'],
  ['bundle/anchor-unreadable', 'one of two', { bytes: packed([first, sequence(integer(1))]) }, 'fail'],
  ['bundle/anchor-unreadable', 'text', junk, 'na'],

  ['bundle/anchor-duplicate', 'each once', {}, 'pass'],
  ['bundle/anchor-duplicate', 'one twice', { bytes: pems([A, B, A]) }, 'warn'],
  ['bundle/anchor-duplicate', 'text', junk, 'na'],

  ['bundle/anchor-expired', 'in force', {}, 'pass'],
  ['bundle/anchor-expired', 'over', withOne({ notAfter: AT - DAY }), 'fail'],
  ['bundle/anchor-expired', 'text', junk, 'na'],

  ['bundle/anchor-early', 'in force', {}, 'pass'],
  ['bundle/anchor-early', 'of tomorrow', withOne({ notBefore: AT + DAY }), 'fail'],
  ['bundle/anchor-early', 'text', junk, 'na'],

  ['bundle/anchor-expiring', 'for long', {}, 'pass'],
  ['bundle/anchor-expiring', 'ten days', withOne({ notAfter: AT + 10 * DAY }), 'warn'],
  ['bundle/anchor-expiring', 'text', junk, 'na'],

  ['bundle/anchor-not-ca', 'CAs', {}, 'pass'],
  ['bundle/anchor-not-ca', 'an address', withOne({ profile: 'address', emails: ['a@a.example'] }), 'fail'],
  ['bundle/anchor-not-ca', 'text', junk, 'na'],

  ['bundle/anchor-no-cert-sign', 'may', {}, 'pass'],
  ['bundle/anchor-no-cert-sign', 'may not', withOne({ keyUsage: ['cRLSign'] }), 'fail'],
  ['bundle/anchor-no-cert-sign', 'text', junk, 'na'],

  ['bundle/anchor-weak-key', '2048', {}, 'pass'],
  ['bundle/anchor-weak-key', '1024', withOne({ key: keyPool.take('rsa1024') }), 'fail'],
  ['bundle/anchor-weak-key', '1024 under 1.2', withOne({ key: keyPool.take('rsa1024') }), 'pass', '1.2'],
  ['bundle/anchor-weak-key', 'text', junk, 'na'],

  ['bundle/anchor-weak-signature', 'SHA-256', {}, 'pass'],
  ['bundle/anchor-weak-signature', 'SHA-1', withOne({ digest: 'sha1' }), 'warn'],
  ['bundle/anchor-weak-signature', 'text', junk, 'na'],

  ['bundle/anchor-negative-serial', 'positive', {}, 'pass'],
  ['bundle/anchor-negative-serial', 'negative', withOne({ serial: -77n }), 'warn'],
  ['bundle/anchor-negative-serial', 'text', junk, 'na'],

  ['bundle/anchor-revoked', 'good', { revoked: () => undefined }, 'pass'],
  ['bundle/anchor-revoked', 'revoked', { bytes: unsigned([A]), revoked: () => 'key compromise' }, 'fail'],
  ['bundle/anchor-revoked', 'nobody knows', {}, 'na'],

  ['bundle/metadata-fault', 'good ones', described({}), 'pass'],
  [
    'bundle/metadata-fault',
    'without a profile',
    withText('<TrustBundle><DistributionPoint>https://b.example/x.p7b</DistributionPoint></TrustBundle>'),
    'warn',
  ],
  ['bundle/metadata-fault', 'none', {}, 'na'],

  ['bundle/validity-passed', 'to come', described({ validTo: AT + DAY }), 'pass'],
  ['bundle/validity-passed', 'passed', described({ validTo: AT - DAY }), 'warn'],
  ['bundle/validity-passed', 'not stated', described({}), 'na'],

  ['bundle/validity-ahead', 'begun', described({ validFrom: AT - DAY }), 'pass'],
  ['bundle/validity-ahead', 'ahead', described({ validFrom: AT + DAY }), 'warn'],
  ['bundle/validity-ahead', 'not stated', described({}), 'na'],

  ['bundle/distribution-point', 'here', described({}), 'pass'],
  ['bundle/distribution-point', 'elsewhere', { ...described({}), url: 'https://c.example/y.p7b' }, 'warn'],
  ['bundle/distribution-point', 'none', { url: HTTPS }, 'na'],

  ['bundle/anchor-list', 'the same', described({}), 'pass'],
  [
    'bundle/anchor-list',
    'another',
    withText('<TrustBundle><Profile>P</Profile><Anchors/></TrustBundle>'),
    'warn',
  ],
  ['bundle/anchor-list', 'none', {}, 'na'],
];

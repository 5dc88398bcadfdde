import { sequence } from '../../src/asn1/write.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { type CertificateSpec, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { EKU, EXT } from '../../src/pki/oids.ts';
import {
  type CertificateSubject,
  certificateSubject,
  type Role,
} from '../../src/rule/certificate/subject.ts';
import type { RuleId, RuleProfile, RuleStatus } from '../../src/rule/rule.ts';
import { DAY, intermediate, NOW, root } from '../pki/fixtures.ts';

export interface CertificateChange extends Partial<CertificateSpec> {
  readonly as?: Role;
  /** The issuer is not at hand. */
  readonly alone?: boolean;
  readonly edit?: (der: Buffer) => Uint8Array;
}

export type CertificateCase = [
  rule: RuleId,
  title: string,
  change: CertificateChange,
  status: RuleStatus,
  profile?: RuleProfile,
];

const anchor = root('Anchor', 0);
const authority = intermediate(anchor, 'Authority', 1);

/** A certificate that every rule is content with, but for the change. */
export function subjectOf({ as, alone, edit, ...spec }: CertificateChange): CertificateSubject {
  const { certificate } = issueCertificate({
    profile: 'address',
    subject: { O: 'Clinic', CN: 'Dr Bob' },
    key: keyPool.take('rsa2048', 0),
    issuer: authority,
    notBefore: NOW - 30 * DAY,
    notAfter: NOW + 700 * DAY,
    emails: spec.dnsNames && !spec.emails ? [] : ['bob@d.example'],
    crlUrls: ['http://pki.d.example/a.crl'],
    caIssuersUrls: ['http://pki.d.example/a.cer'],
    policies: ['1.3.6.1.4.1.41179.0.1.2', '1.3.6.1.4.1.41179.1.3', '1.3.6.1.4.1.41179.2.1'],
    ...spec,
  });
  const made = edit ? parseCertificate(edit(Buffer.from(certificate.der))) : certificate;
  return certificateSubject(made, { ...(as && { as }), ...(!alone && { known: [authority.certificate] }) });
}

/** Changes octets that stand in the certificate, the last time that they do when `last`. */
const replaced =
  (from: string, to: string, last = false) =>
  (der: Buffer): Uint8Array => {
    const octets = Buffer.from(from, 'hex');
    const at = last ? der.lastIndexOf(octets) : der.indexOf(octets);
    return Buffer.concat([der.subarray(0, at), Buffer.from(to, 'hex'), der.subarray(at + octets.length)]);
  };

const TLS: CertificateChange = {
  profile: 'tls',
  emails: [],
  dnsNames: ['www.d.example'],
  eku: [EKU.serverAuth],
};
const CA: CertificateChange = { profile: 'intermediate', emails: [], policies: [] };
const SELF: CertificateChange = { issuer: 'self' };
const elliptic = { key: keyPool.take('p256', 7) };

export const CERTIFICATE_CASES: CertificateCase[] = [
  ['certificate/version', '3', {}, 'pass'],
  ['certificate/version', '1', { version: 1 }, 'fail'],

  ['certificate/der-encoding', 'DER', {}, 'pass'],
  ['certificate/der-encoding', 'TRUE is 1', { edit: replaced('0101ff', '010101') }, 'fail'],

  ['certificate/extensions-readable', 'all', {}, 'pass'],
  [
    'certificate/extensions-readable',
    'AIA that is none',
    { extensions: [{ oid: EXT.authorityInfoAccess, critical: false, value: Uint8Array.of(4, 0) }] },
    'fail',
  ],
  ['certificate/extensions-readable', 'none', { version: 1 }, 'na'],

  ['certificate/critical-known', 'known ones', {}, 'pass'],
  [
    'certificate/critical-known',
    'an invented one',
    { extensions: [{ oid: '1.2.3.4', critical: true, value: sequence() }] },
    'fail',
  ],
  ['certificate/critical-known', 'none is critical', { keyUsage: null, isCa: null }, 'na'],

  ['certificate/serial-positive', 'random', {}, 'pass'],
  ['certificate/serial-positive', 'zero', { serial: 0 }, 'fail'],
  ['certificate/serial-positive', 'negative', { serial: -5 }, 'fail'],

  ['certificate/serial-length', '20 octets', { serial: (1n << 159n) - 1n }, 'pass'],
  ['certificate/serial-length', '21 octets', { serial: 1n << 160n }, 'fail'],

  ['certificate/serial-shape', 'random', {}, 'pass'],
  ['certificate/serial-shape', 'a counter', { serial: 17 }, 'info'],
  ['certificate/serial-shape', 'its own issuer', { ...SELF, serial: 1 }, 'na'],

  ['certificate/signature-digest', 'SHA-256', {}, 'pass'],
  ['certificate/signature-digest', 'SHA-384', { digest: 'sha384' }, 'pass'],
  ['certificate/signature-digest', 'SHA-1', { digest: 'sha1' }, 'fail'],
  ['certificate/signature-digest', 'SHA-1 under 1.2', { digest: 'sha1' }, 'warn', '1.2'],

  ['certificate/signature-agreement', 'the same', {}, 'pass'],
  [
    'certificate/signature-agreement',
    'another outside',
    { edit: replaced('2a8648ce3d040302', '2a8648ce3d040303', true) },
    'fail',
  ],

  ['certificate/key-size', '2048', {}, 'pass'],
  ['certificate/key-size', '1024', { key: keyPool.take('rsa1024') }, 'fail'],
  ['certificate/key-size', '1024 under 1.2', { key: keyPool.take('rsa1024') }, 'warn', '1.2'],
  ['certificate/key-size', 'elliptic', elliptic, 'na'],

  ['certificate/key-kind', 'RSA', {}, 'pass'],
  ['certificate/key-kind', 'P-256', elliptic, 'pass'],
  ['certificate/key-kind', 'P-256 under 1.2', elliptic, 'fail', '1.2'],
  ['certificate/key-kind', 'Ed25519', { key: keyPool.take('ed25519') }, 'fail'],

  ['certificate/name-present', 'an address', {}, 'pass'],
  ['certificate/name-present', 'a domain', { dnsNames: ['d.example'] }, 'pass'],
  [
    'certificate/name-present',
    'in the subject only',
    { emails: [], subject: { E: 'bob@d.example' } },
    'fail',
  ],
  ['certificate/name-present', 'nowhere', { emails: [] }, 'fail'],
  ['certificate/name-present', 'of a CA', CA, 'na'],

  ['certificate/name-single', 'one', {}, 'pass'],
  ['certificate/name-single', 'two', { emails: ['bob@d.example', 'rob@d.example'] }, 'warn'],
  [
    'certificate/name-single',
    'a URI beside it',
    { otherNames: [{ type: 'uri', value: 'http://d.example/' }] },
    'warn',
  ],
  ['certificate/name-single', 'none', { emails: [] }, 'na'],

  ['certificate/name-one-kind', 'an address', {}, 'pass'],
  ['certificate/name-one-kind', 'both', { emails: ['bob@d.example'], dnsNames: ['d.example'] }, 'warn'],
  ['certificate/name-one-kind', 'of a CA', CA, 'na'],

  ['certificate/name-address-form', 'an address', {}, 'pass'],
  ['certificate/name-address-form', 'with brackets', { emails: ['<bob@d.example>'] }, 'fail'],
  ['certificate/name-address-form', 'a host alone', { emails: ['d.example'] }, 'fail'],
  ['certificate/name-address-form', 'a domain', { dnsNames: ['d.example'] }, 'na'],

  ['certificate/name-domain-form', 'a domain', { dnsNames: ['direct.d.example'] }, 'pass'],
  ['certificate/name-domain-form', 'a single label', { dnsNames: ['localhost'] }, 'fail'],
  ['certificate/name-domain-form', 'an address', { dnsNames: ['bob@d.example'] }, 'fail'],
  ['certificate/name-domain-form', 'a trailing dot', { dnsNames: ['d.example.'] }, 'fail'],
  ['certificate/name-domain-form', 'an rfc822Name', {}, 'na'],

  ['certificate/name-wildcard', 'none', { dnsNames: ['d.example'] }, 'pass'],
  ['certificate/name-wildcard', 'one', { dnsNames: ['*.d.example'] }, 'fail'],
  ['certificate/name-wildcard', 'under 1.2', { dnsNames: ['*.d.example'] }, 'not-yet', '1.2'],
  [
    'certificate/name-wildcard',
    'made before 1.3',
    { dnsNames: ['*.d.example'], notBefore: Date.parse('2020-01-01') },
    'not-yet',
  ],
  ['certificate/name-wildcard', 'an rfc822Name', {}, 'na'],

  ['certificate/subject-empty', 'critical name', { subject: {} }, 'pass'],
  [
    'certificate/subject-empty',
    'a name that is not critical',
    {
      subject: {},
      extensions: [
        { oid: EXT.subjectAltName, critical: false, value: sequence(Buffer.from('810562406b2e65', 'hex')) },
      ],
    },
    'fail',
  ],
  ['certificate/subject-empty', 'no name', { subject: {}, emails: [] }, 'fail'],
  ['certificate/subject-empty', 'a subject', {}, 'na'],

  ['certificate/subject-email', 'the same', { subject: { O: 'C', E: 'BOB@d.example' } }, 'pass'],
  ['certificate/subject-email', 'another', { subject: { O: 'C', E: 'eve@d.example' } }, 'warn'],
  ['certificate/subject-email', 'another under 1.2', { subject: { E: 'eve@d.example' } }, 'fail', '1.2'],
  ['certificate/subject-email', 'none', {}, 'na'],

  ['certificate/subject-organization', 'there', {}, 'pass'],
  ['certificate/subject-organization', 'not there', { subject: { CN: 'Dr Bob' } }, 'warn'],
  ['certificate/subject-organization', 'of a server', TLS, 'na'],

  ['certificate/key-usage-present', 'there', {}, 'pass'],
  ['certificate/key-usage-present', 'not there', { keyUsage: null }, 'fail'],
  ['certificate/key-usage-present', 'of a CA', CA, 'na'],

  ['certificate/key-usage-mail', 'both', {}, 'pass'],
  ['certificate/key-usage-mail', 'encryption alone', { keyUsage: ['keyEncipherment'] }, 'pass'],
  ['certificate/key-usage-mail', 'neither', { keyUsage: ['dataEncipherment'] }, 'fail'],
  ['certificate/key-usage-mail', 'not said', { keyUsage: null }, 'na'],

  ['certificate/key-usage-foreign', 'its own', {}, 'pass'],
  ['certificate/key-usage-foreign', 'lists too', { keyUsage: ['digitalSignature', 'cRLSign'] }, 'fail'],
  ['certificate/key-usage-foreign', 'of a CA', CA, 'na'],

  ['certificate/key-usage-elliptic', 'signing', elliptic, 'pass'],
  [
    'certificate/key-usage-elliptic',
    'encipherment',
    { ...elliptic, keyUsage: ['digitalSignature', 'keyEncipherment'] },
    'warn',
  ],
  ['certificate/key-usage-elliptic', 'RSA', {}, 'na'],

  ['certificate/extended-usage', 'mail', {}, 'pass'],
  ['certificate/extended-usage', 'TLS only', { eku: [EKU.clientAuth] }, 'warn'],
  ['certificate/extended-usage', 'not said', { eku: null }, 'na'],

  ['certificate/end-entity', 'it is', {}, 'pass'],
  ['certificate/end-entity', 'a CA with an address', { ...CA, emails: ['bob@d.example'] }, 'fail'],
  ['certificate/end-entity', 'a CA that is published for an address', { ...CA, as: 'direct' }, 'fail'],
  ['certificate/end-entity', 'a CA', CA, 'na'],

  ['certificate/authority-marked', 'marked', CA, 'pass'],
  ['certificate/authority-marked', 'not marked', { ...CA, isCa: null }, 'fail'],
  ['certificate/authority-marked', 'marked as none', { ...CA, isCa: false }, 'fail'],
  ['certificate/authority-marked', 'of an address', {}, 'na'],

  ['certificate/authority-key-usage', 'signs', CA, 'pass'],
  ['certificate/authority-key-usage', 'does not', { ...CA, keyUsage: ['digitalSignature'] }, 'fail'],
  ['certificate/authority-key-usage', 'of an address', {}, 'na'],

  ['certificate/authority-lists', 'signs', CA, 'pass'],
  ['certificate/authority-lists', 'does not', { ...CA, keyUsage: ['keyCertSign'] }, 'warn'],
  ['certificate/authority-lists', 'of an address', {}, 'na'],

  ['certificate/policy-category', 'there', {}, 'pass'],
  ['certificate/policy-category', 'not there', { policies: ['1.3.6.1.4.1.41179.1.3'] }, 'fail'],
  ['certificate/policy-category', 'of a CA', CA, 'na'],

  ['certificate/policy-assurance', 'there', {}, 'pass'],
  ['certificate/policy-assurance', 'no policies', { policies: [] }, 'fail'],
  ['certificate/policy-assurance', 'of a CA', CA, 'na'],

  ['certificate/policy-version', 'there', {}, 'pass'],
  ['certificate/policy-version', 'not there', { policies: ['1.3.6.1.4.1.41179.2.1'] }, 'warn'],
  ['certificate/policy-version', 'of a server', TLS, 'na'],

  ['certificate/policy-known', 'known ones', {}, 'pass'],
  ['certificate/policy-known', 'a newer one', { policies: ['1.3.6.1.4.1.41179.2.9'] }, 'info'],
  ['certificate/policy-known', 'of others', { policies: ['1.2.3'] }, 'na'],

  ['certificate/crl-point', 'http', {}, 'pass'],
  ['certificate/crl-point', 'none', { crlUrls: [] }, 'fail'],
  ['certificate/crl-point', 'ldap', { crlUrls: ['ldap://d.example/'] }, 'fail'],
  ['certificate/crl-point', 'a root', { ...CA, ...SELF }, 'na'],

  ['certificate/issuer-point', 'http', {}, 'pass'],
  ['certificate/issuer-point', 'none', { caIssuersUrls: [] }, 'fail'],
  ['certificate/issuer-point', 'a root', { ...CA, ...SELF }, 'na'],

  ['certificate/responder-point', 'http', { ocspUrls: ['http://ocsp.d.example/'] }, 'pass'],
  ['certificate/responder-point', 'something else', { ocspUrls: ['ldap://d.example/'] }, 'warn'],
  ['certificate/responder-point', 'none', {}, 'na'],

  ['certificate/subject-key-id', 'there', {}, 'pass'],
  ['certificate/subject-key-id', 'not there', { ski: null }, 'warn'],
  ['certificate/subject-key-id', 'of a server', TLS, 'na'],

  ['certificate/authority-key-id', 'there', {}, 'pass'],
  ['certificate/authority-key-id', 'not there', { aki: null }, 'warn'],
  ['certificate/authority-key-id', 'a root', SELF, 'na'],

  ['certificate/key-id-match', 'the same', {}, 'pass'],
  ['certificate/key-id-match', 'another', { aki: '00112233' }, 'warn'],
  ['certificate/key-id-match', 'the issuer is not at hand', { alone: true }, 'na'],

  ['certificate/validity-order', 'in order', {}, 'pass'],
  ['certificate/validity-order', 'no time at all', { notBefore: NOW, notAfter: NOW }, 'fail'],

  ['certificate/validity-now', 'in force', {}, 'pass'],
  ['certificate/validity-now', 'over', { notAfter: NOW - DAY }, 'fail'],
  ['certificate/validity-now', 'to come', { notBefore: NOW + DAY }, 'fail'],

  ['certificate/validity-length', 'two years', {}, 'pass'],
  [
    'certificate/validity-length',
    'three years to the day',
    { notBefore: Date.UTC(2025, 0, 1), notAfter: Date.UTC(2028, 0, 1) },
    'pass',
  ],
  ['certificate/validity-length', 'four years', { notAfter: NOW + 4 * 365 * DAY }, 'warn'],
  ['certificate/validity-length', 'a CA', { ...CA, notAfter: NOW + 4000 * DAY }, 'na'],

  ['certificate/renewal', 'time enough', {}, 'pass'],
  ['certificate/renewal', 'ten days', { notAfter: NOW + 10 * DAY }, 'warn'],
  ['certificate/renewal', 'of a server', TLS, 'na'],

  ['certificate/self-signed', 'an issuer', {}, 'pass'],
  ['certificate/self-signed', 'none', SELF, 'warn'],
  ['certificate/self-signed', 'a root', { ...CA, ...SELF }, 'na'],
];

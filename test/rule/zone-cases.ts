import { parseMaster } from '../../src/dns/master/index.ts';
import { buildZone } from '../../src/dns/zone.ts';
import { type CertificateSpec, issueCertificate } from '../../src/pki/issue.ts';
import { keyTag } from '../../src/pki/key-tag.ts';
import { keyPool } from '../../src/pki/keys.ts';
import type { RuleId, RuleStatus } from '../../src/rule/rule.ts';
import { type ZoneSubject, zoneSubject } from '../../src/rule/zone/subject.ts';
import { DAY, NOW, root } from '../pki/fixtures.ts';

/** Records beside SOA and NS, in presentation text; relative names are in d.example. */
export type ZoneCase = [
  rule: RuleId,
  title: string,
  records: string | Record<never, never>,
  status: RuleStatus,
];

const ca = root('Zone CA', 0);
const certificate = (spec: Partial<CertificateSpec>) =>
  issueCertificate({
    profile: 'address',
    subject: { O: 'Clinic' },
    key: keyPool.take('p256', 7),
    issuer: ca,
    notBefore: NOW - DAY,
    notAfter: NOW + 300 * DAY,
    ...spec,
  }).certificate;

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const BOB = certificate({ emails: ['bob@d.example'] });
const ROB = certificate({ emails: ['bob@d.example'], serial: 7 });
const DOT = certificate({ emails: ['john.doe@d.example'] });
const ALL = certificate({ profile: 'domain', dnsNames: ['d.example'] });
const SUB = certificate({ profile: 'domain', dnsNames: ['h.d.example'] });
const OLD = certificate({ emails: ['bob@d.example'], notBefore: NOW - 9 * DAY, notAfter: NOW - DAY });
const NEW = certificate({ emails: ['bob@d.example'], notBefore: NOW + DAY });
const TAG = keyTag(BOB);
const [bob, rob, all, sub, old, soon, dotted] = [BOB, ROB, ALL, SUB, OLD, NEW, DOT].map(({ der }) =>
  base64(der),
);
const prefixed = base64(Buffer.concat([Buffer.from('03550424', 'hex'), BOB.der]));
const pem = base64(Buffer.from('-----BEGIN CERTIFICATE-----\nMII\n'));
const large = base64(new Uint8Array(31_000).fill(0x30));
const MAIL = '@ MX 10 mx\nmx A 192.0.2.1\n';
const LDAP = '_ldap._tcp SRV 0 0 389 l\nl A 192.0.2.2\n';

export function zoneOf(text: string): ZoneSubject {
  const head =
    '$ORIGIN d.example.\n$TTL 600\n@ SOA ns hostmaster 1 3600 600 604800 300\n@ NS ns\nns A 192.0.2.53\n';
  const { records, errors } = parseMaster(`${head}${text}\n`, { file: 'case' });
  if (errors.length > 0) throw new Error(errors.map((error) => error.text).join('\n'));
  return zoneSubject(buildZone('d.example', records));
}

export const ZONE_CASES: ZoneCase[] = [
  ['zone/cert-type', 'PKIX', `bob CERT PKIX 0 0 ${bob}`, 'pass'],
  ['zone/cert-type', 'under another type', `bob CERT 3 0 0 ${bob}`, 'fail'],
  ['zone/cert-type', 'no certificate', MAIL, 'na'],

  [
    'zone/cert-other-type',
    'a URL',
    `bob CERT IPKIX 0 0 ${base64(Buffer.from('http://d.example/b.cer'))}`,
    'pass',
  ],
  ['zone/cert-other-type', 'PGP', `bob CERT PGP 0 0 ${base64(Buffer.from('pgp'))}`, 'info'],
  ['zone/cert-other-type', 'a certificate', `bob CERT PKIX 0 0 ${bob}`, 'na'],

  ['zone/cert-url-only', 'both', `bob CERT IPKIX 0 0 aHR0cDo=\nbob CERT PKIX 0 0 ${bob}`, 'pass'],
  ['zone/cert-url-only', 'IPKIX alone', 'bob CERT IPKIX 0 0 aHR0cDo=', 'warn'],
  ['zone/cert-url-only', 'type 253 alone', 'bob CERT URI 0 0 aHR0cDo=', 'warn'],
  ['zone/cert-url-only', 'no URL', `bob CERT PKIX 0 0 ${bob}`, 'na'],

  ['zone/cert-bare', 'DER', `bob CERT PKIX 0 0 ${bob}`, 'pass'],
  ['zone/cert-bare', 'an OID in front', `bob CERT PKIX 0 0 ${prefixed}`, 'fail'],
  ['zone/cert-bare', 'PEM', `bob CERT PKIX 0 0 ${pem}`, 'fail'],
  ['zone/cert-bare', 'none', MAIL, 'na'],

  ['zone/cert-readable', 'a certificate', `bob CERT PKIX 0 0 ${bob}`, 'pass'],
  ['zone/cert-readable', 'an OID in front', `bob CERT PKIX 0 0 ${prefixed}`, 'pass'],
  ['zone/cert-readable', 'garbage', 'bob CERT PKIX 0 0 MAMCAQE=', 'fail'],
  ['zone/cert-readable', 'another type', 'bob CERT PGP 0 0 cGdw', 'na'],

  ['zone/cert-algorithm', 'of the key', `bob CERT PKIX ${TAG} 13 ${bob}`, 'pass'],
  ['zone/cert-algorithm', 'unknown', `bob CERT PKIX 0 0 ${bob}`, 'pass'],
  ['zone/cert-algorithm', 'of another key', `bob CERT PKIX 0 8 ${bob}`, 'warn'],
  ['zone/cert-algorithm', 'none', MAIL, 'na'],

  ['zone/cert-key-tag', 'of the key', `bob CERT PKIX ${TAG} 13 ${bob}`, 'pass'],
  ['zone/cert-key-tag', 'unknown', `bob CERT PKIX 0 0 ${bob}`, 'pass'],
  ['zone/cert-key-tag', 'of another key', `bob CERT PKIX ${TAG ^ 1} 13 ${bob}`, 'warn'],
  ['zone/cert-key-tag', 'garbage', 'bob CERT PKIX 5 5 MAMCAQE=', 'na'],

  ['zone/cert-binding', 'at its address', `BOB CERT PKIX 0 0 ${bob}`, 'pass'],
  ['zone/cert-binding', 'at its domain', `@ CERT PKIX 0 0 ${all}`, 'pass'],
  ['zone/cert-binding', 'a domain’s at an address', `bob CERT PKIX 0 0 ${all}`, 'pass'],
  ['zone/cert-binding', 'a domain’s under a wildcard', `*.h CERT PKIX 0 0 ${sub}`, 'pass'],
  ['zone/cert-binding', 'at another address', `rob CERT PKIX 0 0 ${bob}`, 'fail'],
  ['zone/cert-binding', 'an address’s at the domain', `@ CERT PKIX 0 0 ${bob}`, 'fail'],
  ['zone/cert-binding', 'a subdomain’s at the domain', `@ CERT PKIX 0 0 ${sub}`, 'fail'],
  ['zone/cert-binding', 'none', MAIL, 'na'],

  ['zone/cert-mailbox-name', 'two labels', `john.doe CERT PKIX 0 0 ${dotted}`, 'pass'],
  ['zone/cert-mailbox-name', 'one label', `john\\.doe CERT PKIX 0 0 ${dotted}`, 'fail'],
  ['zone/cert-mailbox-name', 'none', MAIL, 'na'],

  ['zone/cert-in-force', 'in force', `bob CERT PKIX 0 0 ${bob}`, 'pass'],
  ['zone/cert-in-force', 'one is over', `bob CERT PKIX 0 0 ${bob}\nbob CERT PKIX 0 0 ${old}`, 'warn'],
  ['zone/cert-in-force', 'one is to come', `bob CERT PKIX 0 0 ${bob}\nbob CERT PKIX 0 0 ${soon}`, 'warn'],
  ['zone/cert-in-force', 'none', MAIL, 'na'],

  ['zone/cert-usable', 'one of two', `bob CERT PKIX 0 0 ${bob}\nbob CERT PKIX 0 0 ${old}`, 'pass'],
  ['zone/cert-usable', 'none of one', `bob CERT PKIX 0 0 ${old}`, 'fail'],
  ['zone/cert-usable', 'garbage', 'bob CERT PKIX 0 0 MAMCAQE=', 'fail'],
  ['zone/cert-usable', 'none at all', 'bob CERT PGP 0 0 cGdw', 'na'],

  ['zone/cert-owners', 'one address', `bob CERT PKIX 0 0 ${bob}\nbob CERT PKIX 0 0 ${rob}`, 'pass'],
  ['zone/cert-owners', 'two', `bob CERT PKIX 0 0 ${bob}\nbob CERT PKIX 0 0 ${dotted}`, 'info'],
  ['zone/cert-owners', 'one certificate', `bob CERT PKIX 0 0 ${bob}`, 'na'],

  ['zone/cert-size', 'small', `bob CERT PKIX 0 0 ${bob}`, 'pass'],
  ['zone/cert-size', 'over 64 KiB', `bob CERT 1 0 0 ${large}\nbob CERT 1 1 0 ${large}`, 'fail'],
  ['zone/cert-size', 'none', MAIL, 'na'],

  ['zone/cert-ttl', '600', `bob CERT PKIX 0 0 ${bob}`, 'pass'],
  ['zone/cert-ttl', '60', `bob 60 CERT PKIX 0 0 ${bob}`, 'warn'],
  ['zone/cert-ttl', 'a day, of a server', LDAP.replace('SRV', '86400 SRV'), 'warn'],
  ['zone/cert-ttl', 'none', MAIL, 'na'],

  ['zone/wildcard-cert', 'at the domain', `@ CERT PKIX 0 0 ${all}`, 'pass'],
  ['zone/wildcard-cert', 'a wildcard', `* CERT PKIX 0 0 ${all}`, 'warn'],
  ['zone/wildcard-cert', 'none', MAIL, 'na'],

  ['zone/wildcard-gap', 'no hole', `*.h CERT PKIX 0 0 ${sub}`, 'pass'],
  ['zone/wildcard-gap', 'an empty name', `*.h CERT PKIX 0 0 ${sub}\njohn.doe.h CERT PKIX 0 0 ${sub}`, 'info'],
  ['zone/wildcard-gap', 'no wildcard', `@ CERT PKIX 0 0 ${all}`, 'na'],

  ['zone/alias-binding', 'of the same domain', `bob CNAME all\nall CERT PKIX 0 0 ${all}`, 'pass'],
  ['zone/alias-binding', 'of somebody else', `rob CNAME bob\nbob CERT PKIX 0 0 ${bob}`, 'warn'],
  ['zone/alias-binding', 'no certificate behind it', 'www CNAME ns', 'na'],

  ['zone/alias-end', 'records', 'x CNAME mx\nmx A 192.0.2.1', 'pass'],
  ['zone/alias-end', 'another zone', 'x CNAME www.e.example.', 'pass'],
  ['zone/alias-end', 'two aliases', 'x CNAME y\ny CNAME mx\nmx A 192.0.2.1', 'pass'],
  ['zone/alias-end', 'nothing', 'x CNAME y', 'warn'],
  ['zone/alias-end', 'a circle', 'x CNAME y\ny CNAME x', 'warn'],
  ['zone/alias-end', 'none', MAIL, 'na'],

  ['zone/ldap-owner', '_ldap._tcp', LDAP, 'pass'],
  ['zone/ldap-owner', '_ldap._udp', LDAP.replace('_tcp', '_udp'), 'fail'],
  ['zone/ldap-owner', 'without underscores', LDAP.replace('_ldap._tcp', 'ldap.tcp'), 'fail'],
  ['zone/ldap-owner', 'none', MAIL, 'na'],

  ['zone/ldap-target', 'a host', LDAP, 'pass'],
  ['zone/ldap-target', 'elsewhere', '_ldap._tcp SRV 0 0 389 l.other.example.', 'pass'],
  ['zone/ldap-target', 'an alias', '_ldap._tcp SRV 0 0 389 l\nl CNAME ns', 'fail'],
  ['zone/ldap-target', 'nothing there', '_ldap._tcp SRV 0 0 389 l', 'fail'],
  ['zone/ldap-target', 'an address', '_ldap._tcp SRV 0 0 389 192.0.2.1.', 'fail'],
  ['zone/ldap-target', 'none', '_ldap._tcp SRV 0 0 0 .', 'na'],

  ['zone/ldap-none', 'alone', '_ldap._tcp SRV 0 0 0 .', 'pass'],
  ['zone/ldap-none', 'beside a server', `_ldap._tcp SRV 0 0 0 .\n${LDAP}`, 'warn'],
  ['zone/ldap-none', 'a server', LDAP, 'na'],

  ['zone/ldap-hidden', 'LDAP alone', LDAP, 'pass'],
  ['zone/ldap-hidden', 'CERT at the domain', `${LDAP}@ CERT PKIX 0 0 ${all}`, 'warn'],
  ['zone/ldap-hidden', 'no LDAP', `@ CERT PKIX 0 0 ${all}`, 'na'],

  ['zone/ldap-order', 'in order', `${LDAP}_ldap._tcp SRV 1 0 389 ns`, 'pass'],
  ['zone/ldap-order', 'the same twice', `${LDAP}_ldap._tcp SRV 0 0 390 ns`, 'info'],
  ['zone/ldap-order', 'one server', LDAP, 'na'],

  ['zone/mail-present', 'MX', `${MAIL}@ CERT PKIX 0 0 ${all}`, 'pass'],
  ['zone/mail-present', 'nothing', `@ CERT PKIX 0 0 ${all}`, 'fail'],
  ['zone/mail-present', 'of a domain with LDAP', LDAP, 'fail'],
  ['zone/mail-present', 'no Direct here', MAIL, 'na'],

  ['zone/mail-target', 'a host', MAIL, 'pass'],
  ['zone/mail-target', 'elsewhere', '@ MX 10 mx.other.example.', 'pass'],
  ['zone/mail-target', 'an alias', '@ MX 10 mx\nmx CNAME ns', 'fail'],
  ['zone/mail-target', 'nothing there', '@ MX 10 mx', 'fail'],
  ['zone/mail-target', 'no mail', LDAP, 'na'],
];

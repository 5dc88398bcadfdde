import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { readIssuers, writeCertsOnly } from '../../src/pki/aia.ts';
import { verifySignature } from '../../src/pki/algorithms.ts';
import { parseCertificateText } from '../../src/pki/certificate.ts';
import { type CrlSpec, issueCrl, parseCrl } from '../../src/pki/crl.ts';
import { formatName } from '../../src/pki/name.ts';
import { referencePolicy, validatePath } from '../../src/pki/path/validate.ts';
import { DAY, intermediate, NOW, root } from '../pki/fixtures.ts';
import { peer } from './peers.ts';

const openssl = peer('openssl');

let folder = '';
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Buffer =>
  execFileSync(openssl!, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
const read = (name: string): Buffer => readFileSync(at(name));

/** A small CA that openssl runs: two certificates, one revoked. */
function openCa(): void {
  writeFileSync(
    at('ca.cnf'),
    `[ca]\ndefault_ca=d\n[d]\ndir=.\ndatabase=./index.txt\nnew_certs_dir=.\nserial=./serial\ncrlnumber=./crlnumber\n` +
      `default_md=sha256\ndefault_days=30\ndefault_crl_days=7\npolicy=p\nunique_subject=no\ncrl_extensions=c\n` +
      `[p]\ncommonName=supplied\n[c]\nauthorityKeyIdentifier=keyid\n` +
      `[leaf]\nsubjectAltName=email:bob@direct.b.example,DNS:direct.b.example\nkeyUsage=critical,digitalSignature,keyEncipherment\n` +
      `extendedKeyUsage=emailProtection\ncrlDistributionPoints=URI:http://pki.example/ca.crl\n` +
      `authorityInfoAccess=caIssuers;URI:http://pki.example/ca.cer,OCSP;URI:http://ocsp.example/\nauthorityKeyIdentifier=keyid\n` +
      `certificatePolicies=1.3.6.1.4.1.41179.1.3\n`,
  );
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('serial'), '1000\n');
  writeFileSync(at('crlnumber'), '0a\n');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const ext = [
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
    '-addext',
    'nameConstraints=permitted;email:direct.b.example',
  ];
  run(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/C=US/O=Test, Inc/CN=Müller CA',
    '-utf8',
    '-days',
    '60',
    ...ext,
  );
  run('x509', '-in', 'ca.pem', '-outform', 'DER', '-out', 'ca.der');
  for (const name of ['one', 'two']) {
    run('req', '-new', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    run(
      'ca',
      '-config',
      'ca.cnf',
      '-batch',
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      '-cert',
      'ca.pem',
      '-keyfile',
      'ca.key',
      '-extensions',
      'leaf',
    );
  }
  run(
    'ca',
    '-config',
    'ca.cnf',
    '-revoke',
    'two.pem',
    '-crl_reason',
    'keyCompromise',
    '-cert',
    'ca.pem',
    '-keyfile',
    'ca.key',
  );
  run('ca', '-config', 'ca.cnf', '-gencrl', '-out', 'crl.pem', '-cert', 'ca.pem', '-keyfile', 'ca.key');
  run('crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'crl.der');
  run(
    'crl2pkcs7',
    '-nocrl',
    '-certfile',
    'ca.pem',
    '-certfile',
    'one.pem',
    '-outform',
    'DER',
    '-out',
    'all.p7c',
  );
  run('crl2pkcs7', '-nocrl', '-certfile', 'ca.pem', '-out', 'ca.p7.pem');
  run('crl2pkcs7', '-in', 'crl.pem', '-certfile', 'one.pem', '-outform', 'DER', '-out', 'with-crl.p7c');
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anchorage-pki-'));
  if (openssl) openCa();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!openssl)('we read what openssl makes', () => {
  it('certificates of req -x509 in PEM and DER', () => {
    const ca = parseCertificateText(read('ca.pem'));
    expect(parseCertificateText(read('ca.der'))).toBe(ca);
    expect(formatName(ca.subject)).toBe('CN=Müller CA, O=Test\\, Inc, C=US');
    expect(ca).toMatchObject({ isCa: true, version: 3, key: { kind: 'ec', curve: 'P-256' } });
    expect(ca.nameConstraints?.permitted).toEqual([
      { base: { type: 'email', value: 'direct.b.example' }, plain: true },
    ]);
    expect(ca.ski).toBe(ca.aki);
    const told = run('x509', '-in', 'ca.pem', '-noout', '-fingerprint', '-sha256').toString();
    expect(told.trim().split('=')[1]!.replaceAll(':', '').toLowerCase()).toBe(ca.sha256);
  });

  it('certificates of openssl ca, with text before the PEM; they lead to their CA', () => {
    const one = parseCertificateText(read('one.pem'));
    const ca = parseCertificateText(read('ca.pem'));
    expect(one).toMatchObject({
      serial: '1000',
      emails: ['bob@direct.b.example'],
      dnsNames: ['direct.b.example'],
      crlUrls: ['http://pki.example/ca.crl'],
      caIssuersUrls: ['http://pki.example/ca.cer'],
      ocspUrls: ['http://ocsp.example/'],
      policies: ['1.3.6.1.4.1.41179.1.3'],
      eku: ['1.3.6.1.5.5.7.3.4'],
      aki: ca.ski,
    });
    const anchor = { name: ca.subject, spki: ca.spki, certificate: ca, source: 'manual' };
    const check = validatePath({ ...referencePolicy('1.3'), path: [one], anchor, at: one.notBefore + 1000 });
    expect(check).toMatchObject({ ok: true });
  });

  it.each(['crl.pem', 'crl.der'])('the list of openssl ca -gencrl: %s', (name) => {
    const crl = parseCrl(read(name));
    const ca = parseCertificateText(read('ca.pem'));
    expect(crl).toMatchObject({ version: 2, number: 10n, count: 1, aki: ca.ski });
    expect(crl.find('1001')).toMatchObject({ reason: 'keyCompromise' });
    expect(crl.find('1000')).toBeUndefined();
    expect(verifySignature(crl.signature, crl.tbs, crl.signatureValue, ca.publicKey)).toBe(true);
  });

  it.each([
    ['all.p7c', 2],
    ['ca.p7.pem', 1],
    ['with-crl.p7c', 1],
  ])('the certificates in %s of crl2pkcs7', (name, count) => {
    expect(readIssuers(read(name))).toHaveLength(count);
  });

  it('RSA-PSS, Ed25519 and a legacy string type', () => {
    run(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'p.key',
      '-out',
      'p.pem',
      '-subj',
      '/CN=PSS',
      '-sigopt',
      'rsa_padding_mode:pss',
      '-sigopt',
      'rsa_pss_saltlen:20',
      '-sha256',
    );
    run(
      'req',
      '-x509',
      '-newkey',
      'ed25519',
      '-nodes',
      '-keyout',
      'e.key',
      '-out',
      'e.pem',
      '-subj',
      '/CN=Ed',
    );
    writeFileSync(at('t.cnf'), '[req]\nstring_mask=MASK:4\ndistinguished_name=d\n[d]\n');
    run('req', '-x509', '-config', 't.cnf', '-key', 'e.key', '-out', 't.pem', '-subj', '/CN=Teletex');
    for (const [name, algorithm] of [
      ['p', 'RSASSA-PSS-sha256'],
      ['e', 'Ed25519'],
      ['t', 'Ed25519'],
    ] as const) {
      const certificate = parseCertificateText(read(`${name}.pem`));
      expect(certificate.signature.name).toBe(algorithm);
      expect(
        verifySignature(
          certificate.signature,
          certificate.tbs,
          certificate.signatureValue,
          certificate.publicKey,
        ),
      ).toBe(true);
    }
    const teletex = parseCertificateText(read('t.pem'));
    expect(formatName(teletex.subject)).toBe('CN=Teletex');
    expect(Buffer.from(teletex.subjectDer).includes(Buffer.from('\x14\x07Teletex'))).toBe(true);
  });
});

describe.skipIf(!openssl)('openssl reads what we make', () => {
  const ca = root('CA');
  const base: CrlSpec = {
    issuer: ca,
    number: 258,
    thisUpdate: NOW,
    nextUpdate: NOW + DAY,
    revoked: [
      { serial: '05', at: NOW - DAY, reason: 'keyCompromise', invalidityDate: NOW - 2 * DAY },
      { serial: `80${'11'.repeat(15)}`, at: NOW - DAY },
    ],
  };
  const text = (name: string, der: Uint8Array): string => {
    writeFileSync(at(`${name}.der`), der);
    writeFileSync(at('ours.pem'), writePem('CERTIFICATE', ca.certificate.der));
    return execFileSync(
      'sh',
      [
        '-c',
        '"$0" crl -inform DER -in "$1" -noout -text -CAfile "$2" 2>&1',
        openssl!,
        at(`${name}.der`),
        at('ours.pem'),
      ],
      { encoding: 'utf8' },
    );
  };

  it('lists: numbers, entries, reasons, and the signature verifies', () => {
    const told = text('list', issueCrl(base));
    expect(told).toMatch(/verify OK/);
    expect(told).toMatch(/Version 2/);
    expect(told).toMatch(/X509v3 CRL Number:\s*258/);
    expect(told).toMatch(/Serial Number: 05[\s\S]*Key Compromise/);
    expect(told).toMatch(new RegExp(`Serial Number: 80${'11'.repeat(15)}`));
  });

  it.each([
    ['version 1', { version: 1 }, /Version 1/],
    ['a delta', { deltaBase: 200 }, /Delta CRL Indicator: critical\s*200/],
    [
      'a scope',
      { scope: { urls: ['http://x/'], onlyUserCerts: true, onlyReasons: 0b10 } },
      /Only User Certificates[\s\S]*Key Compromise/,
    ],
    ['no entries', { revoked: [] }, /No Revoked Certificates/],
    ['SHA-512', { digest: 'sha512' }, /ecdsa-with-SHA512/],
  ] satisfies [string, Partial<CrlSpec>, RegExp][])('a list with %s', (_, spec, expected) => {
    const told = text('odd', issueCrl({ ...base, ...spec }));
    expect(told).toMatch(expected);
    expect(told).toMatch(/verify OK/);
  });

  it('an indirect list names its issuers', () => {
    const [first] = base.revoked;
    const entry = { ...first!, certificateIssuer: root('Other', 3).certificate.subject };
    const told = text('indirect', issueCrl({ ...base, scope: { indirect: true }, revoked: [entry] }));
    expect(told).toMatch(/Indirect CRL/);
    expect(told).toMatch(/Certificate Issuer: critical[\s\S]*Other/);
  });

  it('a forged list is refused', () => {
    expect(text('forged', issueCrl({ ...base, signWith: intermediate(ca, 'I', 3).key }))).toMatch(
      /verify failure/,
    );
  });

  it('certs-only PKCS#7, and name constraints and policies as we write them', () => {
    const spec = {
      pathLen: 1,
      policies: ['1.2.3'],
      policyMappings: [{ issuer: '1.2.3', subject: '1.2.9' }],
      policyConstraints: { requireExplicit: 0, inhibitMapping: 3 },
      inhibitAnyPolicy: 1,
      nameConstraints: {
        permitted: [{ type: 'email' as const, value: 'd.example' }],
        excluded: [{ type: 'ip' as const, octets: Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0) }],
      },
    };
    const I = intermediate(ca, 'I', 3, spec);
    writeFileSync(at('ours.p7c'), writeCertsOnly([ca.certificate, I.certificate]));
    const told = run(
      'pkcs7',
      '-inform',
      'DER',
      '-in',
      'ours.p7c',
      '-print_certs',
      '-text',
      '-noout',
    ).toString();
    for (const part of [
      /CN ?= ?CA/,
      /CA:TRUE, pathlen:1/,
      /email:d.example/,
      /10\.0\.0\.0\/255\.0\.0\.0/,
      /1\.2\.3:1\.2\.9/,
      /Require Explicit Policy:0, Inhibit Policy Mapping:3/,
    ])
      expect(told).toMatch(part);
  });
});

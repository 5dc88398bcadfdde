import { describe, expect, it } from 'vitest';
import { AT, middle, type OneMessage, root, signer, verdictsOn } from './one-message.ts';

const ALICE = 'alice@a.example';
const DAY = 86_400_000;
const raw = (fields: string, body = 'Text.\n'): string =>
  `From: ${ALICE}\nTo: bob@b.example\nDate: Mon, 1 Jun 2026 12:00:00 +0000\nMessage-ID: <one@a.example>\nMIME-Version: 1.0\n${fields}\n\n${body}`;
const revoked = signer({ emails: [ALICE] });

const table: readonly [string, OneMessage, Record<string, string>][] = [
  ['as it should be', {}, {}],
  ['by an address certificate in capitals', { signer: signer({ emails: ['Alice@A.example'] }) }, {}],
  ['by a domain certificate', { signer: signer({ profile: 'domain', dnsNames: ['a.example'] }) }, {}],
  ['with SHA-512', { cms: { digest: 'sha512' }, signed: (text) => text.replace('sha-256', 'sha-512') }, {}],
  ['with OAEP of SHA-256', { encrypt: { keyTransport: 'oaep-sha256' } }, {}],
  ['with AES-192', { encrypt: { cipher: 'aes192-cbc' } }, {}],
  ['in BER', { encrypt: { ber: true }, sign: { ber: true } }, {}],
  // Encryption
  ['without smime-type', { wire: (text) => text.replace(' smime-type=enveloped-data;', '') }, { E1: 'warn' }],
  [
    'of the old type',
    { wire: (text) => text.replace('application/pkcs7', 'application/x-pkcs7') },
    { E1: 'fail' },
  ],
  [
    'as signed-data',
    { wire: (text) => text.replace('=enveloped-data', '=authEnveloped-data') },
    { E1: 'fail' },
  ],
  ['in lines of 78', { wire: (text) => text.replace(/^(.{76})\r\n(..)/m, '$1$2\r\n') }, { E2: 'warn' }],
  ['with Triple DES', { encrypt: { cipher: 'des-ede3-cbc' } }, { E3: 'fail' }],
  ['with AES-GCM', { encrypt: { cipher: 'aes128-gcm' } }, { E3: 'fail' }],
  [
    'by PKCS #1 on the last day of 2025',
    { at: Date.UTC(2025, 11, 31, 23, 59), encrypt: { keyTransport: 'pkcs1' } },
    { E4: 'warn' },
  ],
  [
    'by PKCS #1 on the first of 2026',
    { at: Date.UTC(2026, 0, 1), encrypt: { keyTransport: 'pkcs1' } },
    { E4: 'fail' },
  ],
  [
    'for another address',
    {
      message: { to: ['eve@c.example'] },
      outer: { to: ['eve@c.example'] },
      rcptTo: ['bob@b.example', 'eve@c.example'],
    },
    { E9: 'fail' },
  ],
  ['without names', { wire: (text) => text.replace(/;\s*name="smime.p7m"/, '') }, { E7: 'warn' }],
  ['with its subject outside', { outer: { subject: 'Referral' } }, { E8: 'warn' }],
  [
    'with its subject in another field outside',
    { outer: { extraHeaders: [['X-Topic', 'on Referral']] } },
    { E8: 'warn' },
  ],
  ['with Bcc outside', { outer: { extraHeaders: [['Bcc', 'eve@b.example']] } }, { E8: 'warn' }],
  ['without a date outside', { wire: (text) => text.replace(/^Date: .*\r\n/m, '') }, { E8: 'fail' }],
  [
    'with octets that are not ASCII outside',
    { wire: (text) => `X-Clinic: Pr\xE9vost\r\n${text}` },
    { E8: 'fail' },
  ],
  ['with another MAIL FROM', { mailFrom: 'bounces@a.example' }, { E9: 'fail' }],
  ['with another MAIL FROM under 1.2', { mailFrom: 'bounces@a.example', profile: '1.2' }, { E9: 'warn' }],
  [
    'with Sender as MAIL FROM',
    { mailFrom: 'desk@a.example', message: { extraHeaders: [['Sender', 'desk@a.example']] } },
    {},
  ],
  // Digital signature
  [
    'with another protocol',
    { signed: (text) => text.replace('="application/pkcs7-signature"', '="application/pgp-signature"') },
    { S1: 'fail' },
  ],
  [
    'with SHA-1',
    { cms: { digest: 'sha1' }, signed: (text) => text.replace('sha-256', 'sha-1') },
    { S2: 'fail' },
  ],
  ['without micalg', { signed: (text) => text.replace(/ micalg=sha-256;/, '') }, { S2: 'warn' }],
  [
    'with micalg in another spelling',
    { signed: (text) => text.replace('micalg=sha-256', 'micalg="SHA256"') },
    {},
  ],
  [
    'altered after signing',
    { signed: (text) => text.replace('no person', 'nobody') },
    { S3: 'fail', S6: 'na' },
  ],
  ['without signed attributes', { sign: { signedAttributes: false } }, { S3: 'fail' }],
  [
    'without the signer’s certificate',
    { sign: { embedSigners: false } },
    { S3: 'na', S4: 'fail', S5: 'na', S6: 'na' },
  ],
  ['without its intermediate', { signer: signer({ emails: [ALICE], issuer: middle }) }, { S4: 'warn' }],
  [
    'with its intermediate',
    {
      signer: signer({ emails: [ALICE], issuer: middle }),
      sign: { extraCertificates: [middle.certificate] },
    },
    {},
  ],
  ['by somebody else', { signer: signer({ emails: ['eve@a.example'] }) }, { S5: 'fail' }],
  ['by two names', { signer: signer({ emails: [ALICE, 'eve@a.example'] }) }, { S5: 'fail' }],
  [
    'by two names under 1.2',
    { signer: signer({ emails: [ALICE, 'eve@a.example'] }), profile: '1.2' },
    { S5: 'warn' },
  ],
  ['by a wildcard', { signer: signer({ profile: 'domain', dnsNames: ['*.example'] }) }, { S5: 'fail' }],
  [
    'by a key for encryption',
    { signer: signer({ emails: [ALICE], keyUsage: ['keyEncipherment'] }) },
    { S5: 'fail' },
  ],
  ['by an expired certificate', { signer: signer({ emails: [ALICE], notAfter: AT - DAY }) }, { S5: 'fail' }],
  ['by a revoked certificate', { signer: revoked, revoked: [revoked.certificate.serial] }, { S5: 'fail' }],
  ['by nobody known', { signer: signer({ emails: [ALICE], issuer: 'self' }) }, { S5: 'fail' }],
  ['by an authority', { signer: root }, { S5: 'fail' }],
  ['with bare line feeds', { signed: (text) => text.replace('Referral\r\n', 'Referral\n') }, { S6: 'warn' }],
  // Wrapping
  ['with another From outside', { outer: { from: 'gateway@a.example' } }, { W2: 'fail' }],
  ['with a stranger outside', { outer: { to: ['bob@b.example', 'eve@b.example'] } }, { W2: 'fail' }],
  ['with a recipient dropped outside', { message: { cc: ['eve@b.example'] } }, {}],
  [
    'without MIME-Version inside',
    { raw: raw('Subject: s\nContent-Type: text/plain').replace('MIME-Version: 1.0\n', '') },
    { W2: 'fail' },
  ],
  // MIME message
  [
    'with an unknown encoding',
    { raw: raw('Subject: s\nContent-Type: text/plain\nContent-Transfer-Encoding: 7-bits') },
    { M1: 'fail' },
  ],
  ['with a malformed type', { raw: raw('Subject: s\nContent-Type: text') }, { M1: 'fail' }],
  ['without a type', { raw: raw('Subject: s') }, { M1: 'warn' }],
  [
    'with a long boundary',
    { raw: raw(`Subject: s\nContent-Type: multipart/mixed; boundary="${'b'.repeat(71)}"`) },
    { M1: 'fail' },
  ],
  [
    'with an encoded multipart',
    {
      raw: raw(
        'Subject: s\nContent-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64',
        '--b\n\nText\n--b--\n',
      ),
    },
    { M1: 'fail' },
  ],
  [
    'without the last boundary',
    { raw: raw('Subject: s\nContent-Type: multipart/mixed; boundary=b', '--b\n\nText\n') },
    { M1: 'fail' },
  ],
  ['without a subject', { raw: raw('Content-Type: text/plain') }, { M2: 'warn' }],
  [
    'with a zip file',
    {
      message: {
        attachments: [{ name: 'a.ZIP', type: 'application/octet-stream', bytes: Buffer.from('PK') }],
        boundary: 'b',
      },
    },
    { M2: 'warn' },
  ],
  [
    'with a zip file and its subject',
    {
      message: {
        subject: 'XDM/1.0/DDM',
        attachments: [{ name: 'a.zip', type: 'application/zip', bytes: Buffer.from('PK') }],
        boundary: 'b',
      },
    },
    {},
  ],
  ['without the request that was made', { requests: true }, { M3: 'fail' }],
  [
    'with a request alone',
    {
      message: {
        extraHeaders: [
          ['Disposition-Notification-Options', 'X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true'],
        ],
      },
    },
    { M3: 'warn' },
  ],
  [
    'with a request of another spelling',
    {
      message: {
        extraHeaders: [
          ['Disposition-Notification-To', ALICE],
          ['Disposition-Notification-Options', 'X-DIRECT-FINAL-DESTINATION-DELIVERY=true'],
        ],
      },
    },
    { M3: 'fail' },
  ],
];

describe('a message', () => {
  it.each(table)('%s', (_name, message, expected) => {
    expect(verdictsOn(message)).toEqual(expected);
  });
});

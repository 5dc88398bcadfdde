import { encode, explicit, integer, oid, sequence, setOf } from '../../src/asn1/write.ts';
import { type EncryptOptions, encryptData } from '../../src/cms/encrypt.ts';
import { OID } from '../../src/cms/oids.ts';
import { type CmsSigner, type SignOptions, signData } from '../../src/cms/sign.ts';
import { composeMessage, type MessageParts } from '../../src/mail/compose.ts';
import { envelopedMessage, multipartSigned, opaqueSigned, wrapMessage } from '../../src/mail/wrap.ts';
import type { Certificate } from '../../src/pki/certificate.ts';
import { type CertificateSpec, type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { type MessageSubject, messageSubject } from '../../src/rule/message/subject.ts';
import type { RuleId, RuleProfile, RuleStatus } from '../../src/rule/rule.ts';
import { DAY, NOW, root } from '../pki/fixtures.ts';

type Edit = (text: string) => string;

export interface MessageChange {
  readonly parts?: Partial<MessageParts>;
  /** Of the wrapped message, as text with CRLF. */
  readonly inner?: Edit;
  /** Of the entity that is signed. */
  readonly wrapping?: Edit;
  readonly signers?: readonly CmsSigner[];
  readonly sign?: Partial<SignOptions>;
  readonly opaque?: boolean;
  /** Of the signed entity. */
  readonly entity?: Edit;
  readonly to?: readonly Certificate[];
  readonly encrypt?: EncryptOptions;
  /** Octets of the encrypted object. */
  readonly object?: (bytes: Uint8Array) => Uint8Array;
  /** Of the message that travels. */
  readonly outer?: Edit;
  /** Nobody opened the envelope. */
  readonly sealed?: boolean;
  /** The file is what the envelope held, or the wrapped message. */
  readonly as?: 'signed' | 'clear';
  readonly travelled?: boolean;
}

export type MessageCase = [
  rule: RuleId,
  title: string,
  change: MessageChange,
  status: RuleStatus,
  profile?: RuleProfile,
];

const FROM = 'alice@direct.a.example';
const TO = 'bob@direct.b.example';
const ID = '<1@direct.a.example>';
const anchor = root('Mail CA');
const person = (address: string, key: number, spec: Partial<CertificateSpec> = {}): Issued =>
  issueCertificate({
    profile: 'address',
    subject: { O: 'Clinic' },
    key: keyPool.take('rsa2048', key),
    issuer: anchor,
    notBefore: NOW - 30 * DAY,
    notAfter: NOW + 30 * DAY,
    emails: [address],
    ...spec,
  });
const alice = person(FROM, 1);
const bob = person(TO, 2);
const signer = (issued: Issued, more: Partial<CmsSigner> = {}): CmsSigner => ({
  certificate: issued.certificate,
  privateKey: issued.key.privateKey,
  ...more,
});
const edited = (bytes: Uint8Array, edit: Edit = (text) => text): Buffer =>
  Buffer.from(edit(Buffer.from(bytes).toString('latin1')), 'latin1');

/** A message that every rule is content with, but for the change; layer by layer. */
export function layersOf(
  change: MessageChange,
): Readonly<Record<'inner' | 'entity' | 'message', Uint8Array>> {
  const inner = edited(
    composeMessage({
      from: FROM,
      to: [TO],
      subject: 'Lab',
      date: NOW,
      messageId: ID,
      text: 'Hello',
      ...change.parts,
    }),
    change.inner,
  );
  const wrapping = edited(wrapMessage(inner), change.wrapping);
  const signed = signData(wrapping, change.signers ?? [signer(alice)], {
    detached: !change.opaque,
    signingTime: NOW,
    ...change.sign,
  });
  const entity = edited(
    change.opaque ? opaqueSigned(signed) : multipartSigned(wrapping, signed, 'sha-256', 'B0'),
    change.entity,
  );
  const object = encryptData(entity, change.to ?? [bob.certificate], {
    cipher: 'aes128-cbc',
    ...change.encrypt,
  });
  const message = envelopedMessage(
    { from: FROM, to: [TO], date: NOW, messageId: ID },
    change.object ? change.object(object) : object,
  );
  return { inner, entity, message: edited(message, change.outer) };
}

export function messageOf(change: MessageChange): MessageSubject {
  const { inner, entity, message } = layersOf(change);
  const travelled = change.travelled === undefined ? {} : { travelled: change.travelled };
  if (change.as === 'clear') return messageSubject(edited(inner, change.outer), travelled);
  if (change.as === 'signed') return messageSubject(entity, travelled);
  return messageSubject(message, change.sealed ? travelled : { opened: entity, ...travelled });
}

/** In place of something that has to be there. */
const swap =
  (from: string | RegExp, to: string): Edit =>
  (text) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${from} is not in the message`);
    return changed;
  };
const clear: MessageChange = { as: 'clear' };
const signedOnly: MessageChange = { as: 'signed' };
const unsigned: MessageChange = {
  entity: () => Buffer.from(wrapMessage(layersOf({}).inner)).toString('latin1'),
};
const eve = person('eve@direct.a.example', 3);
const weak = person(FROM, 0, { key: keyPool.take('rsa1024') });
const unwrapped: MessageChange = {
  ...signedOnly,
  wrapping: () => 'Content-Type: text/plain\r\n\r\nx',
};
const zip = { name: 'documents.zip', type: 'application/zip', bytes: Uint8Array.of(1) };
const xdm = { boundary: 'X1', attachments: [zip] };
const metadata = {
  name: 'metadata.txt',
  type: 'text/plain',
  bytes: Buffer.from('version: 1.1\r\n'),
  contentId: 'c@d',
};
const context = (id: string, attachment = metadata) => ({
  parts: { boundary: 'X1', attachments: [attachment], extraHeaders: [['X-Direct-Context', id]] as const },
});
const request = (options: string, to = FROM): MessageChange => ({
  parts: {
    extraHeaders: [
      ['Disposition-Notification-To', to],
      ['Disposition-Notification-Options', options],
    ],
  },
});
const DELIVERY = 'X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true';
/** A CMS object of this type around fields that no writer of ours makes. */
const object = (type: string, ...fields: readonly Uint8Array[]): Uint8Array =>
  sequence(oid(type), explicit(0, sequence(...fields)));
const nobodySigned = object(OID.signedData, integer(1), setOf(), sequence(oid(OID.data)), setOf());
const nobodyOpens = object(
  OID.envelopedData,
  integer(0),
  setOf(),
  sequence(
    oid(OID.data),
    sequence(oid('2.16.840.1.101.3.4.1.2'), encode(4, new Uint8Array(16))),
    encode(0x80, new Uint8Array(16)),
  ),
);
/** RSAES-OAEP becomes an identifier that nobody knows. */
const otherTransport = (bytes: Uint8Array): Uint8Array => {
  const own = Buffer.from('2a864886f70d010107', 'hex');
  const changed = Buffer.from(bytes);
  changed[changed.indexOf(own) + own.length - 1] = 99;
  return changed;
};

export const MESSAGE_CASES: MessageCase[] = [
  ['message/encrypted', 'enveloped', {}, 'pass'],
  [
    'message/encrypted',
    'in clear, with trace fields',
    { ...clear, outer: (text) => `Received: from a\r\n${text}` },
    'fail',
  ],
  ['message/encrypted', 'in clear, as somebody says', { ...clear, travelled: true }, 'fail'],
  ['message/encrypted', 'only signed', { ...signedOnly, travelled: true }, 'fail'],
  ['message/encrypted', 'taken out of its wrapping', clear, 'na'],

  ['message/outer-type', 'pkcs7-mime', {}, 'pass'],
  [
    'message/outer-type',
    'x-pkcs7-mime',
    { outer: swap('application/pkcs7-mime', 'application/x-pkcs7-mime') },
    'fail',
  ],
  ['message/outer-type', 'without smime-type', { outer: swap(' smime-type=enveloped-data;', '') }, 'pass'],
  ['message/outer-type', 'in clear', clear, 'na'],

  ['message/smime-type', 'there', {}, 'pass'],
  ['message/smime-type', 'not there', { outer: swap(' smime-type=enveloped-data;', '') }, 'warn'],
  ['message/smime-type', 'in clear', clear, 'na'],

  ['message/outer-encoding', 'Base64', {}, 'pass'],
  ['message/outer-encoding', 'none', { outer: swap('Content-Transfer-Encoding: base64\r\n', '') }, 'fail'],
  ['message/outer-encoding', 'in clear', clear, 'na'],

  ['message/line-length', 'short', {}, 'pass'],
  [
    'message/line-length',
    'a line of 1,000',
    { ...clear, outer: (text) => `${text}${'x'.repeat(1000)}\r\n` },
    'fail',
  ],

  ['message/base64-lines', '76', {}, 'pass'],
  [
    'message/base64-lines',
    'one line',
    { outer: (text) => text.replace(/(?<=\r\n\r\n[\s\S]*)\r\n(?=\w)/g, '') },
    'warn',
  ],
  ['message/base64-lines', 'in clear', clear, 'na'],

  ['message/file-name', 'smime.p7m', {}, 'pass'],
  ['message/file-name', 'another', { outer: swap('filename="smime.p7m"', 'filename="x.bin"') }, 'warn'],
  ['message/file-name', 'in clear', clear, 'na'],

  ['message/from', 'one address', {}, 'pass'],
  ['message/from', 'none inside', { inner: swap(/^From:.*\r\n/m, '') }, 'fail'],
  ['message/from', 'two outside', { outer: swap(FROM, `${FROM}, eve@a.example`), sealed: true }, 'fail'],
  ['message/from', 'what an envelope held, of an unwrapped message', unwrapped, 'na'],

  ['message/recipients', 'To', {}, 'pass'],
  ['message/recipients', 'none', { inner: swap(/^To:.*\r\n/m, '') }, 'fail'],
  ['message/recipients', 'not wrapped', unwrapped, 'na'],

  ['message/date', 'a date', {}, 'pass'],
  ['message/date', 'no date', { inner: swap(/^Date:.*\r\n/m, 'Date: soon\r\n') }, 'fail'],
  ['message/date', 'not wrapped', unwrapped, 'na'],

  ['message/message-id', 'there', {}, 'pass'],
  ['message/message-id', 'empty', { outer: swap(/^Message-ID:.*\r\n/m, 'Message-ID: <>\r\n') }, 'fail'],
  ['message/message-id', 'not wrapped', unwrapped, 'na'],

  ['message/mime-version', '1.0', {}, 'pass'],
  ['message/mime-version', 'none', { outer: swap('MIME-Version: 1.0\r\n', '') }, 'fail'],
  ['message/mime-version', 'not wrapped', unwrapped, 'na'],

  ['message/fields-once', 'once', {}, 'pass'],
  ['message/fields-once', 'two From', { inner: (text) => `From: eve@a.example\r\n${text}` }, 'fail'],
  ['message/fields-once', 'not wrapped', unwrapped, 'na'],

  ['message/fields-ascii', 'ASCII', {}, 'pass'],
  ['message/fields-ascii', 'Latin-1', { inner: swap('Subject: Lab', 'Subject: L\u00e4b') }, 'fail'],
  ['message/fields-ascii', 'not wrapped', unwrapped, 'na'],

  ['message/outer-subject', 'none', {}, 'pass'],
  ['message/outer-subject', 'the same as inside', { outer: (text) => `Subject: Lab\r\n${text}` }, 'warn'],
  ['message/outer-subject', 'in another field', { outer: (text) => `X-Thread: Lab\r\n${text}` }, 'warn'],
  ['message/outer-subject', 'in clear', clear, 'na'],

  ['message/outer-fields', 'few', {}, 'pass'],
  ['message/outer-fields', 'one more', { outer: (text) => `X-Mailer: y\r\n${text}` }, 'info'],
  ['message/outer-fields', 'in clear', clear, 'na'],

  ['message/no-bcc', 'none', {}, 'pass'],
  ['message/no-bcc', 'outside', { outer: (text) => `Bcc: eve@a.example\r\n${text}` }, 'fail'],
  ['message/no-bcc', 'inside', { inner: (text) => `Bcc: eve@a.example\r\n${text}` }, 'fail'],
  ['message/no-bcc', 'not wrapped', unwrapped, 'na'],

  ['message/outer-context', 'none', {}, 'pass'],
  ['message/outer-context', 'outside', { outer: (text) => `X-Direct-Context: <c@d>\r\n${text}` }, 'warn'],
  ['message/outer-context', 'in clear', clear, 'na'],

  ['message/content-cipher', 'AES-128', {}, 'pass'],
  ['message/content-cipher', 'AES-256', { encrypt: { cipher: 'aes256-cbc' } }, 'pass'],
  ['message/content-cipher', 'GCM', { encrypt: { cipher: 'aes256-gcm' } }, 'fail'],
  ['message/content-cipher', 'in clear', clear, 'na'],

  ['message/recipient-infos', 'one', {}, 'pass'],
  ['message/recipient-infos', 'none', { object: () => nobodyOpens }, 'fail'],
  ['message/recipient-infos', 'in clear', clear, 'na'],

  ['message/key-transport', 'RSA', {}, 'pass'],
  ['message/key-transport', 'PKCS #1', { encrypt: { keyTransport: 'pkcs1' } }, 'pass'],
  ['message/key-transport', 'another', { object: otherTransport }, 'fail'],
  ['message/key-transport', 'in clear', clear, 'na'],

  ['message/key-transport-oaep', 'OAEP', {}, 'pass'],
  ['message/key-transport-oaep', 'PKCS #1', { encrypt: { keyTransport: 'pkcs1' } }, 'fail'],
  [
    'message/key-transport-oaep',
    'PKCS #1, before',
    {
      encrypt: { keyTransport: 'pkcs1' },
      outer: swap(/^Date:.*\r\n/m, 'Date: Mon, 1 Dec 2025 10:00:00 +0000\r\n'),
    },
    'not-yet',
  ],
  ['message/key-transport-oaep', 'in clear', clear, 'na'],

  ['message/oaep-digests', 'the same', { encrypt: { keyTransport: 'oaep-sha256' } }, 'pass'],
  ['message/oaep-digests', 'two', { encrypt: { keyTransport: 'oaep-sha256-mgf1-sha1' } }, 'warn'],
  ['message/oaep-digests', 'PKCS #1', { encrypt: { keyTransport: 'pkcs1' } }, 'na'],

  ['message/recipient-key-size', '2048', {}, 'pass'],
  ['message/recipient-key-size', '1024', { to: [weak.certificate] }, 'fail'],
  ['message/recipient-key-size', 'in clear', clear, 'na'],

  ['message/envelope-end', 'nothing', {}, 'pass'],
  [
    'message/envelope-end',
    'three octets',
    { object: (bytes) => Buffer.concat([bytes, Buffer.of(1, 2, 3)]) },
    'warn',
  ],
  ['message/envelope-end', 'in clear', clear, 'na'],

  ['message/signed', 'multipart/signed', {}, 'pass'],
  ['message/signed', 'a signed entity by itself', signedOnly, 'pass'],
  ['message/signed', 'not at all', unsigned, 'fail'],
  ['message/signed', 'sealed', { sealed: true }, 'na'],

  ['message/signed-form', 'beside', {}, 'pass'],
  ['message/signed-form', 'around', { opaque: true }, 'fail'],
  ['message/signed-form', 'sealed', { sealed: true }, 'na'],

  ['message/signed-protocol', 'pkcs7-signature', {}, 'pass'],
  [
    'message/signed-protocol',
    'another',
    { entity: swap('protocol="application/pkcs7-signature"', 'protocol="application/pgp-signature"') },
    'fail',
  ],
  ['message/signed-protocol', 'opaque', { opaque: true }, 'na'],

  ['message/signed-parts', 'two', {}, 'pass'],
  ['message/signed-parts', 'three', { entity: swap('\r\n--B0--', '\r\n--B0\r\n\r\nmore\r\n--B0--') }, 'fail'],
  ['message/signed-parts', 'opaque', { opaque: true }, 'na'],

  ['message/micalg', 'the same', {}, 'pass'],
  ['message/micalg', 'another', { entity: swap('micalg=sha-256', 'micalg=sha-1') }, 'warn'],
  ['message/micalg', 'opaque', { opaque: true }, 'na'],

  ['message/signature-digest', 'SHA-256', {}, 'pass'],
  ['message/signature-digest', 'SHA-1', { signers: [signer(alice, { digest: 'sha1' })] }, 'fail'],
  [
    'message/signature-digest',
    'SHA-1 under 1.2',
    { signers: [signer(alice, { digest: 'sha1' })] },
    'warn',
    '1.2',
  ],
  ['message/signature-digest', 'sealed', { sealed: true }, 'na'],

  ['message/signers', 'one', {}, 'pass'],
  [
    'message/signers',
    'none',
    {
      entity: (text) =>
        text.replace(/MI[\w+/=\r\n]+(?=\r\n--B0--)/, `${Buffer.from(nobodySigned).toString('base64')}\r\n`),
    },
    'fail',
  ],
  ['message/signers', 'sealed', { sealed: true }, 'na'],

  ['message/signer-certificate', 'there', {}, 'pass'],
  ['message/signer-certificate', 'not there', { sign: { embedSigners: false } }, 'fail'],
  ['message/signer-certificate', 'sealed', { sealed: true }, 'na'],

  ['message/signed-attributes', 'there', {}, 'pass'],
  ['message/signed-attributes', 'not there', { sign: { signedAttributes: false } }, 'fail'],
  ['message/signed-attributes', 'sealed', { sealed: true }, 'na'],

  ['message/signature-verifies', 'it does', {}, 'pass'],
  ['message/signature-verifies', 'the text was changed', { entity: swap('Hello', 'Hullo') }, 'fail'],
  ['message/signature-verifies', 'nobody knows the signer', { sign: { embedSigners: false } }, 'na'],

  ['message/signed-line-ends', 'CRLF', {}, 'pass'],
  ['message/signed-line-ends', 'LF', { wrapping: (text) => text.replaceAll('\r\n', '\n') }, 'fail'],
  ['message/signed-line-ends', 'sealed', { sealed: true }, 'na'],

  ['message/signed-seven-bit', '7 bits', {}, 'pass'],
  ['message/signed-seven-bit', '8 bits', { wrapping: swap('Hello', 'H\u00e4llo') }, 'fail'],
  ['message/signed-seven-bit', 'sealed', { sealed: true }, 'na'],

  ['message/signer-key-size', '2048', {}, 'pass'],
  ['message/signer-key-size', '1024', { signers: [signer(weak)] }, 'fail'],
  ['message/signer-key-size', 'sealed', { sealed: true }, 'na'],

  ['message/signer-binding', 'From', {}, 'pass'],
  ['message/signer-binding', 'From in capitals', { parts: { from: FROM.toUpperCase() } }, 'pass'],
  ['message/signer-binding', 'somebody else', { signers: [signer(eve)] }, 'fail'],
  ['message/signer-binding', 'one of two', { signers: [signer(eve), signer(alice)] }, 'pass'],
  ['message/signer-binding', 'sealed', { sealed: true }, 'na'],

  ['message/signer-usage', 'signing', {}, 'pass'],
  [
    'message/signer-usage',
    'encryption',
    { signers: [signer(person(FROM, 1, { keyUsage: ['keyEncipherment'] }))] },
    'fail',
  ],
  ['message/signer-usage', 'sealed', { sealed: true }, 'na'],

  ['message/signer-in-force', 'in force', {}, 'pass'],
  [
    'message/signer-in-force',
    'over',
    { signers: [signer(person(FROM, 1, { notAfter: NOW - 1000 }))] },
    'fail',
  ],
  ['message/signer-in-force', 'sealed', { sealed: true }, 'na'],

  ['message/wrapped', 'message/rfc822', {}, 'pass'],
  ['message/wrapped', 'text', { wrapping: () => 'Content-Type: text/plain\r\n\r\nx' }, 'fail'],
  ['message/wrapped', 'sealed', { sealed: true }, 'na'],

  ['message/wrapped-encoding', '7bit', {}, 'pass'],
  [
    'message/wrapped-encoding',
    'unknown',
    { wrapping: swap('message/rfc822\r\n', 'message/rfc822\r\nContent-Transfer-Encoding: null\r\n') },
    'fail',
  ],
  ['message/wrapped-encoding', 'sealed', { sealed: true }, 'na'],

  ['message/from-agrees', 'the same', {}, 'pass'],
  ['message/from-agrees', 'another', { outer: swap(`From: ${FROM}`, 'From: eve@direct.a.example') }, 'fail'],
  ['message/from-agrees', 'sealed', { sealed: true }, 'na'],

  ['message/recipients-agree', 'the same', {}, 'pass'],
  ['message/recipients-agree', 'one fewer outside', { parts: { to: [TO, 'carl@direct.b.example'] } }, 'pass'],
  ['message/recipients-agree', 'another', { parts: { to: ['carl@direct.b.example'] } }, 'fail'],
  ['message/recipients-agree', 'sealed', { sealed: true }, 'na'],

  ['message/mime-fields', 'good ones', {}, 'pass'],
  ['message/mime-fields', 'a type that is none', { inner: swap('text/plain', 'text plain') }, 'fail'],
  ['message/mime-fields', 'sealed', { sealed: true }, 'na'],

  ['message/body-readable', 'text', {}, 'pass'],
  ['message/body-readable', 'parts', { parts: xdm }, 'pass'],
  ['message/body-readable', 'no last boundary', { parts: xdm, inner: swap('--X1--', '') }, 'fail'],
  ['message/body-readable', 'sealed', { sealed: true }, 'na'],

  ['message/package-subject', 'XDM/1.0/DDM', { parts: { ...xdm, subject: 'XDM/1.0/DDM' } }, 'pass'],
  ['message/package-subject', 'another', { parts: xdm }, 'warn'],
  ['message/package-subject', 'no package', {}, 'na'],

  ['message/delivery-request', 'exact', request(DELIVERY), 'pass'],
  ['message/delivery-request', 'required', request(DELIVERY.replace('optional', 'required')), 'fail'],
  ['message/delivery-request', 'none', {}, 'na'],

  ['message/delivery-request-to', 'the sender', request(DELIVERY), 'pass'],
  ['message/delivery-request-to', 'another', request(DELIVERY, 'eve@a.example'), 'warn'],
  ['message/delivery-request-to', 'none', {}, 'na'],

  ['message/context-part', 'there', context('<c@d>'), 'pass'],
  ['message/context-part', 'not there', context('<x@d>'), 'fail'],
  ['message/context-part', 'none', {}, 'na'],

  ['message/context-form', 'metadata.txt', context('<c@d>'), 'pass'],
  ['message/context-form', 'another name', context('<c@d>', { ...metadata, name: 'context.txt' }), 'fail'],
  ['message/context-form', 'none', {}, 'na'],
];

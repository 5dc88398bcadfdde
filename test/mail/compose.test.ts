import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/mail/base64.ts';
import { lfToCrlf, toCrlf } from '../../src/mail/canonical.ts';
import { composeMessage } from '../../src/mail/compose.ts';
import { formatDate, readDate } from '../../src/mail/date.ts';
import { displayMessage } from '../../src/mail/display.ts';
import { decodeWords, encodeWords } from '../../src/mail/encoded-words.ts';
import { decodedBody, parts, readEntity } from '../../src/mail/entity.ts';
import { decodeQuotedPrintable, encodeQuotedPrintable } from '../../src/mail/quoted-printable.ts';
import { splitSigned } from '../../src/mail/signed.ts';
import { envelopedMessage, multipartSigned, unwrap, wrapMessage } from '../../src/mail/wrap.ts';

const base = {
  from: 'alice@direct.a.example',
  to: ['bob@direct.b.example'],
  date: Date.UTC(2026, 0, 5, 15, 4, 5),
  messageId: 'm-1@direct.a.example',
  text: 'Hello',
};

const decoded = (text: string): Buffer => Buffer.from(decodeBase64(Buffer.from(text)).bytes);

const lines = (bytes: Uint8Array): string[] => Buffer.from(bytes).toString('latin1').split('\r\n');

describe('composing', () => {
  it('writes a plain message', () => {
    expect(lines(composeMessage({ ...base, subject: 'Referral' }))).toEqual([
      'From: alice@direct.a.example',
      'To: bob@direct.b.example',
      'Date: Mon, 05 Jan 2026 15:04:05 +0000',
      'Message-ID: <m-1@direct.a.example>',
      'Subject: Referral',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=us-ascii',
      'Content-Transfer-Encoding: 7bit',
      '',
      'Hello',
      '',
    ]);
  });

  it('is ASCII, CRLF and at most 78 columns wide, whatever goes in, and reads back', () => {
    const letters = fc.string({ unit: 'grapheme', maxLength: 300 });
    fc.assert(
      fc.property(letters, letters, fc.uint8Array({ maxLength: 300 }), (subject, text, bytes) => {
        fc.pre(!/[\x00-\x1f\x7f]/.test(subject) && subject.trim() === subject);
        const name = subject.replace(/[\\/]/g, '').slice(0, 20).toWellFormed().trim() || 'x';
        const message = composeMessage({
          ...base,
          to: Array.from({ length: 12 }, (_, i) => `recipient-${i}@direct.b.example`),
          subject,
          text,
          attachments: [{ name, type: 'application/octet-stream', bytes }],
          boundary: 'b-7f3a',
        });
        const written = lines(message);
        expect(written.every((line) => /^[\x20-\x7e\t]*$/.test(line))).toBe(true);
        expect(written.filter((line) => line.length > 78 && !/^ filename/.test(line))).toEqual([]);
        const shown = displayMessage(message);
        expect(shown.subject).toBe(subject.toWellFormed());
        expect(shown.to).toHaveLength(12);
        expect(shown.attachments).toMatchObject([{ name, size: bytes.length }]);
        expect(Buffer.from(shown.attachments[0]!.bytes)).toEqual(Buffer.from(bytes));
        expect(shown.text.replace(/\n$/, '')).toBe(
          text.toWellFormed().replace(/\r\n?/g, '\n').replace(/\n$/, ''),
        );
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a line break in the subject', { subject: 'a\r\nBcc: x@y.example' }],
    ['an address that is none', { to: ['bob@direct.b.example\r\nX: y'] }],
    ['a message id with a line break', { messageId: 'a\r\nX: y' }],
    [
      'attachments without a boundary',
      { attachments: [{ name: 'a', type: 'text/xml', bytes: new Uint8Array() }] },
    ],
    [
      'a boundary that is none',
      { boundary: 'a b"', attachments: [{ name: 'a', type: 'text/xml', bytes: new Uint8Array() }] },
    ],
    [
      'a boundary in the text',
      {
        text: '--bb',
        boundary: 'bb',
        attachments: [{ name: 'a', type: 'text/xml', bytes: new Uint8Array() }],
      },
    ],
    [
      'a media type that is none',
      { boundary: 'bb', attachments: [{ name: 'a', type: 'xml', bytes: new Uint8Array() }] },
    ],
    ['a field with a line break', { extraHeaders: [['X-A', 'b\r\nc: d'] as const] }],
  ])('refuses %s', (_, change) => {
    expect(() => composeMessage({ ...base, ...change })).toThrow(
      expect.objectContaining({ name: 'MailError', code: 'compose' }),
    );
  });
});

describe('transfer encodings and encoded words', () => {
  it('base64 reads back, in lines of 76', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const encoded = encodeBase64(bytes);
        expect(Buffer.from(encoded).toString('latin1').replaceAll('\r\n', '')).toBe(
          Buffer.from(bytes).toString('base64'),
        );
        expect(lines(encoded).every((line) => line.length <= 76)).toBe(true);
        expect(Uint8Array.from(decodeBase64(encoded).bytes)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('base64 in strides is base64 at once, whatever one line of it is like', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom('\r\n', '\n'),
        fc.array(
          fc.record({
            at: fc.nat(),
            what: fc.constantFrom('', '\n', '\r\n', ' ', '!', 'A', 'AAAA'),
            instead: fc.integer({ min: 0, max: 3 }),
          }),
          { maxLength: 4 },
        ),
        (groups, width, eol, odd) => {
          const bytes = Buffer.alloc(groups * 3, 'some octets, and on');
          let text = bytes.toString('base64').replace(new RegExp(`.{1,${width}}`, 'g'), `$&${eol}`);
          expect(decoded(text)).toEqual(bytes);
          for (const { at, what, instead } of odd) {
            const place = at % text.length;
            text = text.slice(0, place) + what + text.slice(place + instead);
          }
          const letters = text.replace(/[^A-Za-z0-9+/]/g, '');
          if (letters.length % 4 !== 1) expect(decoded(text)).toEqual(Buffer.from(letters, 'base64'));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('base64 decodes at any line length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 90 }),
        (bytes, width) => {
          const cut = Buffer.from(bytes)
            .toString('base64')
            .replace(new RegExp(`.{${width}}`, 'g'), '$&\n');
          const { bytes: out, stray } = decodeBase64(Buffer.from(cut));
          expect([Uint8Array.from(out), stray]).toEqual([bytes, false]);
        },
      ),
    );
  });

  it('quoted-printable reads back, at most 76 columns', () => {
    const text = fc.array(fc.constantFrom(0x20, 0x09, 0x2e, 0x46, 0x3d, 0x41, 0xe9, 0), { maxLength: 200 });
    fc.assert(
      fc.property(text, fc.uint8Array({ maxLength: 200 }), (a, b) => {
        const bytes = toCrlf(Buffer.from([...a, 10, ...b]));
        const encoded = encodeQuotedPrintable(bytes);
        expect(
          lines(encoded).every(
            (line) => line.length <= 76 && !/[ \t]$|^From|^\.|[^\x09\x20-\x7e]/.test(line),
          ),
        ).toBe(true);
        expect(Buffer.from(decodeQuotedPrintable(encoded).bytes)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['=?iso-8859-1?Q?caf=E9_au_lait?=', 'café au lait'],
    ['=?UTF-8?b?4oKs?= =?utf-8?b?4oKs?=', '€€'],
    ['=?utf-8?B?4oI=?= =?utf-8?B?rA==?=', '€'],
    ['a =?utf-8?Q?b?= c', 'a b c'],
    ['=?utf-8*en?Q?b?=', 'b'],
    ['=?nonsense?Q?b?=', 'b'],
    ['=?utf-8?X?b?= =?', '=?utf-8?X?b?= =?'],
  ])('%s is %s', (value, text) => {
    expect(decodeWords(value)).toBe(text);
  });

  it('words read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (text) => {
        expect(decodeWords(encodeWords(text))).toBe(text.toWellFormed());
      }),
    );
  });

  it('dates read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (s) => {
        expect(readDate(formatDate(s * 1000))).toBe(s * 1000);
      }),
    );
    expect(readDate('5 Jan 26 10:04 EST (winter)')).toBe(Date.UTC(2026, 0, 5, 15, 4));
    expect(readDate('yesterday')).toBeUndefined();
  });
});

describe('wrapping (REQ-AS-12)', () => {
  const message = composeMessage({ ...base, subject: 'Referral' });

  it('gives back the message octet for octet', () => {
    expect(unwrap(readEntity(wrapMessage(message)))).toEqual(message);
    expect(unwrap(readEntity(message))).toBeUndefined();
  });

  it.each([
    ['base64', (bytes: Uint8Array) => encodeBase64(bytes)],
    ['quoted-printable', (bytes: Uint8Array) => encodeQuotedPrintable(bytes)],
    ['7bit', (bytes: Uint8Array) => bytes],
  ])('is undone in %s', (encoding, encode) => {
    const head = `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
    expect(Buffer.from(unwrap(readEntity(Buffer.concat([Buffer.from(head), encode(message)])))!)).toEqual(
      message,
    );
  });

  it('multipart/signed keeps the entity and the signature', () => {
    const entity = wrapMessage(message);
    const signature = Buffer.alloc(200, 0x30);
    const split = splitSigned(readEntity(multipartSigned(entity, signature, 'sha-256', 'b1')));
    expect(Buffer.from(split.signedBytes)).toEqual(entity);
    expect(Buffer.from(split.signature)).toEqual(signature);
    expect(split.micalg).toEqual(['sha-256']);
  });

  it('the outer message has the headers of wire-facts §6.1 and no subject', () => {
    const outer = readEntity(envelopedMessage(base, Buffer.alloc(100, 0x30)));
    expect(outer.headers.map(({ name }) => name)).toEqual([
      'From',
      'To',
      'Date',
      'Message-ID',
      'MIME-Version',
      'Content-Type',
      'Content-Transfer-Encoding',
      'Content-Disposition',
    ]);
    expect(outer.contentType).toMatchObject({
      type: 'application/pkcs7-mime',
      parameters: { 'smime-type': 'enveloped-data', name: 'smime.p7m' },
    });
    expect(decodedBody(outer)).toHaveLength(100);
    expect(parts(outer)).toEqual([]);
  });

  it('line ends: CRLF for signing, and the one repair before a signature is called broken', () => {
    expect(Buffer.from(toCrlf(Buffer.from('a\nb\rc\r\nd\n\r'))).toString()).toBe('a\r\nb\r\nc\r\nd\r\n\r\n');
    expect(Buffer.from(lfToCrlf(Buffer.from('a\nb\rc\r\n'))).toString()).toBe('a\r\nb\rc\r\n');
  });
});

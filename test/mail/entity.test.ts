import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedBody, isClosed, parts, readEntity } from '../../src/mail/entity.ts';
import { MailError } from '../../src/mail/error.ts';
import { cmsOf, smimeKind, splitSigned } from '../../src/mail/signed.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

describe('an entity is read without altering it', () => {
  it.each([
    ['CRLF', 'Subject: a\r\n b\r\nX:y\r\n\r\nbody\r\n', 'a b', 'body\r\n', []],
    ['bare LF', 'Subject: a\n\tb\nX:y\n\nbody\n', 'a\tb', 'body\n', ['bare-lf']],
    ['no blank after the colon', 'Subject:a\r\n\r\nbody', 'a', 'body', []],
    ['a blank before the colon', 'Subject : a\r\n\r\nbody', 'a', 'body', ['blank-before-colon']],
    ['an empty line before the header', '\r\nSubject: a\r\n\r\nbody', 'a', 'body', ['leading-blank']],
    ['a blank before the first field', ' Subject: a\r\n\r\nbody', 'a', 'body', ['leading-blank']],
    [
      'an mbox line',
      'From a@b Mon Jan  5 10:00:00 2026\r\nSubject: a\r\n\r\nbody',
      'a',
      'body',
      ['mbox-line'],
    ],
    ['no empty line', 'Subject: a\r\nHello there\r\n', 'a', 'Hello there\r\n', ['no-header-end']],
    ['no body', 'Subject: a', 'a', '', ['no-header-end']],
    ['two subjects', 'Subject: a\r\nSubject: b\r\n\r\nbody', 'a', 'body', ['duplicate-field']],
    ['other case', 'SUBJECT: a\r\n\r\nbody', 'a', 'body', []],
    [
      'a null encoding',
      'Subject: a\r\nContent-Transfer-Encoding: null\r\n\r\nx',
      'a',
      'x',
      ['transfer-encoding'],
    ],
    ['UTF-8 in a field', 'Subject: caf\xc3\xa9\r\n\r\nx', 'café', 'x', []],
    ['Latin-1 in a field', 'Subject: caf\xe9\r\n\r\nx', 'café', 'x', []],
  ])('with %s', (_, message, subject, body, defects) => {
    const entity = readEntity(bytes(message));
    expect(entity.header('subject')).toBe(subject);
    expect(text(entity.body)).toBe(body);
    expect(text(decodedBody(entity))).toBe(body);
    expect(entity.defects).toEqual(defects);
    expect(text(entity.raw)).toBe(message);
  });

  it.each([
    ['text/plain; charset=utf-8', 'text/plain', { charset: 'utf-8' }],
    ['TEXT/Plain;CharSet="utf-8"', 'text/plain', { charset: 'utf-8' }],
    [
      'multipart/signed; micalg=sha-256 ; boundary = "a;b\\"c" ; protocol="x/y"',
      'multipart/signed',
      { micalg: 'sha-256', boundary: 'a;b"c', protocol: 'x/y' },
    ],
    ['text/plain (plain; text); charset=(which) utf-8', 'text/plain', { charset: 'utf-8' }],
    [
      'application/pdf; name*0*=utf-8\'\'%E2%82%AC; name*1=" rates.pdf"',
      'application/pdf',
      { name: '€ rates.pdf' },
    ],
    ['application/pdf; name="=?utf-8?B?4oKsLnBkZg==?="', 'application/pdf', { name: '€.pdf' }],
    ['text', 'text/plain', {}],
    ['', 'text/plain', {}],
    ['text/plain; nonsense; charset=x', 'text/plain', { charset: 'x' }],
    ['text/plain; __proto__=x', 'text/plain', { ['__proto__']: 'x' }],
  ])('Content-Type: %s', (value, type, parameters) => {
    const entity = readEntity(bytes(`Content-Type: ${value}\r\n\r\n`));
    expect(entity.contentType.type).toBe(type);
    expect(Object.entries(entity.contentType.parameters)).toEqual(Object.entries(parameters));
  });

  it.each([
    ['base64', 'aGVs\r\nbG8=\r\n', 'hello'],
    ['base64', 'aGVsbG8=', 'hello'],
    ['BASE64', 'a G V s!bG8=\nfooter', 'hello'],
    ['base64', 'aGVsbG8', 'hello'],
    ['quoted-printable', 'h=65llo=\r\n w=\nx  \r\ny=', 'hello wx\r\ny'],
    ['quoted-printable', '=zz = 1', '=zz = 1'],
    ['8bit', 'h\xe9', 'h\xe9'],
    ['"7bit"', 'x', 'x'],
  ])('%s %j decodes', (encoding, body, decoded) => {
    const entity = readEntity(bytes(`Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`));
    expect(text(decodedBody(entity))).toBe(decoded);
  });

  it.each([['aGVsbG8ab'], ['a']])('base64 that is cut (%j) is an error', (body) => {
    const entity = readEntity(bytes(`Content-Transfer-Encoding: base64\r\n\r\n${body}`));
    expect(() => decodedBody(entity)).toThrow(expect.objectContaining({ name: 'MailError', code: 'base64' }));
  });
});

describe('a multipart is cut at its boundary', () => {
  const multi = (body: string, boundary = 'b'): ReturnType<typeof readEntity> =>
    readEntity(bytes(`Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n${body}`));

  it.each([
    [
      'as it should be',
      'pre\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\npost',
      ['\r\none', '\r\ntwo'],
      true,
    ],
    ['with LF', '--b\n\none\n--b\n\ntwo\n--b--\n', ['\none', '\ntwo'], true],
    ['with blanks after the boundary', '--b \t\r\n\r\none\r\n--b-- \r\n', ['\r\none'], true],
    ['without the final boundary', '--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n', ['\r\none', '\r\ntwo\r\n'], false],
    [
      'with a longer boundary inside',
      '--b\r\n\r\n--bc\r\nx\r\n--bc--\r\n--b--',
      ['\r\n--bc\r\nx\r\n--bc--'],
      true,
    ],
    ['with the boundary in the middle of a line', '--b\r\n\r\nx --b\r\n--b--', ['\r\nx --b'], true],
    ['with empty parts', '--b\r\n--b\r\n--b--', ['', ''], true],
  ])('%s', (_, body, expected, closed) => {
    const entity = multi(body);
    expect(parts(entity).map((part) => text(part.raw))).toEqual(expected);
    expect(isClosed(entity)).toBe(closed);
  });

  it.each([
    ['the boundary occurs nowhere', 'nothing', 'b'],
    ['there is no boundary', '--b\r\n\r\nx\r\n--b--', ''],
    ['only the final boundary is there', '--b--', 'b'],
  ])('and refused when %s', (_, body, boundary) => {
    expect(() => parts(multi(body, boundary))).toThrow(expect.objectContaining({ code: 'mime' }));
  });

  it('is bounded in parts and in depth', () => {
    expect(() => parts(multi('--b\r\n\r\n'.repeat(1002)))).toThrow(
      expect.objectContaining({ code: 'limit' }),
    );
    let nested = 'Content-Type: text/plain\r\n\r\nx';
    for (let i = 0; i < 30; i++)
      nested = `Content-Type: multipart/mixed; boundary=n${i}n\r\n\r\n--n${i}n\r\n${nested}\r\n--n${i}n--`;
    let entity = readEntity(bytes(nested));
    expect(() => {
      for (;;) entity = parts(entity)[0]!;
    }).toThrow(expect.objectContaining({ code: 'limit', limit: 20 }));
  });

  it('is bounded in header fields', () => {
    expect(() => readEntity(bytes('A: b\r\n'.repeat(2001)))).toThrow(
      expect.objectContaining({ code: 'limit' }),
    );
    expect(() => readEntity(bytes(`A: ${'b'.repeat(300_000)}\r\n`))).toThrow(
      expect.objectContaining({ code: 'limit' }),
    );
  });
});

describe('multipart/signed (RFC 1847)', () => {
  const signed = (first: string, second: string, more = ''): ReturnType<typeof readEntity> =>
    readEntity(
      bytes(
        `Content-Type: multipart/signed; micalg="SHA-256, sha1"; boundary=b\r\n\r\n--b\r\n${first}\r\n--b\r\n${second}\r\n${more}--b--\r\n`,
      ),
    );
  const signature =
    'Content-Type: application/x-pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nMAA=';

  it('gives the exact octets that were signed', () => {
    const first = 'Content-Type: text/plain\r\n\r\n  trailing blanks  \r\n\r\n';
    const split = splitSigned(signed(first, signature));
    expect(text(split.signedBytes)).toBe(first);
    expect(split.signature).toEqual(Buffer.from([0x30, 0]));
    expect(split.micalg).toEqual(['sha-256', 'sha1']);
  });

  it('takes base64 without its label', () => {
    expect(splitSigned(signed('x', signature.replace(/Content-Transfer.*\r\n/, ''))).signature).toEqual(
      Buffer.from([0x30, 0]),
    );
  });

  it.each([
    [
      'one part',
      () => readEntity(bytes('Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--')),
    ],
    ['three parts', () => signed('x', signature, '--b\r\n\r\ny\r\n')],
    ['the signature first', () => signed(signature, 'Content-Type: text/plain\r\n\r\nx')],
    ['two signatures', () => signed(signature, signature)],
    ['another type', () => readEntity(bytes('Content-Type: text/plain\r\n\r\n'))],
  ])('refuses %s', (_, make) => {
    expect(() => splitSigned(make())).toThrow(expect.objectContaining({ code: 'mime' }));
  });

  it.each([
    ['application/pkcs7-mime; smime-type=enveloped-data', 'enveloped'],
    ['application/x-pkcs7-mime; SMIME-Type="Enveloped-Data"; name=smime.p7m', 'enveloped'],
    ['application/pkcs7-mime; smime-type=signed-data', 'opaque-signed'],
    ['application/pkcs7-mime', 'pkcs7'],
    ['multipart/signed; boundary=x', 'multipart-signed'],
    ['text/plain', undefined],
  ])('%s is %s', (type, kind) => {
    expect(smimeKind(readEntity(bytes(`Content-Type: ${type}\r\n\r\n`)))).toBe(kind);
  });
});

describe('any octets', () => {
  const hostile = fc.array(
    fc.oneof(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '--b',
        '--',
        ' ',
        '\t',
        ':',
        ';',
        '=',
        '"',
        '(',
        '\\',
        'Content-Type: multipart/signed; boundary=b\r\n',
        'Content-Transfer-Encoding: base64\r\n',
        'Content-Transfer-Encoding: quoted-printable\r\n',
        '=?utf-8?B?',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 40 },
  );

  it('give an entity or a MailError, and entities are windows on them', () => {
    fc.assert(
      fc.property(hostile, (pieces) => {
        const message = Buffer.from(pieces.join(''), 'latin1');
        try {
          const pending = [readEntity(message)];
          for (let entity = pending.pop(); entity; entity = pending.pop()) {
            expect(entity.raw.buffer).toBe(message.buffer);
            try {
              decodedBody(entity);
              cmsOf(entity);
            } catch (error) {
              expect(error).toBeInstanceOf(MailError);
            }
            pending.push(...parts(entity));
          }
        } catch (error) {
          expect(error).toBeInstanceOf(MailError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('of half a megabyte each are read in time that does not explode', () => {
    const started = process.hrtime.bigint();
    for (const unit of [
      '\r',
      ' ',
      '<',
      '(',
      '"',
      '=?a?q?',
      'a;',
      '--b',
      '--b\r\n',
      '\\',
      '>',
      '.',
      ',',
      '= ',
      '\t\n',
    ]) {
      const long = unit.repeat(Math.floor(250_000 / unit.length));
      for (const head of ['Subject: ', 'Content-Type: multipart/mixed; boundary=b', 'To: ', '']) {
        try {
          const entity = readEntity(bytes(`${head}${long}\r\n\r\n${long}`));
          parts(entity);
        } catch (error) {
          expect(error).toBeInstanceOf(MailError);
        }
      }
    }
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(4000);
  });
});

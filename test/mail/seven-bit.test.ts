import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSevenBit } from '../../src/mail/canonical.ts';
import { displayMessage } from '../../src/mail/display.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { MailError } from '../../src/mail/error.ts';
import { toSevenBit } from '../../src/mail/seven-bit.ts';

const utf8 = (...lines: string[]): Uint8Array => Buffer.from(lines.join('\r\n'), 'utf8');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('a message in 8 bits before signing (REQ-AS-17)', () => {
  it.each<[string, Uint8Array]>([
    [
      'text',
      utf8(
        'Subject: x',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 8bit',
        '',
        'Grüße',
        '',
      ),
    ],
    ['text without a type', utf8('Subject: x', '', 'Grüße', '')],
    [
      'header fields',
      utf8('From: Jörg Müller <j@a.example>, "Ü, b" <b@a.example>', 'Subject: Überweisung für Änne', '', 'x'),
    ],
    [
      'a file name',
      utf8(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'x',
        '--b',
        'Content-Type: application/pdf',
        'Content-Disposition: attachment; filename="Röntgen.pdf"',
        '',
        'pdf',
        '--b--',
        '',
      ),
    ],
    [
      'parts',
      utf8(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain; charset=utf-8',
        '',
        'Grüße',
        '--b',
        'Content-Type: application/x',
        '',
        'ÿü',
        '--b--',
        '',
      ),
    ],
    [
      'nested parts',
      utf8(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: multipart/alternative; boundary=c',
        '',
        '--c',
        '',
        'Grüße',
        '--c--',
        '--b--',
        '',
      ),
    ],
  ])('says the same afterwards: %s', (_, message) => {
    const after = toSevenBit(message);
    expect(isSevenBit(after)).toBe(true);
    const [was, is] = [displayMessage(message), displayMessage(after)];
    expect({
      ...is,
      attachments: is.attachments.map(({ bytes, ...rest }) => ({ ...rest, text: text(bytes) })),
    }).toEqual({
      ...was,
      attachments: was.attachments.map(({ bytes, ...rest }) => ({ ...rest, text: text(bytes) })),
    });
  });

  it('encodes inside an attached message, never the message itself', () => {
    const after = toSevenBit(
      utf8(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: message/rfc822',
        '',
        'Subject: x',
        '',
        'Grüße',
        '--b--',
        '',
      ),
    );
    expect(text(after)).toContain(
      'Content-Type: message/rfc822\r\n\r\nSubject: x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe',
    );
  });

  it('leaves alone what is in 7 bits and what somebody signed', () => {
    const plain = utf8('Subject: x', '', 'y', '');
    expect(toSevenBit(plain)).toBe(plain);
    const signed = utf8('Content-Type: multipart/signed; boundary=b', '', '--b', '', 'Grüße', '--b--', '');
    expect(Buffer.from(toSevenBit(signed)).equals(signed)).toBe(true);
    expect(text(toSevenBit(Buffer.from('Subject: x\n\ny')))).toBe('Subject: x\r\n\r\ny');
  });

  it('takes any octets', () => {
    const piece = fc.constantFrom(
      '\r\n',
      '--b',
      '--',
      ':',
      ' ',
      'é',
      'Content-Type: multipart/mixed; boundary=b\r\n',
      'Content-Type: message/rfc822\r\n',
      'From: é <a@b>\r\n',
      'x',
      '"',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        try {
          const after = toSevenBit(Buffer.from(pieces.join('')));
          readEntity(after);
          expect(Buffer.from(toSevenBit(after)).equals(after)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(MailError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

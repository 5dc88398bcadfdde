import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matcher } from '../../../src/edge/imap/folder-commands.ts';
import { decodeFolderName, encodeFolderName } from '../../../src/edge/imap/modified-utf7.ts';
import { parseCommand } from '../../../src/edge/imap/parse.ts';
import { chosen, formatSet } from '../../../src/edge/imap/sequence.ts';
import { partAt, partsOf, structureText } from '../../../src/edge/imap/structure.ts';

describe('a command', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'a FETCH ',
      '1:*',
      ' (',
      'BODY[',
      'HEADER.FIELDS (',
      ')',
      ']',
      '<0.1>',
      '{2}\r\n',
      'OR ',
      'NOT ',
      '"',
      '\\',
      'UID ',
    ),
    fc.string({ maxLength: 6 }),
  );
  it('is read or not, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const parsed = parseCommand(Buffer.from(pieces.join(''), 'latin1'));
        expect('command' in parsed || 'wrong' in parsed || 'charset' in parsed).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['parentheses', `a SEARCH ${'('.repeat(60_000)}`],
    ['NOT', `a SEARCH ${'NOT '.repeat(15_000)}ALL`],
    ['keys', `a SEARCH${' ALL'.repeat(10_000)}`],
    ['ranges', `a FETCH ${'1,'.repeat(20_000)}1 FLAGS`],
    ['parts', `a FETCH 1 BODY[${'1.'.repeat(20_000)}1]`],
    ['flags', `a STORE 1 FLAGS (${'x '.repeat(20_000)}x)`],
  ])('of too many %s is refused', (_what, text) => {
    expect(parseCommand(Buffer.from(text, 'latin1'))).toMatchObject({
      tag: 'a',
      wrong: expect.stringMatching(/over|deeper/),
    });
  });
});

describe('names of folders', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const encoded = encodeFolderName(name);
        expect(encoded).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeFolderName(encoded)).toBe(name.toWellFormed());
      }),
    );
  });
  it.each(['&', '&Jjo', '&Jjo!', '&AGE-', '&&-', 'ü', '&-&AOQ-&APw-'])(
    '%j has another spelling or none',
    (text) => {
      expect(() => decodeFolderName(text)).toThrow(/modified UTF-7|open/);
    },
  );
  it.each([
    ['*', 'a/b', true],
    ['%', 'a/b', false],
    ['%/%', 'a/b', true],
    ['a*b', 'a/x/b', true],
    ['a%b', 'a/b', false],
    ['inbox', 'INBOX', true],
    ['*a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(500), false],
  ])('%s fits %s: %s', (pattern, name, fits) => {
    expect(matcher(pattern)(name)).toBe(fits);
  });
});

describe('sets of numbers', () => {
  it('are what they say', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 50 })),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }))),
        (some, set) => {
          const numbers = some.sort((a, b) => a - b);
          const expected = numbers.filter((n) =>
            set.some(([a, b]) => n >= Math.min(a, b) && n <= Math.max(a, b)),
          );
          expect(chosen(set, numbers)).toEqual(expected);
        },
      ),
    );
    expect(formatSet([1, 2, 3, 7, 9, 10])).toBe('1:3,7,9:10');
    expect(chosen([[5, '*']], [1, 3])).toEqual([3]);
  });
});

const message = (text: string) => partsOf(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));

describe('parts', () => {
  const nested = message(`Content-Type: multipart/mixed; boundary=a

--a

one
--a
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/alternative; boundary=b

--b

two
--b--
--a
Content-Type: message/rfc822

Subject: plain

three
--a--
`);
  it.each([
    [[1], 'one'],
    [[2, 1], 'two'],
    [[3, 1], 'three'],
  ])('%j: %s', (path, text) => {
    expect(Buffer.from(partAt(nested, path)!.entity.body).toString()).toBe(text);
  });
  it.each([[[4]], [[1, 1]], [[2, 2]], [[3, 2]], [[3, 1, 1]]])('%j: nothing', (path) => {
    expect(partAt(nested, path)).toBeUndefined();
  });
  it('of a message that is a message are those of the inner one', () => {
    const top = message('Content-Type: message/rfc822\n\nSubject: x\n\nbody');
    expect(Buffer.from(partAt(top, [1, 1])!.entity.body).toString()).toBe('body');
  });

  it.each([
    [
      'without its boundary',
      'Content-Type: multipart/mixed; boundary=x\n\nnothing\n',
      '("APPLICATION" "OCTET-STREAM" NIL NIL NIL "7BIT" 9)',
    ],
    [
      'with odd parameters',
      'Content-Type: text/plain; name="a\\"b"; charset=\n\nx',
      '("TEXT" "PLAIN" ("NAME" "a\\"b" "CHARSET" "") NIL NIL "7BIT" 1 0)',
    ],
    [
      'with a lie for an encoding',
      'Content-Transfer-Encoding: "no) such\n\nx',
      '("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 0)',
    ],
  ])('of a message %s are described', (_what, text, expected) => {
    expect(structureText(message(text), false)).toBe(expected);
  });

  it('are described in balance, whatever the message is', () => {
    const line = fc.constantFrom(
      'Content-Type: multipart/mixed; boundary=a',
      'Content-Type: message/rfc822',
      '--a',
      '--a--',
      '',
      '',
      'text',
      'Subject: "(',
      'From: a@b',
      'Content-Disposition: attachment; filename="(\\")"',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const text = structureText(message(lines.join('\n')), true).replace(/"(?:[^"\\]|\\.)*"/g, '');
        let depth = 0;
        for (const sign of text) {
          if (sign === '(') depth++;
          if (sign === ')') expect(--depth).toBeGreaterThanOrEqual(0);
        }
        expect(depth).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('of 1,000 levels or 100,000 pieces are bounded', () => {
    const levels = Array.from(
      { length: 1000 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
    ).join('');
    expect(structureText(message(levels), true).length).toBeLessThan(10_000);
    const wide = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\n'.repeat(100_000)}`;
    expect(structureText(message(wide), true)).toContain('OCTET-STREAM');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRows } from '../../../src/directory/read/csv.ts';
import { csvLine } from '../../../src/directory/write/csv-text.ts';

const rows = (bytes: string | Uint8Array, piece = 1 << 20) => {
  const all = Buffer.from(bytes);
  const pieces = [];
  for (let at = 0; at < all.length; at += piece) pieces.push(all.subarray(at, at + piece));
  return [...csvRows(pieces)];
};
const fields = (bytes: string | Uint8Array, piece?: number) =>
  rows(bytes, piece).map((row) => (row.kind === 'fields' ? row.fields : row.fault.found));

describe('CSV', () => {
  it.each([
    [
      'plain',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'CRLF, no end',
      'a,b\r\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a byte order mark', '\uFEFFa,b\n', [['a', 'b']]],
    ['quotes', '"a,""b""",c\n', [['a,"b"', 'c']]],
    [
      'a quoted line end',
      '"a\r\nb",c\nd,e\n',
      [
        ['a\nb', 'c'],
        ['d', 'e'],
      ],
    ],
    ['an empty line', 'a\n\nb\n', [['a'], ['b']]],
    ['empty fields', ',,\n', [['', '', '']]],
    ['an empty quoted field', '"",a\n', [['', 'a']]],
  ])('reads %s', (_, text, expected) => expect(fields(text)).toEqual(expected));

  it.each([
    ['a quote in a field', 'a"b,c\n', 'a"b'],
    ['text after a quote', '"a"b,c\n', 'b,c after a closing quote'],
    ['an open quote', '"a\n', 'a quote that is never closed'],
    ['NUL', 'a\u0000,b\n', 'a NUL octet at position 2'],
    ['a bare CR', 'a\rb,c\n', 'a carriage return without a line feed'],
    [
      'Windows-1252',
      Buffer.from('Mu\xf1oz,b\n', 'latin1'),
      "octet 0xF1 at position 3, which is not UTF-8 (in Windows-1252 it is 'ñ')",
    ],
    ['a long line', `${'x'.repeat(10 << 20)}\n`, 'a line of 10485760 octets'],
    [
      'a long quoted field',
      `"${'x\n'.repeat(40_000)}`,
      'a record of more than 65536 octets, from a quote that is not closed',
    ],
  ])('says what is wrong with %s', (_, text, expected) => expect(fields(text)[0]).toBe(expected));

  it('goes on after a line that is too long', () => {
    expect(fields(`a,b\n${'x'.repeat(200_000)}\nc,d\n`, 1000)).toEqual([
      ['a', 'b'],
      'a line of 200000 octets',
      ['c', 'd'],
    ]);
  });

  it('refuses UTF-16', () => {
    expect(() => rows(Buffer.from('\uFEFFa,b', 'utf16le'))).toThrow(/UTF-16/);
  });

  it('reads what it writes, in pieces of any size', () => {
    const value = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\0]|[\ud800-\udfff]/g, ''));
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { minLength: 2, maxLength: 5 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 50 }),
        (table, piece) => {
          expect(fields(table.map(csvLine).join(''), piece)).toEqual(
            table.map((row) =>
              row.map((one, i) => (row === table[0] && i === 0 ? one.replace(/^\uFEFF/, '') : one)),
            ),
          );
        },
      ),
    );
  });

  it('is total over any octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (bytes, piece) => {
        try {
          for (const row of rows(bytes, piece)) expect(['fields', 'fault']).toContain(row.kind);
        } catch (error) {
          expect((error as Error).name).toBe('DirectoryError');
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Asn1Error } from '../../src/asn1/error.ts';
import { children, content, raw, readAsn1, stringContent } from '../../src/asn1/read.ts';
import { readInteger, readOid, readTime } from '../../src/asn1/values.ts';
import * as write from '../../src/asn1/write.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

describe('reading BER (X.690)', () => {
  it('keeps the exact octets of every part', () => {
    const bytes = hex('30 06 02 01 05 04 01 aa');
    const [number, text] = children(readAsn1(bytes));
    expect(readInteger(number)).toBe(5n);
    expect(raw(text!)).toEqual(hex('04 01 aa'));
  });

  it('walks nested indefinite lengths and joins constructed strings', () => {
    const node = readAsn1(hex('30 80 24 80 04 02 0102 24 80 04 01 03 00 00 00 00 02 01 07 00 00'));
    const [text, number] = children(node);
    expect(stringContent(text!)).toEqual(hex('010203'));
    expect(readInteger(number)).toBe(7n);
    expect(node.end).toBe(node.source.length);
  });

  it.each([
    ['ends inside the length', '30 82 01', 'truncated'],
    ['claims a gigabyte', '04 84 40 00 00 00', 'truncated'],
    ['never ends', '30 80 04 01 00', 'truncated'],
    ['has octets behind it', '05 00 00', 'trailing'],
    ['has an indefinite primitive', '04 80 00 00', 'indefinite'],
  ])('refuses what %s', (_, text, code) => {
    expect(() => readAsn1(hex(text))).toThrow(expect.objectContaining({ name: 'Asn1Error', code }));
  });

  it('is bounded in depth, with definite and with indefinite lengths', () => {
    const bomb = Buffer.concat([Buffer.alloc(200_000, hex('30 80'))]);
    expect(() => readAsn1(bomb)).toThrow(Asn1Error);
    let nested: Uint8Array = write.nullValue();
    for (let i = 0; i < 100; i++) nested = write.sequence(nested);
    let node = readAsn1(nested);
    expect(() => {
      for (;;) node = children(node)[0]!;
    }).toThrow(expect.objectContaining({ code: 'depth' }));
  });

  it('gives a value or its typed error for any octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          const pending = [readAsn1(bytes, { trailing: 'allow' })];
          for (let node = pending.pop(); node; node = pending.pop()) {
            if (node.constructed) pending.push(...children(node));
            else content(node);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Asn1Error);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('writing DER', () => {
  it('reads back every integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), (value) => {
        expect(readInteger(readAsn1(write.integer(value), { rules: 'der' }))).toBe(value);
      }),
    );
  });

  it('reads back object identifiers', () => {
    for (const dotted of ['2.5.29.17', '1.2.840.113549.1.7.2', '0.9.2342.19200300.100.1.3', '2.999.1']) {
      expect(readOid(readAsn1(write.oid(dotted)))).toBe(dotted);
    }
  });

  it('writes times as RFC 5280 §4.1.2.5 asks', () => {
    for (const iso of ['1950-01-01T00:00:00.000Z', '2049-12-31T23:59:59.000Z', '2050-01-01T00:00:00.000Z']) {
      const ms = Date.parse(iso);
      expect(readTime(readAsn1(write.time(ms)))).toBe(ms);
    }
    expect(write.time(Date.parse('2049-12-31T23:59:59Z'))[0]).toBe(23);
    expect(write.time(Date.parse('2050-01-01T00:00:00Z'))[0]).toBe(24);
  });

  it('writes named bits without trailing zeros', () => {
    expect(write.namedBits([0, 2])).toEqual(hex('03 02 05 a0'));
    expect(write.namedBits([])).toEqual(hex('03 01 00'));
  });
});

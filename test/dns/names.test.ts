import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DnsError } from '../../src/dns/error.ts';
import {
  addressToName,
  canonicalName,
  formatName,
  isBelow,
  labelTexts,
  parentName,
  parseName,
  sameName,
} from '../../src/dns/names.ts';

const octets = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('names as text (RFC 1035 §5.1)', () => {
  it.each([
    ['', []],
    ['.', []],
    ['d.example', ['d', 'example']],
    ['d.example.', ['d', 'example']],
    ['john\\.doe.d', ['john.doe', 'd']],
    ['a\\046b.d', ['a.b', 'd']],
    ['\\000\\255.d', ['\x00\xff', 'd']],
    ['a\\ b\\;c.d', ['a b;c', 'd']],
    ['*.d', ['*', 'd']],
  ])('%j has the labels %j', (text, labels) => {
    expect(parseName(text)).toEqual(labels.map(octets));
  });

  it.each([
    ['a..b', 'empty label'],
    ['.a', 'empty label'],
    ['a\\', 'lone backslash'],
    ['a\\12', 'fewer than three digits'],
    ['a\\256', 'no octet'],
    ['ä.d', 'outside ASCII'],
    [`${'x'.repeat(64)}.d`, '64 octets'],
    [Array(128).fill('a').join('.'), 'over 255'],
  ])('%j is refused: %s', (text, why) => {
    expect(() => parseName(text)).toThrow(DnsError);
    expect(() => parseName(text)).toThrow(why);
  });

  it('comes back the same, whatever octets the labels have', () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 8 }), (labels) => {
        const text = formatName(labels);
        expect(parseName(text)).toEqual(labels);
        expect(labelTexts(text)).toHaveLength(labels.length);
        expect(canonicalName(text)).toBe(text.toLowerCase());
      }),
    );
  });

  it('any text is a name or a DnsError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        try {
          formatName(parseName(text));
        } catch (error) {
          expect(error).toBeInstanceOf(DnsError);
        }
      }),
    );
  });
});

describe('names compared', () => {
  it.each([
    ['D.Example', 'd.example', true],
    ['d.example.', 'd.example', true],
    ['a\\046b.d', 'a\\.b.d', true],
    ['a.b.d', 'a\\.b.d', false],
  ])('%s and %s: same %s', (a, b, same) => expect(sameName(a, b)).toBe(same));

  it.each([
    ['d.example', 'd.example', true],
    ['x.D.example', 'd.EXAMPLE', true],
    ['xd.example', 'd.example', false],
    ['x\\.d.example', 'd.example', false],
    ['example', 'd.example', false],
    ['anything', '', true],
  ])('%s below %s: %s', (name, zone, below) => expect(isBelow(name, zone)).toBe(below));

  it.each([
    ['a.b', 'b'],
    ['a\\.b.c', 'c'],
    ['a', ''],
    ['', undefined],
  ])('the parent of %j is %j', (name, parent) => expect(parentName(name)).toBe(parent));
});

describe('owner name of an address (REQ-DNS-02)', () => {
  it.each([
    ['drbob@d.example', 'drbob.d.example'],
    ['John.Doe@D.Example', 'john.doe.d.example'],
    ['bob+x@d.example', 'bob+x.d.example'],
    ["o'neil!#$%&*/=?^_`{|}~-@d.example", "o'neil!#$%&*/=?^_`{|}~-.d.example"],
    [`${'x'.repeat(63)}@d.example`, `${'x'.repeat(63)}.d.example`],
    ['*@d.example', undefined],
    ['a.*@d.example', undefined],
    [`${'x'.repeat(64)}@d.example`, undefined],
    ['"john doe"@d.example', undefined],
    ['jürgen@d.example', undefined],
    ['a..b@d.example', undefined],
    ['.a@d.example', undefined],
    ['@d.example', undefined],
    ['d.example', undefined],
    ['bob@', undefined],
    ['bob@exämple.org', undefined],
    [`${Array(30).fill('abcdefgh').join('.')}@d.example`, undefined],
  ])('%s → %s', (address, name) => {
    expect(addressToName(address)).toBe(name);
    if (name) expect(parseName(name).length).toBeGreaterThan(2);
  });
});

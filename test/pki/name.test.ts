import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, oid, printableString, sequence, setOf, utf8String } from '../../src/asn1/write.ts';
import { PkiError } from '../../src/pki/error.ts';
import { encodeSubject } from '../../src/pki/issue-name.ts';
import { formatName, isBelowName, nameValues, parseName, sameName } from '../../src/pki/name.ts';

const CN = '2.5.4.3';
const O = '2.5.4.10';
type Part = [type: string, value: Uint8Array];
const rdn = (...parts: Part[]): Uint8Array =>
  setOf(...parts.map(([type, value]) => sequence(oid(type), value)));
const name = (...rdns: Uint8Array[]) => parseName(sequence(...rdns));
const t61 = (text: string): Uint8Array => encode(20, Buffer.from(text, 'latin1'));
const bmp = (text: string): Uint8Array => encode(30, Buffer.from(text, 'utf16le').swap16());

describe('comparing names (RFC 5280 §7.1, RFC 4518)', () => {
  const bob = name(rdn([O, printableString('Clinic A')]), rdn([CN, printableString('Dr Bob')]));
  it.each([
    ['another string type', name(rdn([O, utf8String('Clinic A')]), rdn([CN, utf8String('Dr Bob')])), true],
    ['T61String and BMPString', name(rdn([O, t61('Clinic A')]), rdn([CN, bmp('Dr Bob')])), true],
    ['another case', name(rdn([O, utf8String('CLINIC a')]), rdn([CN, utf8String('dr bob')])), true],
    ['more blanks', name(rdn([O, utf8String('  Clinic   A ')]), rdn([CN, utf8String('Dr\t Bob')])), true],
    [
      'invisible characters',
      name(rdn([O, utf8String('Cli\u00adnic A')]), rdn([CN, utf8String('Dr\u200b Bob')])),
      true,
    ],
    ['compatibility forms', name(rdn([O, utf8String('Ｃlinic A')]), rdn([CN, utf8String('Dr Bob')])), true],
    ['another order', name(rdn([CN, utf8String('Dr Bob')]), rdn([O, utf8String('Clinic A')])), false],
    ['one part less', name(rdn([O, utf8String('Clinic A')])), false],
    ['one part of two values', name(rdn([O, utf8String('Clinic A')], [CN, utf8String('Dr Bob')])), false],
    ['another type', name(rdn([O, utf8String('Clinic A')]), rdn(['2.5.4.11', utf8String('Dr Bob')])), false],
    ['another value', name(rdn([O, utf8String('Clinic A')]), rdn([CN, utf8String('Dr Rob')])), false],
    ['a blank less inside', name(rdn([O, utf8String('ClinicA')]), rdn([CN, utf8String('Dr Bob')])), false],
  ])('%s', (_, other, same) => {
    expect(sameName(bob, other)).toBe(same);
  });

  it('does not mix up values that look like the frame of the key', () => {
    const a = name(rdn([CN, utf8String(`x","${O}=y`)]));
    const b = name(rdn([CN, utf8String('x')], [O, utf8String('y')]));
    expect(sameName(a, b)).toBe(false);
  });

  it('does not mind the order inside one part', () => {
    const a = encode(0x31, sequence(oid(CN), utf8String('x')), sequence(oid(O), utf8String('y')));
    const b = encode(0x31, sequence(oid(O), utf8String('Y')), sequence(oid(CN), utf8String('X')));
    expect(sameName(name(a), name(b))).toBe(true);
  });

  it('knows what is below a name', () => {
    const clinic = name(rdn([O, utf8String('clinic a')]));
    expect(isBelowName(bob, clinic)).toBe(true);
    expect(isBelowName(bob, bob)).toBe(true);
    expect(isBelowName(clinic, bob)).toBe(false);
    expect(isBelowName(bob, name())).toBe(true);
  });
});

describe('names', () => {
  it('are written and shown (RFC 4514)', () => {
    const parsed = parseName(
      encodeSubject({ C: 'US', O: 'Smith, Jones + Co', CN: 'Dr "José"', E: 'a@b.c', DC: ['x'] }),
    );
    expect(formatName(parsed)).toBe('E=a@b.c, CN=Dr \\"José\\", O=Smith\\, Jones \\+ Co, C=US, DC=x');
    expect(nameValues(parsed, 'E')).toEqual(['a@b.c']);
    expect(formatName(name())).toBe('(empty name)');
    expect(formatName(name(rdn(['1.2.3', Uint8Array.of(2, 1, 5)])))).toBe('1.2.3=#020105');
  });

  it('of any octets are a name or a PkiError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          formatName(parseName(sequence(bytes)));
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError);
        }
      }),
    );
  });
});

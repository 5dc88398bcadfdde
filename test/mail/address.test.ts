import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parseAddressList, readAddressList, sameAddress } from '../../src/mail/address.ts';
import { writeAddress } from '../../src/mail/folding.ts';

describe('one address (RFC 5322 §3.4)', () => {
  it.each([
    ['bob@b.example', 'bob@b.example', undefined],
    [' <Bob@B.Example> ', 'Bob@B.Example', undefined],
    ['Bob Smith <bob@b.example>', 'bob@b.example', 'Bob Smith'],
    ['"Smith, Bob" <bob@b.example>', 'bob@b.example', 'Smith, Bob'],
    ['"bob@b.example" <eve@e.example>', 'eve@e.example', 'bob@b.example'],
    ['=?utf-8?Q?J=C3=B6rg?= <j@b.example>', 'j@b.example', 'Jörg'],
    ['bob (the builder) @ b (x) . example', 'bob@b.example', undefined],
    ['"bob smith"@b.example', '"bob smith"@b.example', undefined],
    ['"bob"@b.example', 'bob@b.example', undefined],
    ['<@relay.example,@x.example:bob@b.example>', 'bob@b.example', undefined],
    ['bob+tag@b.example', 'bob+tag@b.example', undefined],
    ["o'neil.d-r_1@b.example", "o'neil.d-r_1@b.example", undefined],
    ['bob@b.example.', 'bob@b.example', undefined],
    ['bob@[192.0.2.1]', 'bob@[192.0.2.1]', undefined],
  ])('%s', (text, address, name) => {
    expect(parseAddress(text)).toMatchObject({ address, ...(name ? { name } : {}) });
    expect(parseAddress(text)?.name).toBe(name);
  });

  it.each([
    '',
    'bob',
    'bob@',
    '@b.example',
    'a..b@b.example',
    '.a@b.example',
    'a.@b.example',
    'a b@b.example',
    'bob@b..example',
    'bob@b.example, eve@e.example',
    '<bob@b.example> <eve@e.example>',
    '<bob@b.example',
    'bob@b.example\u0000@x',
    'bob@b/c.example',
    '"a\r\nb"@b.example',
    `${'a'.repeat(1000)}@b.example`,
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('compares both halves without case (REQ-AS-08)', () => {
    expect(sameAddress('BOB@B.Example', ' bob@b.example')).toBe(true);
    expect(parseAddress('Bob@B.Example')).toMatchObject({ local: 'Bob', domain: 'b.example' });
  });
});

describe('an address list', () => {
  it('opens groups, passes over empty members and names what is no address', () => {
    const { addresses, invalid } = readAddressList(
      'Team: a@x.example, "B, b" <b@x.example>;, , c@x.example (c), nonsense, undisclosed-recipients:;',
    );
    expect(addresses.map(({ address }) => address)).toEqual(['a@x.example', 'b@x.example', 'c@x.example']);
    expect(invalid).toEqual(['nonsense']);
  });

  it('is bounded', () => {
    expect(() => parseAddressList('a@b,'.repeat(70_000))).toThrow(expect.objectContaining({ code: 'limit' }));
  });

  it('reads back what was written', () => {
    const local = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
    const name = fc.string({ unit: 'grapheme', maxLength: 12 });
    fc.assert(
      fc.property(local, name, (written, text) => {
        const address = parseAddress(`"${written.replace(/[\\"]/g, '\\$&')}"@b.example`);
        expect(address?.local).toBe(written);
        const wanted =
          text
            .replace(/[\x00-\x1f\x7f]|=\?/g, '')
            .trim()
            .toWellFormed() || 'x';
        const again = parseAddress(writeAddress({ ...address!, name: wanted }));
        expect([again?.local, again?.name]).toEqual([written, wanted]);
      }),
      { numRuns: 500 },
    );
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab.@<>,;:"()[]\\ \r\n\t=?'), maxLength: 60 }),
        (text) => {
          for (const { address } of parseAddressList(text))
            expect(parseAddress(address)?.address).toBe(address);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/asn1/write.ts';
import { frameEnd } from '../../src/ldap/ber-cursor.ts';
import { LdapError } from '../../src/ldap/error.ts';
import { formatFilter } from '../../src/ldap/filter.ts';
import { checkRequest } from '../../src/ldap/guard.ts';
import * as wire from './wire.ts';

const check = (bytes: Uint8Array) => checkRequest(Buffer.from(bytes), 0, bytes.length);
const hex = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex');

const GOOD: [string, Buffer, object][] = [
  ['anonymous bind', wire.bind(1), { id: 1, op: 'bind', bind: { version: 3, name: '', passwordLength: 0 } }],
  ['LDAPv2 bind', wire.bind(1, 2), { bind: { version: 2, name: '', passwordLength: 0 } }],
  ['password', wire.bind(1, 3, 'cn=x', 'secret'), { bind: { version: 3, name: 'cn=x', passwordLength: 6 } }],
  ['SASL bind', wire.saslBind(1), { bind: { version: 3, name: '', sasl: 'EXTERNAL', passwordLength: 0 } }],
  ['unbind', wire.unbind(2), { id: 2, op: 'unbind' }],
  ['abandon', wire.abandon(3, 2), { op: 'abandon', target: 2 }],
  ['extended', wire.extended(4, '1.2.3'), { op: 'extended', oid: '1.2.3' }],
  ['delete', wire.del(5, 'cn=x'), { op: 'delete', dns: ['cn=x'] }],
  ['add', wire.add(5, 'cn=x'), { op: 'add', dns: ['cn=x'] }],
  ['modify', wire.modify(5, 'cn=x'), { op: 'modify', dns: ['cn=x'] }],
  ['modifyDn', wire.modifyDn(5, 'cn=x'), { op: 'modifyDn', dns: ['cn=x', 'cn=z'] }],
  ['compare', wire.compare(5, 'cn=x', 'cn', 'x'), { op: 'compare', dns: ['cn=x'] }],
  ['id of four octets', wire.unbind(0x7fff_ffff), { id: 0x7fff_ffff }],
  ['lengths in long form', hex('30 84 00 00 00 08 02 01 01 42 83 00 00 00'), { id: 1, op: 'unbind' }],
  [
    'unknown control, not critical',
    wire.message(1, Uint8Array.of(0x42, 0), wire.control('1.2', false)),
    { op: 'unbind' },
  ],
  [
    'unknown critical control',
    wire.message(1, Uint8Array.of(0x42, 0), wire.control('1.2', true, Buffer.from('x'))),
    { critical: '1.2' },
  ],
];

describe('requests that pass', () => {
  it.each(GOOD)('%s', (_what, bytes, request) => {
    expect(check(bytes)).toMatchObject({ ok: true, request });
  });

  it('a search with all its parts', () => {
    const filter = wire.and(
      wire.or(wire.equal('mail', 'a@d'), wire.not(wire.present('userCertificate;binary'))),
      wire.substrings('cn', 'a', ['b', 'c'], 'd'),
      encode(0xa5, wire.octets('sn'), wire.octets('m')),
      encode(0xa6, wire.octets('sn'), wire.octets('m')),
      encode(0xa8, wire.octets('sn'), wire.octets('m')),
      encode(
        0xa9,
        encode(0x81, Buffer.from('r')),
        encode(0x82, Buffer.from('cn')),
        encode(0x83, Buffer.from('v')),
      ),
    );
    const parts = {
      base: 'o=one',
      scope: 1,
      size: 50,
      time: 5,
      typesOnly: true,
      filter,
      attributes: ['a', 'b;c'],
    };
    const verdict = check(wire.search(9, parts));
    expect(verdict).toMatchObject({
      ok: true,
      request: {
        id: 9,
        search: {
          base: 'o=one',
          scope: 'one',
          sizeLimit: 50,
          timeLimitS: 5,
          typesOnly: true,
          attributes: ['a', 'b;c'],
        },
      },
    });
    if (!verdict.ok || verdict.request.op !== 'search') throw new Error('no search');
    expect(formatFilter(verdict.request.search.filter)).toBe(
      '(&(|(mail=a@d)(!(userCertificate;binary=*)))(cn=a*b*c*d)(sn>=m)(sn<=m)(sn~=m)(cn:=v))',
    );
  });
});

/** Only the operation is wrong: an answer with this result, and the connection goes on. */
const REFUSED: [string, Uint8Array, number][] = [
  ['scope 3', wire.search(1, { scope: 3 }), 2],
  ['derefAliases 4', wire.search(1, { deref: 4 }), 2],
  ['negative size limit', wire.search(1, { size: -1 }), 2],
  ['a filter of an unknown kind', wire.search(1, { filter: encode(0xaa, wire.octets('x')) }), 2],
  ['not of nothing', wire.search(1, { filter: encode(0xa2) }), 2],
  ['not of two', wire.search(1, { filter: encode(0xa2, wire.present('a'), wire.present('b')) }), 2],
  ['substrings of nothing', wire.search(1, { filter: wire.substrings('a', '', [], '') }), 2],
  [
    'substrings out of order',
    wire.search(1, {
      filter: encode(0xa4, wire.octets('a'), wire.sequence(encode(0x82, wire.octets('')), encode(0x80))),
    }),
    2,
  ],
  ['no attribute list', wire.message(1, encode(0x63, Buffer.from(wire.searchOp()).subarray(2, -2))), 2],
  [
    'something after the attributes',
    wire.message(1, encode(0x63, Buffer.from(wire.searchOp()).subarray(2), Uint8Array.of(5, 0))),
    2,
  ],
  [
    'an attribute that is an integer',
    wire.message(1, encode(0x68, wire.octets(''), wire.sequence(wire.int(1)))),
    2,
  ],
  ['bind without authentication', wire.message(1, encode(0x60, wire.int(3), wire.octets(''))), 2],
  ['an integer of five octets', wire.message(1, encode(0x60, encode(2, Buffer.alloc(5)))), 2],
  ['a filter nested 33 deep', wire.search(1, { filter: nested(33) }), 11],
  ['a filter nested 5,000 deep', wire.search(1, { filter: nested(5000) }), 11],
  ['a filter of 501 parts', wire.search(1, { filter: wire.or(...Array(501).fill(wire.present('a'))) }), 11],
  ['2,001 attributes', wire.search(1, { attributes: Array(2001).fill('a') }), 11],
];

function nested(depth: number): Uint8Array {
  let filter = wire.present('a');
  for (let i = 0; i < depth; i++) filter = wire.not(filter);
  return filter;
}

describe('requests that are refused', () => {
  it.each(REFUSED)('%s', (_what, bytes, result) => {
    const verdict = check(bytes);
    expect(verdict).toMatchObject({ ok: false, id: 1, fatal: false, result });
  });

  it('32 deep passes', () => {
    expect(check(wire.search(1, { filter: nested(32) })).ok).toBe(true);
  });
});

/** Nothing after them can be trusted. */
const FATAL: [string, Buffer][] = [
  ['an attribute string longer than its container', attack()],
  ['id 0', wire.unbind(0)],
  ['a negative id', wire.unbind(-1)],
  ['no operation', Buffer.from(wire.sequence(wire.int(1)))],
  ['an operation of an unknown kind', wire.message(1, Uint8Array.of(0x7e, 0))],
  [
    'an answer instead of a request',
    wire.message(1, encode(0x61, wire.int(0, 10), wire.octets(''), wire.octets(''))),
  ],
  ['an operation longer than the message', hex('30 05 02 01 01 42 7f')],
  ['an indefinite length inside', hex('30 09 02 01 01 63 80 04 00 00 00')],
  ['a length of five octets', hex('30 0b 02 01 01 77 85 00 00 00 00 00 80')],
  ['a claimed gigabyte inside', hex('30 0a 02 01 01 4a 84 40 00 00 00 00')],
];

/** The one packet that stops a bare ldapjs: `04 7f` inside a list of four octets. */
function attack(): Buffer {
  const operation = Buffer.from(wire.searchOp({ attributes: ['ab'] }));
  operation[operation.length - 3] = 0x7f;
  return wire.message(1, operation);
}

describe('messages that end the connection', () => {
  it.each(FATAL)('%s', (_what, bytes) => {
    expect(check(bytes)).toMatchObject({ ok: false, fatal: true, result: 2 });
  });
});

describe('frameEnd', () => {
  it.each([
    ['nothing', '', 0],
    ['a tag', '30', 0],
    ['half a length', '30 82 01', 0],
    ['half a message', '30 05 02 01', 0],
    ['a message', '30 05 02 01 01 42 00', 7],
    ['a message and more', '30 05 02 01 01 42 00 30', 7],
  ])('%s', (_what, text, end) => {
    expect(frameEnd(hex(text), 0, hex(text).length, 65536)).toBe(end);
  });

  it.each([
    ['another tag', '16 03 01', 'encoding'],
    ['an indefinite length', '30 80', 'encoding'],
    ['a length of five octets', '30 85', 'encoding'],
    ['a claimed gigabyte', '30 84 40 00 00 00', 'limit'],
    ['64 kB and one', '30 83 01 00 00', 'limit'],
  ])('%s is refused at once', (_what, text, code) => {
    expect(() => frameEnd(hex(text), 0, hex(text).length, 65536)).toThrow(expect.objectContaining({ code }));
  });
});

describe('any bytes', () => {
  const samples = [
    ...GOOD.map(([, bytes]) => bytes),
    wire.search(1, { attributes: ['userCertificate;binary'] }),
  ];
  const mutated = fc
    .tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 }))
    .map(([sample, changes]) => {
      const bytes = Buffer.from(sample);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });

  it('give a verdict or a typed error, and what passes is walked to its end', () => {
    const any = fc.oneof(mutated, fc.uint8Array({ maxLength: 100 }).map(Buffer.from), mutated);
    fc.assert(
      fc.property(any, (bytes) => {
        let end: number;
        try {
          end = frameEnd(bytes, 0, bytes.length, 65536);
        } catch (error) {
          expect(error).toBeInstanceOf(LdapError);
          return;
        }
        if (end === 0) return;
        const verdict = checkRequest(bytes, 0, end);
        if (verdict.ok) expect(verdict.end).toBeLessThanOrEqual(end);
        else expect(verdict.why).not.toBe('');
      }),
      { numRuns: 3000 },
    );
  });
});

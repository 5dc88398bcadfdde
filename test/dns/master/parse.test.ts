import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DnsError } from '../../../src/dns/error.ts';
import { type MasterOptions, parseMaster, parseZone } from '../../../src/dns/master/index.ts';
import { shown } from '../presentation.ts';

const read = (text: string, options: Partial<MasterOptions> = {}) =>
  parseMaster(text, { file: 'a.zone', origin: 'd.example', ...options });
const records = (text: string, options?: Partial<MasterOptions>) => {
  const { records: found, errors } = read(text, options);
  expect(errors).toEqual([]);
  return shown(found);
};

describe('entries (RFC 1035 §5.1)', () => {
  it.each([
    ['owner, TTL, class, type', 'ns 60 IN A 192.0.2.1', ['ns.d.example. 60 A 192.0.2.1']],
    ['class before TTL', 'ns IN 60 A 192.0.2.1', ['ns.d.example. 60 A 192.0.2.1']],
    ['lower case', 'NS 60 in a 192.0.2.1', ['NS.d.example. 60 A 192.0.2.1']],
    ['TTL with units', 'ns 1h30m A 192.0.2.1', ['ns.d.example. 5400 A 192.0.2.1']],
    ['$TTL', '$TTL 2W\nns A 192.0.2.1', ['ns.d.example. 1209600 A 192.0.2.1']],
    [
      'the TTL of the record before, without $TTL',
      'a 60 A 192.0.2.1\nb A 192.0.2.2',
      ['a.d.example. 60 A 192.0.2.1', 'b.d.example. 60 A 192.0.2.2'],
    ],
    ['@ is the origin', '@ 60 A 192.0.2.1', ['d.example. 60 A 192.0.2.1']],
    ['a full name', 'x.e.example. 60 A 192.0.2.1', ['x.e.example. 60 A 192.0.2.1']],
    [
      'a blank owner is the one before',
      'a 60 A 192.0.2.1\n  60 A 192.0.2.2',
      ['a.d.example. 60 A 192.0.2.1', 'a.d.example. 60 A 192.0.2.2'],
    ],
    [
      'a blank owner after a blank line',
      'a 60 A 192.0.2.1\n\n; note\n\t60 A 192.0.2.2',
      ['a.d.example. 60 A 192.0.2.1', 'a.d.example. 60 A 192.0.2.2'],
    ],
    ['$ORIGIN', '$ORIGIN e.example.\na 60 A 192.0.2.1', ['a.e.example. 60 A 192.0.2.1']],
    ['$ORIGIN relative', '$ORIGIN sub\na 60 A 192.0.2.1', ['a.sub.d.example. 60 A 192.0.2.1']],
    ['comments', 'a 60 A 192.0.2.1 ; the first\n;all\n', ['a.d.example. 60 A 192.0.2.1']],
    [
      'parentheses',
      '@ 60 SOA ns hm ( 1 ; serial\n 2h\n 10m 1w\n 300 ) ; end',
      ['d.example. 60 SOA ns.d.example. hm.d.example. 1 7200 600 604800 300'],
    ],
    [
      'CR LF',
      'a 60 A 192.0.2.1\r\nb 60 A 192.0.2.2\r\n',
      ['a.d.example. 60 A 192.0.2.1', 'b.d.example. 60 A 192.0.2.2'],
    ],
    ['an escaped dot', 'a\\.b 60 A 192.0.2.1', ['a\\.b.d.example. 60 A 192.0.2.1']],
    ['an escaped dot at the end is no full name', 'a\\. 60 A 192.0.2.1', ['a\\..d.example. 60 A 192.0.2.1']],
    ['an escaped dollar', '\\$ORIGIN 60 A 192.0.2.1', ['$ORIGIN.d.example. 60 A 192.0.2.1']],
    [
      'strings, quoted and bare',
      't 60 TXT "a;b (c" d\\;e "\\"\\\\\\065"',
      ['t.d.example. 60 TXT "a;b (c" "d;e" "\\"\\\\A"'],
    ],
    ['UTF-8 in a string', 't 60 TXT "ü"', ['t.d.example. 60 TXT "\\195\\188"']],
    ['SRV without service', '_ldap._tcp 60 SRV 0 0 0 .', ['_ldap._tcp.d.example. 60 SRV 0 0 0 .']],
    ['IPv6 in dress of IPv4', 'a 60 AAAA ::ffff:192.0.2.1', ['a.d.example. 60 AAAA ::ffff:c000:201']],
    [
      'a type without a form of its own (RFC 3597)',
      'a 60 TYPE65280 \\# 3 ab CDef',
      ['a.d.example. 60 TYPE65280 \\# 3 abcdef'],
    ],
    ['nothing in it', 'a 60 TYPE65280 \\# 0', ['a.d.example. 60 TYPE65280 \\# 0']],
    ['a known type in general form', 'a 60 A \\# 4 c0000201', ['a.d.example. 60 A 192.0.2.1']],
    ['a known type by number', 'a 60 CLASS1 TYPE1 \\# 4 c0000201', ['a.d.example. 60 A 192.0.2.1']],
    ['TYPE1 in its own form', 'a 60 TYPE1 192.0.2.1', ['a.d.example. 60 A 192.0.2.1']],
    [
      'CERT by mnemonics (RFC 4398 §2.2)',
      'a 60 CERT PKIX 4711 RSASHA256 AA EC',
      ['a.d.example. 60 CERT PKIX 4711 8 AAEC'],
    ],
    [
      'CERT by numbers, in many pieces',
      'a 60 CERT 1 4711 8 (\n A\n A\n E\n C )',
      ['a.d.example. 60 CERT PKIX 4711 8 AAEC'],
    ],
    ['CERT of a type without a name', 'a 60 CERT 65280 0 0 AAEC', ['a.d.example. 60 CERT 65280 0 0 AAEC']],
  ])('%s', (_, text, wanted) => expect(records(text)).toEqual(wanted));
});

describe('$certificate', () => {
  const place = (name: string) =>
    name === 'drbob' ? [Uint8Array.of(0, 1, 2), { der: Uint8Array.of(3), keyTag: 9, algorithm: 8 }] : [];

  it('places every certificate of that name', () => {
    expect(records('drbob 60 IN CERT $certificate drbob', { place })).toEqual([
      'drbob.d.example. 60 CERT PKIX 0 0 AAEC',
      'drbob.d.example. 60 CERT PKIX 9 8 Aw==',
    ]);
  });

  it.each([
    [
      'a name that nobody has',
      'x 60 CERT $certificate carol',
      { place },
      'a.zone:1:24: found $certificate "carol"',
    ],
    [
      'a place without certificates',
      'x 60 CERT $certificate drbob',
      {},
      'there are no named certificates here',
    ],
    ['no name', 'x 60 CERT $certificate', { place }, 'a.zone:1:23: found the end of the entry'],
  ])('%s', (_, text, options, error) => {
    expect(read(text, options).errors[0]!.text).toContain(error);
  });
});

describe('$INCLUDE', () => {
  const files: Record<string, string> = {
    'hosts.inc': 'a 60 A 192.0.2.1\n$ORIGIN elsewhere.\nb 60 A 192.0.2.2',
    'deep/more.inc': 'c 60 A 192.0.2.3',
    'self.inc': '$INCLUDE self.inc',
    'bad.inc': '\nx 60 A nonsense',
  };
  const include = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error(`there is no file ${path}`);
    return text;
  };

  it('keeps origin and owner of the file that includes', () => {
    expect(
      records('@ 60 A 192.0.2.9\n$INCLUDE hosts.inc\n  60 A 192.0.2.8\nz 60 A 192.0.2.7', { include }),
    ).toEqual([
      'd.example. 60 A 192.0.2.9',
      'a.d.example. 60 A 192.0.2.1',
      'b.elsewhere. 60 A 192.0.2.2',
      'd.example. 60 A 192.0.2.8',
      'z.d.example. 60 A 192.0.2.7',
    ]);
  });

  it('with an origin', () => {
    expect(records('$INCLUDE deep/more.inc sub', { include })).toEqual(['c.sub.d.example. 60 A 192.0.2.3']);
  });

  it.each([
    ['../secret', 'a path within the folder'],
    ['deep/../../secret', 'a path within the folder'],
    ['/etc/passwd', 'a path within the folder'],
    ['C:secret', 'a path within the folder'],
    ['..', 'a path within the folder'],
    ['"deep\\\\..\\\\x"', 'a path within the folder'],
    ['nowhere.inc', 'there is no file nowhere.inc'],
    ['self.inc', 'at most 8 files within each other'],
  ])('%s is refused', (path, why) => {
    expect(
      read(`$INCLUDE ${path}`, { include })
        .errors.map((error) => error.text)
        .join(),
    ).toContain(why);
  });

  it('errors name the file that they are in', () => {
    expect(read('$INCLUDE bad.inc', { include }).errors[0]!.text).toMatch(/^bad\.inc:2:8: found "?nonsense/);
  });
});

describe('errors: where, what was found, what was expected, what to do', () => {
  it.each([
    ['x 60 A 192.0.2', '1:8', '192.0.2', 'an IPv4 address'],
    ['x 60 A 192.0.2.256', '1:8', '192.0.2.256', 'an IPv4 address'],
    ['x 60 AAAA 1::2::3', '1:11', '1::2::3', 'an IPv6 address'],
    ['x 60 A', '1:7', 'the end of the entry', 'IPv4 address'],
    ['x 60 A 192.0.2.1 more', '1:18', '"more"', 'the end of the A record'],
    ['x 60 BOGUS y', '1:6', '"BOGUS"', 'a record type'],
    ['x 60 ANY y', '1:6', '"ANY"', 'a type that records can have'],
    ['x 60 CH A 192.0.2.1', '1:6', 'class "CH"', 'class IN'],
    ['x A 192.0.2.1', '1:1', 'a record without a TTL', 'a TTL'],
    [' 60 A 192.0.2.1', '1:2', 'blank', 'an owner name'],
    ['x..y 60 A 192.0.2.1', '1:1', '"x..y"', 'owner name'],
    ['"x" 60 A 192.0.2.1', '1:1', 'the string "x"', 'owner name'],
    ['x 60 MX 65536 mx', '1:9', '"65536"', 'a number from 0 to 65535'],
    ['x 60 TXT', '1:9', 'the end of the entry', 'text'],
    [`x 60 TXT ${'a'.repeat(256)}`, '1:10', 'a string of 256 octets', 'at most 255'],
    ['x 60 TXT "open', '1:10', 'a string without its closing quote', 'a string within one line'],
    ['x 60 TXT ( a ( b )', '1:14', 'a second "("', 'no parentheses'],
    ['x 60 TXT a )', '1:12', 'a ")" without "("', 'parentheses in pairs'],
    ['x 60 TXT ( a', '1:10', 'a "(" that is never closed', 'parentheses in pairs'],
    ['x 60 CERT PKIX 0 0 A?==', '1:20', '"A?=="', 'base64'],
    ['x 60 CERT PKIX 0 0 AAE', '1:20', 'base64 of 3 characters', 'a multiple of four'],
    ['x 60 CERT PKIZ 0 0 AAEC', '1:11', '"PKIZ"', 'a number or one of PKIX'],
    ['x 60 TYPE65280 abcd', '1:16', 'RDATA of TYPE65280', '\\# LENGTH HEX'],
    ['x 60 TYPE65280 \\# 2 abc', '1:21', '"abc"', 'hexadecimal digits in pairs'],
    ['x 60 TYPE65280 \\# 3 abcd', '1:21', '2 octets', 'the 3 octets announced'],
    ['x 60 A \\# 3 abcdef', '1:13', 'RDATA that is no A', 'the form of A'],
    ['x 99999999999 A 192.0.2.1', '1:3', '"99999999999"', 'a TTL'],
    ['$TTL soon', '1:6', '"soon"', 'a time'],
    ['$GENERATE 1-9 x A 192.0.2.1', '1:1', '"$GENERATE"', '$ORIGIN, $TTL or $INCLUDE'],
    ['$INCLUDE x', '1:10', '$INCLUDE "x"', 'no $INCLUDE here'],
  ])('%s', (text, place, found, expected) => {
    const { errors } = read(`${text}\n`);
    expect(errors.map((error) => error.text)).toHaveLength(1);
    expect(errors[0]!.text).toMatch(new RegExp(`^a\\.zone:${place}: found `));
    expect(errors[0]!.found).toContain(found);
    expect(errors[0]!.expected).toContain(expected);
    expect(errors[0]!.cure).not.toBe('');
  });

  it('all are found, and the good entries too', () => {
    const { errors, records: good } = read(
      'a 60 A 1\nb 60 A 192.0.2.1\nc 60 MX x\n\nd 60 TXT "\ne 60 A 192.0.2.2\n',
    );
    expect(errors.map(({ line, column }) => `${line}:${column}`)).toEqual(['1:8', '3:9', '5:10']);
    expect(good).toHaveLength(2);
  });

  it('a relative name without an origin', () => {
    expect(parseMaster('x 60 A 192.0.2.1', { file: 'f' }).errors[0]!.text).toBe(
      'f:1:1: found "x"; expected a full owner name with a dot at its end; or write $ORIGIN first',
    );
  });

  it('any text is records or errors, never a throw', () => {
    const piece = fc.constantFrom(
      '$TTL',
      '$ORIGIN',
      '$INCLUDE',
      '@',
      '60',
      'IN',
      'A',
      'CERT',
      'TXT',
      '\\#',
      '(',
      ')',
      '"',
      '\n',
      ' ',
      ';',
      '\\',
      '192.0.2.1',
      'x',
      'PKIX',
      '0',
      'AA==',
      '.',
      '\\999',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, (any) => void parseMaster(any, { file: 'f', origin: 'd' })),
      { numRuns: 500 },
    );
  });
});

describe('a zone of a file', () => {
  const whole = '$TTL 60\n@ SOA ns hm 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n';
  const fails = (text: string) => {
    try {
      parseZone(text, { file: 'a.zone', origin: 'd.example' });
    } catch (error) {
      expect(error).toBeInstanceOf(DnsError);
      return (error as DnsError).message.split('\n');
    }
    return [];
  };

  it.each([
    ['good', '', []],
    [
      'CNAME beside other data',
      'w CNAME ns\nw TXT "x"\n',
      ['a.zone:5:1: w.d.example. has a CNAME beside TXT; an alias has no other data (RFC 1034 §3.6.2)'],
    ],
    [
      'out of the zone',
      'w.e.example. TXT "x"\n',
      ['a.zone:5:1: w.e.example. TXT lies outside the zone d.example.'],
    ],
    [
      'a second SOA',
      '@ SOA ns hm 2 2 3 4 5\n',
      ['a.zone:5:1: 2 SOA records at d.example.; every zone has exactly one'],
    ],
    [
      'a name server without address',
      'x NS y.x\n',
      [
        'a.zone:5:1: x.d.example. NS y.x.d.example. names a host without an A or AAAA record in the zone; add one',
      ],
    ],
    [
      'syntax first',
      'x A 1\nw CNAME ns\nw TXT "x"',
      ['a.zone:5:5: found 1; expected an IPv4 address as 192.0.2.1; write four decimal numbers with dots'],
    ],
  ])('%s', (_, more, wanted) => expect(fails(whole + more)).toEqual(wanted));

  it('no SOA', () => {
    expect(fails('$TTL 60\n@ NS ns.e.example.')).toEqual([
      'a.zone:1:1: there is no SOA record at d.example.; every zone has exactly one',
    ]);
    expect(() => parseZone('', { file: 'a.zone' })).toThrow('a.zone:1:1: found no SOA record');
  });
});

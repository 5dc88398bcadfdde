import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/dns/answer.ts';
import { question, told, zoneText } from './presentation.ts';

const SOA = 'd.example. 60 SOA ns.d.example. hostmaster.d.example. 7 3600 600 604800 60';

const main = zoneText(
  'd.example',
  `
@            MX    10 mx
             CERT  PKIX 0 0 AAEC
mx           A     192.0.2.25
             AAAA  2001:db8::25
drbob        CERT  PKIX 0 0 AwQF
             CERT  PKIX 0 0 BgcI
             TXT   "doctor"
john.doe     CERT  PKIX 0 0 CQoL
_ldap._tcp   SRV   0 0 389 ldap
ldap         A     192.0.2.38
alias        CNAME drbob
alias2       CNAME alias
loop1        CNAME loop2
loop2        CNAME loop1
self         CNAME self
away         CNAME www.elsewhere.example.
dangling     CNAME nothing
across       CNAME carol.e.example.
*.wild       CERT  PKIX 0 0 DA0O
there.wild   A     192.0.2.1
*.walias     CNAME drbob
odd          TYPE65280 \\# 2 abcd
two\\.dots   TXT   "x"
; a delegation with glue, and one to a server elsewhere
sub          NS    ns.sub
             NS    ns.other.example.
ns.sub       A     192.0.2.99
below.ns.sub A     192.0.2.98
Mixed.Case   A     192.0.2.77
`,
);
const other = zoneText('e.example', 'carol CERT PKIX 0 0 Dw==');
const child = zoneText('child.d.example', 'x A 192.0.2.50');
const zones = [main, other, child];

describe('what is there', () => {
  it.each([
    ['an exact match', 'drbob.d.example', 'TXT', ['drbob.d.example. 300 TXT "doctor"']],
    [
      'every record of the set',
      'drbob.d.example',
      'CERT',
      ['drbob.d.example. 300 CERT PKIX 0 0 AwQF', 'drbob.d.example. 300 CERT PKIX 0 0 BgcI'],
    ],
    ['the apex', 'd.example', 'CERT', ['d.example. 300 CERT PKIX 0 0 AAEC']],
    ['the SOA with its own TTL', 'd.example', 'SOA', [SOA.replace(' 60 SOA', ' 300 SOA')]],
    [
      'a dotted local part (REQ-DNS-02)',
      'john.doe.d.example',
      'CERT',
      ['john.doe.d.example. 300 CERT PKIX 0 0 CQoL'],
    ],
    ['a label with a dot in it', 'two\\.dots.d.example', 'TXT', ['two\\.dots.d.example. 300 TXT "x"']],
    ['an unknown type (RFC 3597)', 'odd.d.example', 'TYPE65280', ['odd.d.example. 300 TYPE65280 \\# 2 abcd']],
    ['the case of the question (0x20)', 'dRBoB.d.EXAMPLE', 'TXT', ['dRBoB.d.EXAMPLE. 300 TXT "doctor"']],
    [
      'whatever case the zone file has',
      'mixed.case.d.example',
      'A',
      ['mixed.case.d.example. 300 A 192.0.2.77'],
    ],
  ] as const)('%s', (_, name, type, answers) => {
    expect(told(zones, name, type)).toMatchObject({ rcode: 'NOERROR', aa: true, answers, authority: [] });
  });

  it('brings addresses of mail servers and of services along', () => {
    expect(told(zones, 'd.example', 'MX').additional).toEqual([
      'mx.d.example. 300 A 192.0.2.25',
      'mx.d.example. 300 AAAA 2001:db8::25',
    ]);
    expect(told(zones, '_ldap._tcp.d.example', 'SRV').additional).toEqual([
      'ldap.d.example. 300 A 192.0.2.38',
    ]);
  });
});

describe('what is not there (RFC 2308, RFC 8020)', () => {
  it.each([
    ['NXDOMAIN where nothing is', 'nobody.d.example', 'CERT', 'NXDOMAIN'],
    ['NXDOMAIN below a name without children', 'x.drbob.d.example', 'CERT', 'NXDOMAIN'],
    ['NODATA where another type is', 'drbob.d.example', 'AAAA', 'NOERROR'],
    ['NODATA for an unknown type', 'drbob.d.example', 'TYPE65281', 'NOERROR'],
    ['NODATA at an empty non-terminal (REQ-DNS-12)', 'doe.d.example', 'CERT', 'NOERROR'],
    ['NODATA at _tcp', '_tcp.d.example', 'SRV', 'NOERROR'],
    ['two\\.dots is one label, so dots is nothing', 'dots.d.example', 'TXT', 'NXDOMAIN'],
  ] as const)('%s', (_, name, type, rcode) => {
    // TTL of the SOA: the lower of its own 300 and its minimum 60.
    expect(told(zones, name, type)).toEqual({
      rcode,
      aa: true,
      answers: [],
      authority: [SOA],
      additional: [],
    });
  });

  it.each(['f.example', 'example', '', 'dd.example'])('REFUSED outside the zones: %j', (name) => {
    expect(told(zones, name, 'CERT')).toEqual({
      rcode: 'REFUSED',
      aa: false,
      answers: [],
      authority: [],
      additional: [],
    });
  });
});

describe('wildcards (RFC 4592)', () => {
  it.each([
    ['a name that does not exist', 'any.wild.d.example', ['any.wild.d.example. 300 CERT PKIX 0 0 DA0O']],
    ['several labels', 'a.b.wild.d.example', ['a.b.wild.d.example. 300 CERT PKIX 0 0 DA0O']],
    ['the asterisk itself', '*.wild.d.example', ['*.wild.d.example. 300 CERT PKIX 0 0 DA0O']],
  ] as const)('answer for %s', (_, name, answers) => {
    expect(told(zones, name, 'CERT')).toMatchObject({ rcode: 'NOERROR', aa: true, answers });
  });

  it.each([
    ['a name that exists has its own data only', 'there.wild.d.example', 'CERT', 'NOERROR'],
    ['below a name that exists there is no wildcard', 'x.there.wild.d.example', 'CERT', 'NXDOMAIN'],
    ['the wildcard has no such type', 'any.wild.d.example', 'A', 'NOERROR'],
    ['the parent of the wildcard', 'wild.d.example', 'CERT', 'NOERROR'],
  ] as const)('%s', (_, name, type, rcode) => {
    expect(told(zones, name, type)).toMatchObject({ rcode, answers: [], authority: [SOA] });
  });

  it('may be an alias', () => {
    expect(told(zones, 'x.walias.d.example', 'TXT').answers).toEqual([
      'x.walias.d.example. 300 CNAME drbob.d.example.',
      'drbob.d.example. 300 TXT "doctor"',
    ]);
  });
});

describe('aliases (RFC 1034 §3.6.2, RFC 6604)', () => {
  it.each([
    [
      'one',
      'alias.d.example',
      'TXT',
      'NOERROR',
      ['alias.d.example. 300 CNAME drbob.d.example.', 'drbob.d.example. 300 TXT "doctor"'],
    ],
    [
      'a chain',
      'alias2.d.example',
      'TXT',
      'NOERROR',
      [
        'alias2.d.example. 300 CNAME alias.d.example.',
        'alias.d.example. 300 CNAME drbob.d.example.',
        'drbob.d.example. 300 TXT "doctor"',
      ],
    ],
    [
      'into another zone of ours',
      'across.d.example',
      'CERT',
      'NOERROR',
      ['across.d.example. 300 CNAME carol.e.example.', 'carol.e.example. 300 CERT PKIX 0 0 Dw=='],
    ],
    [
      'out of our zones',
      'away.d.example',
      'CERT',
      'NOERROR',
      ['away.d.example. 300 CNAME www.elsewhere.example.'],
    ],
    [
      'to nothing: the code of the last name',
      'dangling.d.example',
      'CERT',
      'NXDOMAIN',
      ['dangling.d.example. 300 CNAME nothing.d.example.'],
    ],
    [
      'asked for itself',
      'alias.d.example',
      'CNAME',
      'NOERROR',
      ['alias.d.example. 300 CNAME drbob.d.example.'],
    ],
    [
      'a loop ends',
      'loop1.d.example',
      'CERT',
      'NOERROR',
      ['loop1.d.example. 300 CNAME loop2.d.example.', 'loop2.d.example. 300 CNAME loop1.d.example.'],
    ],
    ['to itself', 'self.d.example', 'CERT', 'NOERROR', ['self.d.example. 300 CNAME self.d.example.']],
  ] as const)('%s', (_, name, type, rcode, answers) => {
    expect(told(zones, name, type)).toMatchObject({ rcode, aa: true, answers });
  });
});

describe('delegation (RFC 1034 §4.2.1)', () => {
  it.each(['sub.d.example', 'x.sub.d.example', 'ns.sub.d.example', 'below.ns.sub.d.example'])(
    'refers for %s, with glue',
    (name) => {
      expect(told(zones, name, 'A')).toEqual({
        rcode: 'NOERROR',
        aa: false,
        answers: [],
        authority: ['sub.d.example. 300 NS ns.sub.d.example.', 'sub.d.example. 300 NS ns.other.example.'],
        additional: ['ns.sub.d.example. 300 A 192.0.2.99'],
      });
    },
  );

  it('keeps DS above the cut', () => {
    expect(told(zones, 'sub.d.example', 'TYPE43')).toMatchObject({
      rcode: 'NOERROR',
      aa: true,
      authority: [SOA],
    });
  });

  it('prefers the zone of the child where we have it', () => {
    expect(told(zones, 'x.child.d.example', 'A')).toMatchObject({
      aa: true,
      answers: ['x.child.d.example. 300 A 192.0.2.50'],
    });
    expect(told(zones, 'child.d.example', 'TYPE43').authority).toEqual([SOA]);
  });
});

describe('ANY (RFC 8482)', () => {
  it('gives one RRset, the smallest, over UDP', () => {
    expect(told(zones, 'drbob.d.example', 'ANY').answers).toEqual([
      'drbob.d.example. 300 CERT PKIX 0 0 AwQF',
      'drbob.d.example. 300 CERT PKIX 0 0 BgcI',
    ]);
  });
  it('gives all over TCP', () => {
    expect(told(zones, 'drbob.d.example', 'ANY', 'tcp').answers).toHaveLength(3);
  });
  it('is NODATA at an empty non-terminal', () => {
    expect(told(zones, 'doe.d.example', 'ANY')).toMatchObject({
      rcode: 'NOERROR',
      answers: [],
      authority: [SOA],
    });
  });
});

describe('other questions', () => {
  const authority = createAuthority(zones);
  it.each([
    ['zone transfer', { question: { name: 'd.example', type: 'AXFR', class: 1 } }, 'REFUSED'],
    ['OPT as a type', { question: { name: 'd.example', type: 'TYPE41', class: 1 } }, 'FORMERR'],
    ['MAILB', { question: { name: 'd.example', type: 'TYPE253', class: 1 } }, 'NOTIMP'],
    ['class CH', { question: { name: 'd.example', type: 'A', class: 3 } }, 'REFUSED'],
    ['NOTIFY', { opcode: 4 }, 'NOTIMP'],
    ['EDNS version 1', { edns: { udpSize: 4096, version: 1, dnssecOk: false, options: [] } }, 'BADVERS'],
  ] as const)('%s is %s', (_, over, rcode) => {
    expect(authority.answer(question('d.example', 'A', over), 'udp').rcode).toBe(rcode);
  });

  it('OPT is in the answer when it was in the query, with our size and without options (RFC 6891 §7)', () => {
    const edns = {
      udpSize: 4096,
      version: 0,
      dnssecOk: true,
      options: [{ code: 10, data: new Uint8Array(8) }],
    };
    expect(authority.answer(question('d.example', 'A', { edns }), 'udp').edns).toEqual({
      udpSize: 1232,
      version: 0,
      dnssecOk: true,
      options: [],
    });
    expect(authority.answer(question('d.example', 'A'), 'udp').edns).toBeUndefined();
  });

  it('id, RD and CD come back, RA and AD do not', () => {
    const answer = authority.answer(
      question('d.example', 'A', { id: 99, checkingDisabled: true, authenticData: true }),
      'udp',
    );
    expect(answer).toMatchObject({
      id: 99,
      response: true,
      recursionDesired: true,
      checkingDisabled: true,
      recursionAvailable: false,
      authenticData: false,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { DnsError } from '../../src/dns/error.ts';
import type { ResourceRecord } from '../../src/dns/records.ts';
import { buildZone, zoneApex, zoneSoa } from '../../src/dns/zone.ts';
import { shown } from './presentation.ts';

const apex = zoneApex({
  origin: 'd.example',
  server: 'ns.d.example',
  addresses: ['192.0.2.1', '2001:db8::1'],
  serial: 9,
});
const a = (name: string, address: string, ttl = 300): ResourceRecord => ({
  name,
  ttl,
  data: { type: 'A', address },
});
const cname = (name: string, target: string): ResourceRecord => ({
  name,
  ttl: 300,
  data: { type: 'CNAME', target },
});

describe('a zone', () => {
  it('begins with its SOA, and knows its server', () => {
    const zone = buildZone('D.Example.', [a('x.d.example', '192.0.2.9'), ...apex]);
    expect(zone.origin).toBe('d.example');
    expect(zoneSoa(zone).data).toMatchObject({ type: 'SOA', serial: 9, rname: 'hostmaster.d.example' });
    expect(shown(zone.records)).toContain('ns.d.example. 300 AAAA 2001:db8::1');
  });

  it('has no record twice, and one TTL an RRset (RFC 2181 §5)', () => {
    const zone = buildZone('d.example', [
      ...apex,
      a('x.d.example', '192.0.2.9', 60),
      a('X.d.example', '192.0.2.9'),
      a('x.d.example', '192.0.2.8'),
    ]);
    expect(shown(zone.records).slice(-2)).toEqual([
      'x.d.example. 60 A 192.0.2.9',
      'x.d.example. 60 A 192.0.2.8',
    ]);
  });

  it.each([
    ['no SOA, no NS', [], ['there is no SOA record at d.example.', 'there is no NS record at d.example.']],
    [
      'a record elsewhere',
      [...apex, a('x.e.example', '192.0.2.9')],
      ['x.e.example. A lies outside the zone d.example.'],
    ],
    [
      'CNAME beside A',
      [...apex, a('w.d.example', '192.0.2.9'), cname('W.d.example', 'ns.d.example')],
      ['w.d.example. has a CNAME beside A'],
    ],
    [
      'CNAME at the apex',
      [...apex, cname('d.example', 'x.example')],
      ['d.example. has a CNAME beside SOA, NS'],
    ],
    [
      'two CNAMEs',
      [...apex, cname('w.d.example', 'a.example'), cname('w.d.example', 'b.example')],
      ['w.d.example. has 2 CNAME records'],
    ],
    [
      'a SOA inside',
      [...apex, { ...apex[0]!, name: 'x.d.example' }],
      ["x.d.example. has a SOA record, but is not the zone's origin"],
    ],
    ['a wrong address', [...apex, a('w.d.example', '192.0.2.256')], ['w.d.example. A: ']],
  ])('%s is refused', (_, records, problems) => {
    const build = () => buildZone('d.example', records);
    expect(build).toThrow(DnsError);
    for (const problem of problems) expect(build).toThrow(problem);
  });

  it('names all problems at once', () => {
    const records = [
      a('x.e.example', '192.0.2.9'),
      cname('w.d.example', 'a.example'),
      cname('w.d.example', 'b.example'),
    ];
    expect(() => buildZone('d.example', records)).toThrow(
      /^the zone d\.example\. cannot be served:\n(.+\n){3}.+$/,
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseZone, printMaster } from '../../../src/dns/master/index.ts';
import { joinNames } from '../../../src/dns/names.ts';
import { checkZone, zoneApex } from '../../../src/dns/zone.ts';
import { anyData, anyName } from '../arbitraries.ts';
import { zoneText } from '../presentation.ts';

describe('a zone printed', () => {
  it('has SOA first, names in canonical order, the common TTL once', () => {
    const zone = zoneText(
      'd.example',
      'z A 192.0.2.1\na.b 60 TXT "x;y"\nb A 192.0.2.2\n\\$x A 192.0.2.3\nB MX 10 ns\n@ CERT PKIX 0 8 AAEC',
    );
    expect(printMaster(zone)).toBe(
      [
        '$ORIGIN d.example.',
        '$TTL 300',
        '@\tIN\tSOA\tns.d.example. hostmaster.d.example. 7 3600 600 604800 60',
        '\tIN\tNS\tns.d.example.',
        '\tIN\tCERT\tPKIX 0 8 (\n\tAAEC )',
        '\\$x\tIN\tA\t192.0.2.3',
        'b\tIN\tA\t192.0.2.2',
        'B\tIN\tMX\t10 ns.d.example.',
        'a.b\t60 IN\tTXT\t"x;y"',
        'ns\tIN\tA\t192.0.2.53',
        'z\tIN\tA\t192.0.2.1',
        '',
      ].join('\n'),
    );
  });

  it('reads back as the same zone, whatever is in it', () => {
    const record = fc.record({
      name: anyName.map((name) => joinNames(name, 'd.example')),
      ttl: fc.nat({ max: 0x7fffffff }),
      data: anyData,
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), (records) => {
        const apex = zoneApex({ origin: 'd.example', server: 'ns.d.example', addresses: ['192.0.2.1'] });
        const { zone, problems } = checkZone('d.example', [...apex, ...records]);
        fc.pre(problems.length === 0);
        const again = parseZone(printMaster(zone), { file: 'printed' });
        const lines = (one: typeof zone) => one.records.map((entry) => JSON.stringify(entry)).sort();
        expect(lines(again)).toEqual(lines(zone));
      }),
      { numRuns: 300 },
    );
  });
});

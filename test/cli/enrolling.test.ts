import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openNetwork } from '../../src/cli/demo/open.ts';
import { enrollmentSeams, enrollmentTexts } from '../../src/cli/up/enrolling.ts';
import { configSchema } from '../../src/config/schema.ts';
import { createAuthority } from '../../src/dns/answer.ts';
import { serveDns } from '../../src/dns/server.ts';
import { buildZone, zoneApex } from '../../src/dns/zone.ts';
import { realHost } from '../../src/net/real.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-enrolling-'));
afterAll(() => rmSync(folder, { recursive: true }));
const config = configSchema.parse({ state: join(folder, 'state') });

describe('the proof of a domain', () => {
  it('is looked for in DNS: the strings of a record are one text, no record is none, no answer is told', async () => {
    const origin = 'elm.example';
    const text = (name: string, ...strings: string[]) => ({
      name: `${name}.${origin}`,
      ttl: 60,
      data: { type: 'TXT' as const, strings: strings.map((one) => Buffer.from(one)) },
    });
    const zone = buildZone(origin, [
      ...zoneApex({ origin, server: `ns.${origin}`, addresses: ['127.0.0.1'], serial: 1, ttl: 60 }),
      text('_anchorage-enrollment', 'anchorage-', 'enrollment=abc'),
      text('_anchorage-enrollment', 'other'),
    ]);
    const authority = createAuthority([zone]);
    const host = realHost();
    const dns = await serveDns(host, {
      at: [{ host: '127.0.0.1', port: 0 }],
      answer: (query, { transport }) => authority.answer(query, transport),
    });
    const opened = openNetwork(config, host.now());
    const asking = realHost({ name: 'enrollment', resolvers: dns.addrs });
    const seams = enrollmentSeams(asking, opened, 'lakeshore', config, new Map());
    const found = await seams.lookUpTxt(`_anchorage-enrollment.${origin}`);
    expect([...found].toSorted()).toEqual(['anchorage-enrollment=abc', 'other']);
    expect(await seams.lookUpTxt(`_anchorage-enrollment.none.${origin}`)).toEqual([]);
    await dns.close();
    const deaf = enrollmentSeams(
      realHost({ name: 'deaf', resolvers: [] }),
      opened,
      'lakeshore',
      config,
      new Map(),
    );
    await expect(deaf.lookUpTxt(`x.${origin}`)).rejects.toThrow('no name server gave an answer');
  });

  it('names below a domain of another HISP belong to that one', async () => {
    const opened = openNetwork(config, realHost().now());
    const seams = enrollmentSeams(realHost(), opened, 'lakeshore', config, new Map());
    expect(await seams.takenElsewhere('elm.prairie-hisp.example')).toBe('Prairie Connect');
    expect(await seams.takenElsewhere('elm.lakeshore-hisp.example')).toBeUndefined();
  });
});

describe('the texts of a network', () => {
  it('are of the demo network, or of a folder; what is wrong with them is told with its place', () => {
    expect(enrollmentTexts(config).policy).toMatchObject({ version: '2026-11' });
    const at = (enrollment: string) => enrollmentTexts({ network: { ...config.network, enrollment } });
    expect(() => at(join(folder, 'none'))).toThrow('participation-policy.md cannot be read');
    writeFileSync(join(folder, 'participation-policy.md'), 'Be kind.\n');
    writeFileSync(join(folder, 'identity-proofing.yaml'), 'source: x\nrecorded: 2026\nlevels: []\n');
    expect(() => at(folder)).toThrow(/identity-proofing\.yaml, levels: /);
  });
});

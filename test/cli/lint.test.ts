import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { openNetwork } from '../../src/cli/demo/open.ts';
import { zonesOf } from '../../src/cli/demo/zones.ts';
import { sarifReport } from '../../src/cli/lint/sarif.ts';
import { lintCertificate, lintFile } from '../../src/cli/lint/subjects.ts';
import { loadConfig } from '../../src/config/load.ts';
import {
  CERTIFICATE_RULES,
  lint,
  type RuleResult,
  tallyRules,
  ZONE_RULES,
  zoneSubject,
} from '../../src/rule/index.ts';
import { DAY, ecLeaf, intermediate, NOW, root } from '../pki/fixtures.ts';
import { runInProcess } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: Uint8Array | string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const ca = root('CA');
const between = intermediate(ca, 'Between', 1);
const bob = ecLeaf(between, 'bob@d.example', {
  crlUrls: ['http://d.example/c.crl'],
  caIssuersUrls: ['http://d.example/c.cer'],
  policies: ['1.3.6.1.4.1.41179.0.1.2', '1.3.6.1.4.1.41179.1.3', '1.3.6.1.4.1.41179.2.1'],
});
const pem = writePem('CERTIFICATE', bob.certificate.der);
const zone = `$ORIGIN d.example.
$TTL 600
@ SOA ns hostmaster 1 3600 600 604800 300
@ NS ns
ns A 192.0.2.53
@ MX 10 ns
rob 60 CERT PKIX 0 0 ${Buffer.from(bob.certificate.der).toString('base64')}
`;
const good = file('bob.pem', pem);
const bad = file('eve.cer', ecLeaf(ca, 'eve@d.example', { keyUsage: null }).certificate.der);
const zoneFile = file('d.zone', zone);
const context = { at: NOW, profile: '1.3' } as const;
const failed = (results: readonly RuleResult[]) =>
  results.filter(({ status }) => status === 'fail' || status === 'warn').map(({ rule }) => rule);

describe('what a file is', () => {
  it.each([
    ['PEM', good, ['certificate']],
    ['DER', bad, ['certificate']],
    [
      'several',
      file('chain.txt', pem + writePem('CERTIFICATE', between.certificate.der)),
      ['certificate', 'certificate'],
    ],
    ['a zone, and what it publishes', zoneFile, ['zone', 'certificate']],
    ['text', file('hello', 'hello'), ['zone']],
  ])('%s', (_, name, kinds) => {
    expect(lintFile(name, undefined, context).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('says of what cannot be read what is wrong', () => {
    expect(lintFile(file('hello', 'hello'), undefined, context)[0]?.unreadable).toContain('SOA');
    expect(lintFile(file('junk.der', Buffer.of(0x30, 3, 1)), undefined, context)[0]?.unreadable).toMatch(
      /truncated|ends|length/i,
    );
    expect(() => lintFile(join(folder, 'absent'), undefined, context)).toThrow('absent cannot be read');
  });

  it('a certificate knows its issuer when both are in the file, and a published one is for mail', () => {
    const chain = [bob.certificate, between.certificate];
    const { results } = lintCertificate('x', bob.certificate, chain, context);
    expect(results.find(({ rule }) => rule === 'certificate/key-id-match')?.status).toBe('pass');
    const published = lintCertificate('x', between.certificate, [], context, 'direct');
    expect(failed(published.results)).toContain('certificate/end-entity');
  });
});

describe('SARIF', () => {
  const report = sarifReport(lintFile(zoneFile, undefined, context), context);

  it('is 2.1.0, lists every rule once, and points at lines', () => {
    expect(report).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: 'anchorage' } } }] });
    const { rules } = report.runs[0]!.tool.driver;
    expect(new Set(rules.map(({ id }) => id)).size).toBe(CERTIFICATE_RULES.length + ZONE_RULES.length + 1);
    const found = report.runs[0]!.results.find(({ ruleId }) => ruleId === 'zone/cert-binding');
    expect(found).toMatchObject({
      level: 'error',
      message: { text: expect.stringContaining('bob@d.example') },
      locations: [
        { physicalLocation: { region: { startLine: 7 } }, logicalLocations: [{ name: 'rob.d.example' }] },
      ],
    });
    for (const { ruleId, ruleIndex } of report.runs[0]!.results) expect(rules[ruleIndex]?.id).toBe(ruleId);
  });
});

const run = (...args: string[]) =>
  runInProcess(
    args.map((arg) => (/^(bob\.pem|eve\.cer|absent\.pem|d\.zone)$/.test(arg) ? join(folder, arg) : arg)),
  );
const at = ['--at', new Date(NOW).toISOString()];

describe('the verb', () => {
  it('exits by what it found', async () => {
    const runs = [
      await run('lint', 'bob.pem', ...at),
      await run('lint', 'eve.cer', ...at),
      await run('lint', 'bob.pem', ...at, '--strict', '--at', new Date(NOW + 690 * DAY).toISOString()),
      await run('lint', 'absent.pem'),
      await run('lint', 'bob.pem', '--at', 'soon'),
      await run('cert', 'lint', 'd.zone'),
    ];
    expect(runs.map(({ code }) => code)).toEqual([0, 1, 1, 2, 2, 1]);
    expect(runs[0]!.stdout).toContain('nothing to say');
    expect(runs[1]!.stdout).toContain('certificate/key-usage-present');
    expect(runs[1]!.stdout).toContain('REQ-CERT-03');
  });

  it('tells in JSON', async () => {
    const { code, stdout } = await run('lint', 'd.zone', ...at, '--format', 'json');
    const report = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(report).toMatchObject({ schema: 1, profile: '1.3', summary: { fail: 1, warn: 1 } });
    expect(failed(report.subjects[0].results)).toEqual(['zone/cert-binding', 'zone/cert-ttl']);
  });
});

describe('our own zones and certificates', () => {
  it('count as the table says; a changed rule shows here (vitest -u writes it)', async () => {
    const config = { ...loadConfig({}), state: join(folder, 'state') };
    const { network, material } = openNetwork(config, NOW);
    const zones = zonesOf(network, material).map(zoneSubject);
    const certificates = [...material.values()].flatMap(({ root: anchor, issuer, leaves }) => [
      anchor.certificate,
      issuer.certificate,
      ...[...leaves.values()].map(({ certificate }) => certificate),
    ]);
    const own = [...new Map(certificates.map((one) => [one.sha256, one])).values()];
    const results = [
      ...own.flatMap((one) => lintCertificate('own', one, own, context).results),
      ...zones.flatMap((one) => lint(ZONE_RULES, one, context)),
    ];
    const rows = [...Map.groupBy(results, ({ rule }) => rule)].map(([rule, all]) => {
      const counts = Object.entries(tallyRules(all)).filter(([, count]) => count > 0);
      return `${rule.padEnd(34)} ${counts.map(([status, count]) => `${status} ${count}`).join(', ')}`;
    });
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('../rule/own-counts.txt');
  });
});

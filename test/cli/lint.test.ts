import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import {
  bytesOf,
  DEFINITIONS,
  definitionsIn,
  networkCommunities,
  openCommunity,
} from '../../src/cli/bundle/community.ts';
import { openNetwork } from '../../src/cli/demo/open.ts';
import { lintCertificate } from '../../src/cli/lint/certificates.ts';
import { lintMessage } from '../../src/cli/lint/messages.ts';
import { sarifReport } from '../../src/cli/lint/sarif.ts';
import { lintFile } from '../../src/cli/lint/subjects.ts';
import { storedFaces } from '../../src/cli/up/stored-faces.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { cmsOf, splitSigned } from '../../src/mail/signed.ts';
import {
  AREAS,
  BUNDLE_RULES,
  bundleSubject,
  DSN_RULES,
  EVERY_RULE,
  lint,
  type RuleResult,
  tallyRules,
  ZONE_RULES,
  zoneSubject,
} from '../../src/rule/index.ts';
import { planOf } from '../../src/scenario/cases.ts';
import { readCatalogue, select } from '../../src/scenario/catalogue.ts';
import { execute } from '../../src/scenario/execute.ts';
import { buildBundle, bundlePem } from '../../src/trust/bundle/build.ts';
import { DAY, ecLeaf, intermediate, NOW, root } from '../pki/fixtures.ts';
import { layersOf } from '../rule/message-cases.ts';
import { dsnOf, mdnOf } from '../rule/notice-cases.ts';
import { runInProcess } from './in-process.ts';
import { sarifFaults } from './sarif-structure.ts';

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
const layers = layersOf({});
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
    [
      'a bundle, and its anchors',
      file('x', buildBundle({ certificates: [ca.certificate] })),
      ['bundle', 'certificate'],
    ],
    [
      'a bundle in PEM',
      file('y', bundlePem(buildBundle({ certificates: [ca.certificate] }))),
      ['bundle', 'certificate'],
    ],
    ['a message that travels', file('wire', layers.message), ['message']],
    ['what an envelope held', file('signed', layers.entity), ['message']],
    ['a message in clear', file('inner', layers.inner), ['message']],
    ['an MDN', file('mdn', mdnOf({}).entity.raw), ['mdn']],
    ['a DSN', file('dsn', dsnOf({}).entity.raw), ['dsn']],
    ['text', file('hello', 'hello'), ['zone']],
  ])('%s', (_, name, kinds) => {
    expect(lintFile(name, {}, context).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('takes what was cut out of a message for no bundle', () => {
    const cut = (name: string, entity: Uint8Array) =>
      lintFile(file(name, cmsOf(readEntity(entity))), {}, context);
    expect(cut('smime.p7m', layers.message)).toMatchObject([
      { kind: 'message', unreadable: expect.stringContaining('the envelope of a message alone') },
    ]);
    const { signature } = splitSigned(readEntity(layers.entity));
    expect(lintFile(file('smime.p7s', signature), {}, context)).toMatchObject([
      { kind: 'message', unreadable: expect.stringContaining('the signature of a message alone') },
    ]);
  });

  it('says of what cannot be read what is wrong', () => {
    expect(lintFile(file('hello', 'hello'), {}, context)[0]?.unreadable).toContain('SOA');
    expect(lintFile(file('junk.der', Buffer.of(0x30, 3, 1)), {}, context)[0]?.unreadable).toMatch(
      /truncated|ends|length/i,
    );
    expect(() => lintFile(join(folder, 'absent'), {}, context)).toThrow('absent cannot be read');
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
  const inputs = [zoneFile, bad, ...['x', 'wire', 'mdn', 'hello'].map((name) => join(folder, name))];
  const report = sarifReport(
    inputs.flatMap((name) => lintFile(name, {}, context)),
    context,
  );

  it('follows the structure of 2.1.0', () => {
    expect(sarifFaults(JSON.parse(JSON.stringify(report)))).toEqual([]);
    expect(sarifFaults(sarifReport([], context, 'http://127.0.0.1:8080/rules/'))).toEqual([]);
    expect(sarifFaults({ ...report, version: '2.0' })).not.toEqual([]);
  });

  it('lists every rule once, and points at lines', () => {
    const { rules } = report.runs[0]!.tool.driver;
    expect(new Set(rules.map(({ id }) => id)).size).toBe(EVERY_RULE.length + 1);
    const found = report.runs[0]!.results.find(({ ruleId }) => ruleId === 'zone/cert-binding');
    expect(found).toMatchObject({
      level: 'error',
      message: { text: expect.stringContaining('bob@d.example') },
      locations: [
        { physicalLocation: { region: { startLine: 7 } }, logicalLocations: [{ name: 'rob.d.example' }] },
      ],
    });
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

  it('judges a message from outside, and inside when that is given', async () => {
    const rulesOf = async (...args: string[]) => {
      const { code, stdout } = await run('lint', ...args, ...at, '--format', 'json');
      const { subjects } = JSON.parse(stdout) as { subjects: { kind: string; results: RuleResult[] }[] };
      return {
        code,
        kinds: subjects.map(({ kind }) => kind),
        failed: subjects.flatMap((one) => failed(one.results)),
      };
    };
    const wire = join(folder, 'wire');
    const told = await run('lint', wire, ...at, '--format', 'json', '--all');
    const status = (rule: string) =>
      (JSON.parse(told.stdout) as { subjects: { results: RuleResult[] }[] }).subjects[0]!.results.find(
        (one) => one.rule === rule,
      )?.status;
    expect([status('message/content-cipher'), status('message/signed')]).toEqual(['pass', 'na']);
    expect(await rulesOf(wire, '--opened', join(folder, 'signed'))).toEqual({
      code: 0,
      kinds: ['message'],
      failed: [],
    });
    expect(await rulesOf(join(folder, 'inner'))).toMatchObject({ code: 0 });
    expect(await rulesOf(join(folder, 'inner'), '--kind', 'message')).toMatchObject({
      code: 1,
      failed: ['message/encrypted'],
    });
    expect(await rulesOf(join(folder, 'mdn'), '--kind', 'dsn')).toMatchObject({ code: 1, kinds: ['dsn'] });
    expect(await rulesOf(join(folder, 'hello'), '--kind', 'bundle')).toMatchObject({
      code: 1,
      failed: ['bundle/readable'],
    });
    const linked = await run('lint', 'd.zone', ...at, '--pages', 'http://127.0.0.1:8080');
    expect(linked.stdout).toContain('http://127.0.0.1:8080/rules/zone/cert-binding');
    expect((await run('lint', wire, '--pages', 'file:/x')).code).toBe(2);
    expect((await run('lint', wire, wire, '--opened', wire)).code).toBe(2);
    expect((await run('lint', wire, '--kind', 'letter')).code).toBe(2);
  });

  it('tells in JSON', async () => {
    const { code, stdout } = await run('lint', 'd.zone', ...at, '--format', 'json');
    const report = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(report).toMatchObject({ schema: 1, profile: '1.3', summary: { fail: 1, warn: 1 } });
    expect(failed(report.subjects[0].results)).toEqual(['zone/cert-binding', 'zone/cert-ttl']);
  });
});

describe('what we make ourselves', () => {
  it('counts as the table says; a changed rule shows here (vitest -u writes it)', async () => {
    const config = { ...loadConfig({}), state: join(folder, 'state') };
    const open = openNetwork(config, NOW);
    const { material } = open;
    const zones = (await storedFaces(open)).zones.map(zoneSubject);
    const certificates = [...material.values()].flatMap(({ root: anchor, issuer, leaves }) => [
      anchor.certificate,
      issuer.certificate,
      ...[...leaves.values()].map(({ certificate }) => certificate),
    ]);
    const own = [...new Map(certificates.map((one) => [one.sha256, one])).values()];
    const communities = definitionsIn(DEFINITIONS).map((name) => openCommunity(name, () => open, NOW));
    const names = communities.map(({ name }) => name);
    communities.push(
      ...networkCommunities(open, (name) => `https://bundles.example/${name}.p7b`, names, NOW),
    );
    const results = [
      ...own.flatMap((one) => lintCertificate('own', one, own, context).results),
      ...communities.flatMap((one) => lint(BUNDLE_RULES, bundleSubject(bytesOf(one), NOW), context)),
      ...zones.flatMap((one) => lint(ZONE_RULES, one, context)),
      ...(await ownMessages()),
      ...lint(DSN_RULES, dsnOf({}), context),
    ];
    const rows = [...Map.groupBy(results, ({ rule }) => rule)].map(([rule, all]) => {
      const counts = Object.entries(tallyRules(all)).filter(([, count]) => count > 0);
      return `${rule.padEnd(34)} ${counts.map(([status, count]) => `${status} ${count}`).join(', ')}`;
    });
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('../rule/own-counts.txt');
    for (const area of AREAS) expect(rows.some((row) => row.startsWith(`${area}/`))).toBe(true);
  });
});

/** What the reference HISP sends in three scenarios, notifications among it, as it was opened. */
async function ownMessages(): Promise<RuleResult[]> {
  const catalogue = readCatalogue();
  const results: RuleResult[] = [];
  for (const name of ['SND-message', 'SND-request', 'HappyPathDeliveryIG']) {
    const [entry] = select(catalogue, [name]);
    const { transcript } = await execute(planOf(entry!, catalogue), {
      seed: 1,
      version: 'test',
      crossCheck: false,
    });
    const { events, blob } = transcript;
    for (const { kind, cause, blob: opened } of events) {
      const arrived = kind === 'message' && cause !== undefined ? events[cause - 1]?.blob : undefined;
      if (!arrived || !opened) continue;
      const seen = { opened: blob(opened), travelled: undefined };
      const of = { ...context, at: NOW };
      results.push(...lintMessage('own', blob(arrived), of, seen).flatMap((one) => one.results));
    }
  }
  return results;
}

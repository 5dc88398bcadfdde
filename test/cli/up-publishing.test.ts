import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFINITIONS } from '../../src/cli/bundle/community.ts';
import { openNetwork } from '../../src/cli/demo/open.ts';
import {
  keepPublishing,
  listedBundles,
  openPublishing,
  type Publishing,
} from '../../src/cli/up/publishing.ts';
import { DEMO_NETWORK } from '../../src/config/network.ts';
import { configSchema } from '../../src/config/schema.ts';
import { realHost } from '../../src/net/real.ts';
import { readBundle } from '../../src/trust/bundle/read.ts';

const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'anchorage-publishing-'));
const definition = join(folder, 'candidates.yaml');
const member = (to: string) => `title: Candidates
purpose: Tests
environment: production
policy: { daysLeft: 0, accreditation: { required: true } }
members:
  - { name: Lakeshore Direct, hisp: lakeshore }
  - { name: Prairie Connect, hisp: prairie, accreditation: { programme: P, from: 2020-01-01, to: ${to} } }
`;
const config = configSchema.parse({
  state: join(folder, 'state'),
  network: { file: DEMO_NETWORK, bundles: folder },
});

let now = realHost().now();
const lines: string[] = [];
let publishing: Publishing;
const open = () =>
  openPublishing(
    openNetwork(config, now),
    config,
    () => now,
    (line) => lines.push(line),
  );
beforeAll(() => {
  writeFileSync(definition, member('2099-01-01'));
  publishing = open();
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = (path: string, headers = {}) =>
  publishing.reply({ method: 'GET', url: `/bundles/${path}`, headers } as never);
const named = (name: string) => publishing.communities().find((one) => one.name === name)!;

describe('what up publishes', () => {
  it('are the communities of the network and those of the definitions', () => {
    expect(publishing.communities().map(({ name }) => name)).toEqual([
      'great-lakes',
      'prairie-trust',
      'candidates',
    ]);
    expect(listedBundles(publishing)).toHaveLength(3);
    expect(named('candidates').bundle?.certificates).toHaveLength(2);
  });

  it('is served with ETag, checksum, lint report and index', () => {
    const reply = get('candidates.p7b')!;
    const { etag } = reply.headers as { etag: string };
    const sha256 = createHash('sha256')
      .update(reply.body as Uint8Array)
      .digest('hex');
    expect([reply.status, get('candidates.p7b', { 'if-none-match': etag })!.status]).toEqual([200, 304]);
    const text = (path: string) => Buffer.from(get(path)!.body as Uint8Array).toString();
    expect(text('candidates.p7b.sha256')).toBe(`${sha256}  candidates.p7b\n`);
    expect(JSON.parse(text('candidates.lint.json'))).toMatchObject({ schema: 1 });
    expect(JSON.parse(text('candidates.json'))).toMatchObject({ etag, number: 1, anchors: [{}, {}] });
    expect(get('../api-token')).toBeUndefined();
    expect(get('history/../candidates.json')).toBeUndefined();
  });

  it('stays octet for octet over a restart', () => {
    const before = named('candidates').bundle;
    publishing = open();
    expect(named('candidates').bundle?.sha256).toBe(before?.sha256);
    expect(named('candidates').bundle?.history).toHaveLength(1);
  });

  it('loses an anchor whose accreditation record is over, says why, and keeps the older version', () => {
    writeFileSync(definition, member(new Date(now + 10 * DAY).toISOString().slice(0, 10)));
    expect(publishing.republish()).toEqual([]);
    now += 12 * DAY;
    expect(publishing.republish()).toEqual(['candidates']);
    expect(lines.join()).toMatch(/Candidates: Prairie Connect is out: its accreditation record ended on/);
    const { bundle } = named('candidates');
    expect(bundle?.history.map(({ anchors, removed }) => [anchors, removed.length])).toEqual([
      [2, 0],
      [1, 1],
    ]);
    expect(publishing.version('candidates', 1)).toHaveLength(2);
    expect(publishing.version('candidates', 9)).toBeUndefined();
    expect(
      readBundle(get('history/candidates-1.p7b')!.body as Uint8Array, { at: now }).certificates,
    ).toHaveLength(2);
    publishing.republish();
    expect(lines).toHaveLength(1);
  });

  it('of Anchorage have an accredited, a provisional and a test community', () => {
    const demo = configSchema.parse({ state: join(folder, 'demo') });
    const own = openPublishing(
      openNetwork(demo, now),
      demo,
      () => now,
      () => {},
    );
    expect(own.communities().map(({ name, bundle }) => [name, bundle?.certificates.length])).toEqual([
      ['great-lakes', 2],
      ['prairie-trust', 2],
      ['accredited', 2],
      ['interoperability-test', 3],
      ['provisional', 1],
    ]);
    const anchors = (name: string) =>
      own
        .communities()
        .find((one) => one.name === name)!
        .bundle!.certificates.map(({ sha256 }) => sha256);
    expect(anchors('interoperability-test').filter((one) => anchors('accredited').includes(one))).toEqual([]);
    expect(readFileSync(join(DEFINITIONS, 'accredited.yaml'), 'utf8')).toContain('as stated by the operator');
  });
});

it('looks every hour, tells what changed, and stands a definition with a mistake', async () => {
  const told: string[] = [];
  const due: (() => void)[] = [];
  const timer = (_: number, work: () => void) => {
    due.push(work);
    return () => void due.splice(0);
  };
  const results = [
    () => ['candidates'],
    () => [],
    () => {
      throw new Error('line 3');
    },
  ];
  const stop = keepPublishing({ timer }, { republish: () => results.shift()!() }, (line) => told.push(line));
  while (results.length > 0) due.shift()!();
  expect(told).toEqual(['the bundle candidates was published anew', 'bundles stay as they are: line 3']);
  await stop();
  expect(due).toEqual([]);
});

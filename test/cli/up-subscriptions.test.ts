import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownEntries } from '../../src/cli/demo/anchors.ts';
import { openAlarms } from '../../src/cli/up/alarms.ts';
import { subscribe, subscriptionsOf } from '../../src/cli/up/subscriptions.ts';
import { start, type Up } from '../../src/cli/up.ts';
import { configSchema } from '../../src/config/schema.ts';
import { realHost } from '../../src/net/real.ts';
import { anyPorts } from './any-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-subscriptions-'));
const config = configSchema.parse({
  state: join(folder, 'state'),
  listen: anyPorts,
});

let up: Up;
beforeAll(async () => {
  up = await start(config);
});
afterAll(async () => {
  await up.stop();
  rmSync(folder, { recursive: true });
});

const clinic = 'direct.lakeside-clinic.example';
const sourcesOf = (domain: string) =>
  up.running.context.anchors(domain, 'outgoing').map(({ source }) => source);

/** A HISP of the network on a host that finds nobody. */
const cutOff = (lines: string[], kept: string) =>
  subscribe(realHost({ name: 'cut-off', resolvers: [] }), {
    network: up.running.network,
    id: 'lakeshore',
    manual: ownEntries(up.running.network, up.running.material),
    folder: kept,
    mayFetch: () => true,
    alarms: openAlarms(up.running.state, 'cut-off'),
    tell: (line) => lines.push(line),
  });

describe('the anchors of the demo network', () => {
  it('come from bundles that were fetched over HTTP and are kept on disk', () => {
    expect(sourcesOf(clinic)).toEqual(['Lakeshore Direct itself', 'the Great Lakes Direct Exchange bundle']);
    const kept = up.running.state.path('anchors/lakeshore/great-lakes/state.json');
    const { current } = JSON.parse(readFileSync(kept, 'utf8')) as {
      current: { sha256: string; etag: string };
    };
    expect(current.etag).toContain(current.sha256.slice(0, 32));
    expect(existsSync(up.running.state.path('anchors/prairie/prairie-trust/state.json'))).toBe(true);
  });

  it('count for the domains of the HISP that subscribes, and for no other', () => {
    const [one] = subscriptionsOf(up.running.network, 'lakeshore');
    expect(one?.url).toBe('http://pki.lakeshore-hisp.example/bundles/great-lakes.p7b');
    expect(one?.domains.map(({ domain }) => domain)).toContain(clinic);
    expect(sourcesOf('elsewhere.example')).toEqual([]);
  });

  it('stay as they were last when no bundle can be fetched, and say so', async () => {
    const lines: string[] = [];
    const one = await cutOff(lines, up.running.state.path('anchors/lakeshore'));
    expect(one.anchors(clinic, 'incoming').map(({ source }) => source)).toEqual(sourcesOf(clinic));
    expect(lines.join()).toMatch(/Lakeshore Direct: great-lakes: .*what is trusted stays as it is/);
    await one.stop();
  });

  it('are the own one alone where nothing was ever fetched, or what is kept was tampered with', async () => {
    const never = await cutOff([], join(folder, 'never'));
    expect(never.anchors(clinic, 'incoming').map(({ source }) => source)).toEqual([
      'Lakeshore Direct itself',
    ]);
    await never.stop();
    const kept = up.running.state.path('anchors/lakeshore/great-lakes/state.json');
    const before = readFileSync(kept, 'utf8');
    writeFileSync(kept, '{');
    const lines: string[] = [];
    const damaged = await cutOff(lines, up.running.state.path('anchors/lakeshore'));
    expect(damaged.anchors(clinic, 'incoming')).toHaveLength(1);
    expect(lines.join()).toMatch(/cannot be read|cannot be used/);
    await damaged.stop();
    writeFileSync(kept, before);
  });
});

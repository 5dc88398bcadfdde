import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { targetRoom } from '../../src/cli/up/targets-room.ts';
import { createApp } from '../../web/app.ts';
import { inventedRooms } from './invented.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-targets-'));
const run = join(folder, 'targets/b/runs/20260301T100000');
const state = {
  schema: 1,
  title: 'HISP B',
  profile: join(folder, 'b.yaml'),
  seed: 1,
  started: '2026-03-01T10:00:00.000Z',
  entries: ['H2', 'SND-message'],
  done: [
    {
      ...{ id: 'H2', title: 'A domain certificate', suite: 'hosting', group: 'DNS', status: 'skip' },
      ...{ reason: 'nothing is published', cites: [], durationMs: 0, virtualMs: 0, checks: [] },
    },
  ],
  current: { entry: 'SND-message', steps: 0 },
  waiting: { what: 'Send one message <now>.', since: '2026-03-01T10:00:00Z', until: '2026-03-01T11:00:00Z' },
  strangers: [{ from: 'mallory@elsewhere.example', to: ['bob@d.example'], at: '2026-03-01T10:00:00Z' }],
};

beforeAll(() => {
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, 'session.json'), JSON.stringify(state));
  const profile = { title: 'HISP B', testbed: { domain: 'testbed.example' } };
  writeFileSync(join(folder, 'b.yaml'), JSON.stringify(profile));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('pages of systems outside', () => {
  const app = createApp({ ...inventedRooms(), targets: targetRoom(folder, { now: () => 0 }, '0') });
  const page = async (path: string): Promise<[number, string]> => {
    const answer = await app.request(`http://127.0.0.1${path}`, { headers: { host: '127.0.0.1' } });
    return [answer.status, await answer.text()];
  };

  it.each([
    ['/targets', 200, 'waits for the tester'],
    ['/targets/b', 200, 'Send one message &lt;now&gt;.'],
    ['/targets/b', 200, 'hx-trigger="every 3s"'],
    ['/targets/b', 200, 'mallory@elsewhere.example'],
    ['/targets/b', 200, '--resume 20260301T100000'],
    ['/targets/b/state', 200, '10:00:00'],
    ['/targets/b/20260301T100000/H2', 200, 'A domain certificate'],
    ['/readiness/b', 200, 'What is not tested, and why'],
    ['/readiness/b', 200, 'nothing is published'],
    ['/targets/c', 404, 'no such system'],
    ['/targets/b/20260301T100000/H3', 404, 'no such result'],
    ['/targets/..%2f..%2fetc', 404, 'no such system'],
    ['/readiness/c', 404, 'no such system'],
  ])('%s: %i, %s', async (path, status, text) => {
    const [is, body] = await page(path);
    expect(is).toBe(status);
    expect(body).toContain(text);
  });
});

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openState } from '../../src/cli/demo/state.ts';
import { drawnPasswords } from '../../src/cli/up/seed.ts';
import { start, type Up } from '../../src/cli/up.ts';
import { configSchema } from '../../src/config/schema.ts';
import { peer } from './peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-up-submission-'));
const FROM = 'maria.alvarez@direct.lakeside-clinic.example';
const TO = 't.okafor@direct.lakeside-clinic.example';

const swaks = (...args: string[]): Promise<string> =>
  new Promise((resolve) => {
    const all = ['--from', FROM, '--to', TO, '--auth-user', FROM, ...args];
    execFile(peer('swaks')!, all, { timeout: 20_000 }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });

describe.skipIf(!peer('swaks'))('swaks hands in at a HISP of the demo network', () => {
  let up: Up;
  beforeAll(async () => {
    const zero = Object.keys(configSchema.parse({}).listen).filter((key) => key !== 'host');
    const listen = Object.fromEntries(zero.map((key) => [key, 0]));
    up = await start(configSchema.parse({ state: folder, listen }));
  }, 60_000);
  afterAll(async () => {
    await up.stop();
    rmSync(folder, { recursive: true });
  });

  it('with the password that was drawn, and with no other', async () => {
    const { submission } = up.running.hisps[0]!.hisp.edges;
    const password = drawnPasswords(openState(folder))[FROM]!;
    const server = (secure: boolean): string =>
      `127.0.0.1:${(secure ? submission.secure : submission.listening)[0]!.port}`;
    const taken = await swaks(
      '--server',
      server(false),
      '--tls',
      '--auth',
      'PLAIN',
      '--auth-password',
      password,
    );
    expect(taken).toContain('250 2.6.0 Stored');
    const login = ['--tls-on-connect', '--auth', 'LOGIN', '--auth-password'];
    expect(await swaks('--server', server(true), ...login, password)).toContain('250 2.6.0 Stored');
    expect(await swaks('--server', server(true), ...login, `${password}x`)).toContain('535 5.7.8');
    const other = await swaks('--server', server(true), ...login, password, '--from', TO);
    expect(other).toContain('553 5.7.1');
  }, 60_000);
});

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInProcess } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-hisp-'));
const config = join(folder, 'anchorage.yaml');
const hisp = (...words: string[]) => runInProcess(['hisp', ...words, '--config', config]);
const json = async (...words: string[]) => JSON.parse((await hisp(...words, '--format', 'json')).stdout);

beforeAll(() => writeFileSync(config, `state: ${join(folder, 'state')}\n`));
afterAll(() => rmSync(folder, { recursive: true }));

describe('anchorage hisp, with nothing running', () => {
  it('makes the members from the network, with passwords for their owner alone', async () => {
    const accounts = (await json('account', 'list', '--demo-passwords', '--hisp', 'prairie')) as {
      name: string;
      role: string;
      password: string;
    }[];
    expect(accounts.filter(({ role }) => role === 'operator').map(({ name }) => name)).toEqual([
      'operator@prairie-hisp.example',
    ]);
    for (const { password } of accounts) expect(password).toMatch(/^([a-z0-9]{6}-){3}[a-z0-9]{6}$/);
    expect(statSync(join(folder, 'state/passwords.json')).mode & 0o777).toBe(0o600);
  });

  it('adds, changes and lists, and every change is in a log that is whole', async () => {
    const address = 'referrals@direct.st-brannoc.example';
    expect((await hisp('address', 'add', address, '--hisp', 'lakeshore')).code).toBe(0);
    expect(
      (await hisp('address', 'change', address, '--status', 'disabled', '--hisp', 'lakeshore')).code,
    ).toBe(0);
    const listed = (await json('address', 'list')) as { hisp: string; address: string; status: string }[];
    expect(listed.find((one) => one.address === address)).toMatchObject({
      hisp: 'lakeshore',
      status: 'disabled',
    });
    const actions = (await json('audit', 'list', '--hisp', 'lakeshore')) as { action: string }[];
    expect(actions.map(({ action }) => action)).toEqual(['address.change', 'address.add', 'network.seed']);
    expect((await hisp('audit', 'verify')).code).toBe(0);
  });

  it('tells members of connected HISPs apart', async () => {
    const words = ['--name', 'Far Clinic', '--connected-hisp', 'Far HISP', '--hisp', 'lakeshore'];
    await hisp('organization', 'add', 'far', ...words);
    await hisp('domain', 'add', 'direct.far.example', '--organization', 'far', '--hisp', 'lakeshore');
    const [report] = await json('report', '--hisp', 'lakeshore');
    expect(report).toMatchObject({ connected: [{ organizations: 1, domains: 1, addresses: 0 }] });
    expect(report.own.organizations).toBeGreaterThan(5);
  });

  it.each([
    [
      'an address that is none',
      ['address', 'add', 'nonsense', '--hisp', 'lakeshore'],
      1,
      'expected a Direct address',
    ],
    [
      'a domain of nobody',
      ['address', 'add', 'a@b.example', '--hisp', 'lakeshore'],
      1,
      'There is no domain "b.example"',
    ],
    ['no HISP', ['address', 'add', 'a@b.example'], 2, 'say which'],
    ['an unknown HISP', ['queue', 'list', '--hisp', 'x'], 2, 'there is no HISP "x"'],
    [
      'a setting out of bounds',
      ['setting', 'set', 'session.hours', '999', '--hisp', 'lakeshore'],
      1,
      '<=168',
    ],
    ['an unknown setting', ['setting', 'set', 'x', '1', '--hisp', 'lakeshore'], 1, 'The settings are'],
    [
      'a file that is not there',
      ['key', 'add', 'a@b.example', '--cert', '/none', '--hisp', 'lakeshore'],
      2,
      'cannot be read',
    ],
  ])('refuses %s, and says what to do', async (_what, words, code, said) => {
    const answer = await hisp(...words);
    expect(answer.code).toBe(code);
    expect(answer.stderr).toContain(said);
  });
});

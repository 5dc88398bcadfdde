import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'anchorage-process-'));

const anchorage = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });

const lakeshore = 'maria.alvarez@direct.lakeside-clinic.example';
const harborline = 'transitions@direct.harborline-general.example';
const prairie = 'results@direct.meadowlark-dx.example';

let up: ChildProcess;
let said = '';

beforeAll(async () => {
  writeFileSync(
    join(folder, 'anchorage.yaml'),
    'state: state\nlisten: { dns: 0, ldap: 0, directory: 0, directorys: 0, smtp: 0, submission: 0, submissions: 0, pop3: 0, pop3s: 0, imap: 0, imaps: 0, http: 0, web: 0 }\n',
  );
  up = spawn(process.execPath, [MAIN, 'up'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve) => {
    up.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Stop with')) resolve();
    });
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('anchorage up', () => {
  it('says where everything is, and three commands to try', () => {
    expect(said).toMatch(/web +http:\/\/127\.0\.0\.1:\d+\//);
    expect(said.match(/^ {2}smtp /gm)).toHaveLength(3);
    expect(said).toMatch(/dig @127\.0\.0\.1 -p \d+ \S+ CERT/);
    expect(said).toMatch(/ldapsearch -x .* '\(mail=\S+\)' userCertificate/);
    expect(said).toContain(`npm run -s anchorage -- send --from ${lakeshore} --to ${harborline}`);
    expect(said).not.toContain('\u001b');
  });

  it('refuses a second one on the same state, and says where the first is', async () => {
    const { code, stderr } = await anchorage('up');
    expect(code).toBe(3);
    expect(stderr).toMatch(/already runs on the state folder .* \(process \d+\)/);
    expect(stderr).toContain('http://127.0.0.1:');
  });

  it('lets send tell the fate of every recipient', async () => {
    const good = await anchorage('send', '--from', lakeshore, '--to', harborline);
    expect([good.code, good.stdout]).toEqual([0, `✓ received  ${harborline}\n`]);
    const both = await anchorage(
      'send',
      '--from',
      lakeshore,
      '--to',
      harborline,
      prairie,
      '--format',
      'json',
    );
    expect(both.code).toBe(1);
    const { recipients } = JSON.parse(both.stdout) as { recipients: { to: string; state: string }[] };
    expect(Object.fromEntries(recipients.map((one) => [one.to, one.state]))).toEqual({
      [harborline]: 'received',
      [prairie]: 'failed',
    });
    const list = await anchorage('mailbox', harborline);
    expect(list.stdout).toContain('A message from the command line');
    const letter = await anchorage('mailbox', harborline, '1');
    expect(letter.stdout).toContain('Sent with anchorage send.');
  });

  it('lets check judge an address, by the running name server', async () => {
    const good = await anchorage('check', harborline);
    expect([good.code, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toContain('✓ trusted');
    const bad = await anchorage('check', prairie, '--format', 'json');
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({
      schema: 1,
      eyes: lakeshore,
      discovery: {
        outcome: 'found',
        level: 'address-dns',
        candidates: [{ der: expect.stringMatching(/^MII/) }],
      },
      decision: { verdict: 'refused', firstCause: { code: 'trust.no-path' } },
    });
    const none = await anchorage('check', 'nobody@direct.lakeside-clinic.example');
    expect(none.code).toBe(1);
    expect(none.stdout).toContain('discovery.none');
  });

  it('stops cleanly at SIGTERM', async () => {
    const code = await new Promise((resolve) => {
      up.once('exit', resolve);
      up.kill('SIGTERM');
    });
    expect(code).toBe(0);
    expect(existsSync(join(folder, 'state/running.json'))).toBe(false);
    const { code: after, stderr } = await anchorage('mailbox', harborline);
    expect(after).toBe(2);
    expect(stderr).toContain('Start one in another terminal: anchorage up');
  });
});

describe('zones', () => {
  it('are built, and read again without an error', async () => {
    const built = await anchorage('zone', 'build', '--out', 'zones');
    expect(built).toMatchObject({ code: 0 });
    expect(built.stdout).toContain('34 zones');
    expect(await anchorage('zone', 'check', 'zones')).toMatchObject({ code: 0 });
  });

  it('with mistakes are refused at file, line and column', async () => {
    mkdirSync(join(folder, 'broken'));
    const soa = '@ 300 IN SOA ns.x.example. root.x.example. 1 2 3 4 5\n@ 300 IN NS ns.x.example.\n';
    writeFileSync(
      join(folder, 'broken/x.zone'),
      `$ORIGIN x.example.\n${soa}ns 300 IN A 192.0.2.1\nwww 300 IN CNAME ns\nwww 300 IN A 192.0.2.2\n`,
    );
    writeFileSync(join(folder, 'broken/y.zone'), `$ORIGIN y.example.\n${soa}host 300 IN A 192.0.2.999\n`);
    const { code, stdout } = await anchorage('zone', 'check', 'broken');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^x\.zone:\d+:\d+: .*CNAME beside A/m);
    expect(stdout).toMatch(/^y\.zone:4:\d+: .*192\.0\.2\.999/m);
  });
});

describe('bad usage', () => {
  it.each([
    [['check', 'not an address'], 'neither a Direct address nor a domain'],
    [['check', 'a@b.example', '--resolver', 'localhost'], 'Expected an IP address and a port'],
    [['up', '--port-base', '99999'], 'Expected a whole number'],
    [['send', '--from', lakeshore], "required option '--to <address...>' not specified"],
  ])('%j exits with 2 and says why', async (args, why) => {
    const { code, stdout, stderr } = await anchorage(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(why);
  });
});

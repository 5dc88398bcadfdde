import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { columns, wantsColour } from '../../src/cli/terminal.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'anchorage-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const anchorage = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });

describe('the command line', () => {
  it('says what it can do, on stdout', async () => {
    const { code, stdout, stderr } = await anchorage('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('config');
    expect(stdout).toContain('anchorage up');
  });

  it('exits with 2 on bad usage, and says so on stderr only', async () => {
    const runs = await Promise.all([
      anchorage('cnfig'),
      anchorage('config', 'chek'),
      anchorage('config', 'check', '--nope'),
      anchorage('config', 'check', 'absent.yaml'),
      anchorage('send', '--from', 'nobody', '--to', 'a@b.example'),
    ]);
    expect(runs.map(({ code, stdout }) => ({ code, stdout }))).toEqual(
      runs.map(() => ({ code: 2, stdout: '' })),
    );
    expect(runs[0]!.stderr).toContain('did you mean "config"?');
    expect(runs[3]!.stderr).toContain('absent.yaml: found no such file');
    expect(runs[4]!.stderr).toContain("'--from <address>' argument 'nobody' is invalid");
  });

  it('prints an example that it accepts', async () => {
    const { stdout } = await anchorage('config', 'example');
    writeFileSync(join(folder, 'anchorage.yaml'), stdout);
    const checked = await anchorage('config', 'check');
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toContain('3 HISPs, 31 organizations, 97 addresses');
  });
});

describe('the terminal', () => {
  it.each([
    ['a terminal', { isTTY: true }, {}, true],
    ['a pipe', {}, {}, false],
    ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
    ['FORCE_COLOR in a pipe', {}, { FORCE_COLOR: '1' }, true],
  ])('colour: %s', (_, stream, env, expected) => {
    expect(wantsColour(stream, env)).toBe(expected);
  });

  it('aligns columns by what is seen, not by colour codes', () => {
    expect(
      columns([
        ['a', 'x'],
        ['\u001b[32mbbb\u001b[39m', 'y'],
      ]),
    ).toEqual(['a    x', '\u001b[32mbbb\u001b[39m  y']);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.ts';

/** A port with room above it for a whole network; the tests of several processes may run at once. */
async function freeBase(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor((process.pid * 37 + process.hrtime()[1]) % 300) * 100;
    const taken = await Promise.all([25, 53, 80, 81, 389].map((offset) => inUse(base + offset)));
    if (!taken.includes(true)) return base;
  }
}

const inUse = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(true));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(false)));
  });

const children: ChildProcess[] = [];
let folder = '';

function anchorage(...args: string[]): {
  child: ChildProcess;
  text: () => string;
  has: (what: RegExp) => Promise<void>;
  ended: Promise<number | null>;
} {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], { cwd: folder });
  children.push(child);
  let text = '';
  let heard = (): void => undefined;
  const hear = (chunk: Buffer): void => {
    text += chunk.toString();
    heard();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    child,
    text: () => text,
    ended,
    has: (what) =>
      new Promise((resolve, reject) => {
        heard = () => what.test(text) && resolve();
        heard();
        void ended.then(() => (what.test(text) ? resolve() : reject(new Error(`ended with: ${text}`))));
      }),
  };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anchorage-testbed-'));
});

afterAll(async () => {
  for (const child of children) {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('testbed serve', () => {
  it('judges another process that knows nothing of it but what a HISP would', {
    timeout: 90_000,
  }, async () => {
    const [outer, inner] = [await freeBase(), (await freeBase()) + 2000];
    const testbed = anchorage(
      'testbed',
      'serve',
      '--domain',
      'testbed.example',
      '--port-base',
      `${outer}`,
      '--settle',
      '7',
      '--once',
      '--runs',
      'runs',
    );
    await testbed.has(/The verdict appears/);
    const anchor = await fetch(`http://127.0.0.1:${outer + 80}/root.pem`);
    writeFileSync(join(folder, 'root.pem'), await anchor.text());
    const printed = /beside it:\n((?: {5}.*\n)+)/.exec(testbed.text())?.[1];
    writeFileSync(join(folder, 'anchorage.yaml'), printed!.replaceAll(/^ {5}/gm, ''));
    const up = anchorage('up', '--port-base', `${inner}`);
    await up.has(/Stop with Ctrl-C/);
    const to = Array.from(
      { length: 18 },
      (_, i) => `d${i + 1}@d${String(i + 1).padStart(2, '0')}.testbed.example`,
    );
    const send = anchorage(
      'send',
      '--from',
      'maria.alvarez@direct.lakeside-clinic.example',
      '--wait',
      '1',
      '--to',
      ...to,
    );
    await send.ended;
    expect(await testbed.ended, testbed.text()).toBe(0);
    expect(testbed.text()).toMatch(/Verdict: pass\n {2}1 message in 10 transactions/);
    expect(testbed.text()).toMatch(/✓ d17 +Ad was used as expected/);
    expect(testbed.text()).toMatch(/✓ d18 .*d18@d18.testbed.example was dropped/);
    expect(testbed.text()).toMatch(/CERT d14.d14.testbed.example/);
    const again = anchorage('report', 'runs', '--format', 'json');
    expect(await again.ended).toBe(0);
    expect(JSON.parse(again.text())).toMatchObject({ summary: { pass: 1, fail: 0, error: 0 } });
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start, type Up } from '../../src/cli/up.ts';
import { configSchema } from '../../src/config/schema.ts';
import { peer } from '../interop/peers.ts';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const lakeshore = 'maria.alvarez@direct.lakeside-clinic.example';
const harborline = 'transitions@direct.harborline-general.example';
const prairie = 'results@direct.meadowlark-dx.example';

describe.skipIf(!peer('chromium'))('the explanation in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-browser-'));
  let up: Up;
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    up = await start(
      configSchema.parse({ state: folder, listen: { dns: 0, ldap: 0, smtp: 0, http: 0, web: 0 } }),
    );
    browser = await chromium.launch({ executablePath: peer('chromium')!, args: ARGS });
  });
  afterAll(async () => {
    await browser.close();
    await up.stop();
    rmSync(folder, { recursive: true });
  });

  const visit = async (path: string, options: { width?: number; dark?: boolean } = {}): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: 850 },
      colorScheme: options.dark ? 'dark' : 'light',
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(`${path}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`));
    page.setDefaultTimeout(20_000);
    await page.goto(new URL(path, up.url).href);
    return page;
  };

  it('is one step from the broken pair, and from there by keyboard to any finding', async () => {
    const page = await visit('/');
    await page.getByRole('link', { name: 'Explain it, both ways' }).click();
    await page.getByRole('heading', { level: 1, name: /Prairie Trust Community bundle/ }).waitFor();
    const shown = page.locator('.decision[open] .finding:visible');
    expect(await shown.innerText()).toContain('Prairie Connect Root CA');
    await page.locator('.decision[open] .chain-graph.across a.leaf').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#there-encrypt-/);
    expect(await shown.count()).toBe(1);
    expect(await shown.innerText()).toContain(prairie);
    await page.locator('.decision[open] .chain-graph.across a.edge').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => shown.innerText()).toContain('the signature verifies');
  });

  it.each([
    ['wide', 1280, '.across', '.down'],
    ['narrow', 390, '.down', '.across'],
  ])('fits a %s window, in light and dark', async (_, width, seen, unseen) => {
    for (const dark of [false, true]) {
      for (const to of [prairie, harborline]) {
        const page = await visit(`/explain?from=${lakeshore}&to=${to}`, { width, dark });
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(over).toBeLessThanOrEqual(0);
        expect(await page.locator(`.decision[open] .chain-graph${seen}`).isVisible()).toBe(true);
        expect(await page.locator(`.decision[open] .chain-graph${unseen}`).isVisible()).toBe(false);
        // words stay inside their boxes
        const outside =
          await page.evaluate(`[...document.querySelectorAll('.decision[open] ${seen} a.box')].filter((box) => {
          const frame = box.querySelector('rect').getBoundingClientRect();
          return [...box.querySelectorAll('text')].some((text) => {
            const own = text.getBoundingClientRect();
            return own.right > frame.right + 1 || own.bottom > frame.bottom + 1 || own.top < frame.top - 1;
          });
        }).length`);
        expect(outside).toBe(0);
        await page.context().close();
      }
    }
  });

  it('and the browser complains of nothing', () => {
    expect(complaints).toEqual([]);
  });
});

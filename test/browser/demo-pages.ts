import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
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

/** The demo network with its pages, and a real browser on them. */
export interface DemoPages {
  readonly up: Up;
  /** What the browser complained of: scripts, styles and requests that the policy forbids, errors. */
  readonly complaints: string[];
  visit(path: string, options?: { width?: number; dark?: boolean }): Promise<Page>;
  close(): Promise<void>;
}

export async function openDemoPages(): Promise<DemoPages> {
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-browser-'));
  const listen = {
    dns: 0,
    ldap: 0,
    directory: 0,
    directorys: 0,
    smtp: 0,
    submission: 0,
    submissions: 0,
    pop3: 0,
    pop3s: 0,
    imap: 0,
    imaps: 0,
    http: 0,
    web: 0,
  };
  const up = await start(configSchema.parse({ state: folder, listen }));
  const browser = await chromium.launch({ executablePath: peer('chromium')!, args: ARGS });
  const complaints: string[] = [];
  return {
    up,
    complaints,
    async visit(path, options = {}) {
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
    },
    async close() {
      await browser.close();
      await up.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../interop/peers.ts';
import { type DemoPages, openDemoPages } from './demo-pages.ts';

const lakeshore = 'maria.alvarez@direct.lakeside-clinic.example';
const harborline = 'transitions@direct.harborline-general.example';
const prairie = 'results@direct.meadowlark-dx.example';

describe.skipIf(!peer('chromium'))('in a browser', () => {
  let demo: DemoPages;
  const visit: DemoPages['visit'] = (path, options) => demo.visit(path, options);

  beforeAll(async () => {
    demo = await openDemoPages();
  });
  afterAll(() => demo.close());

  it('runs a scenario from the page to its verdict', async () => {
    const page = await visit('/scenarios');
    const row = page.getByRole('row').filter({ has: page.getByText('d1', { exact: true }) });
    await row.getByRole('button', { name: 'Run' }).click();
    await page.locator('#run-head[data-state="done"]').waitFor();
    expect(await page.locator('#row-d1').innerText()).toMatch(/pass/);
    expect(await page.getByRole('button', { name: 'Run again' }).isVisible()).toBe(true);
    await page.locator('#row-d1 a').click();
    await page.getByRole('heading', { name: /^d1 / }).waitFor();
    expect(await page.locator('#checks').innerText()).toContain('pass');
    expect(await page.locator('.timeline .event').count()).toBeGreaterThan(10);
    // the filter works without script of our own
    const dns = page.locator('.event.ev-dns:not(.echo)').first();
    expect(await dns.isVisible()).toBe(true);
    await page.locator('.lane-dns').uncheck();
    expect(await dns.isVisible()).toBe(false);
  });

  it('tells why A does not reach B, and leads to every certificate', async () => {
    const page = await visit('/');
    await page.getByRole('link', { name: 'Every lookup and certificate' }).click();
    await page.getByRole('heading', { name: prairie, level: 1 }).waitFor();
    expect(await page.locator('.verdict').innerText()).toContain('trust.no-path');
    expect(await page.locator('.certificate').innerText()).toContain('Prairie Connect Root CA');
  });

  it('checks an address by keyboard alone', async () => {
    const page = await visit('/');
    await page.getByLabel('Direct address or domain').focus();
    await page.keyboard.type(harborline);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: harborline, level: 1 }).waitFor();
    expect(await page.locator('.verdict').innerText()).toContain('trusted');
  });

  it('writes a message and shows its fate without a reload', async () => {
    const page = await visit(`/mailbox/${lakeshore}`);
    await page.getByLabel('To').fill(harborline);
    await page.getByLabel('Subject').fill('From the page');
    await page.getByLabel('Text').fill('Hello');
    await page.getByRole('button', { name: 'Sign, encrypt and send' }).click();
    await page.locator('#sent').getByText('received', { exact: true }).waitFor();
    const other = await visit(`/mailbox/${harborline}`);
    await other.getByRole('link', { name: 'From the page' }).click();
    expect(await other.locator('.letter').innerText()).toContain('Hello');
  });

  it('finds organizations while typing', async () => {
    const page = await visit('/addresses');
    await page.getByRole('searchbox').pressSequentially('pharmacy racine');
    await page.getByText('1 organization, 3 addresses').waitFor();
    expect(await page.locator('#organizations').innerText()).toContain('Lantern Street Pharmacy');
  });

  it('never scrolls sideways, wide or narrow, light or dark', async () => {
    const paths = [
      '/',
      '/addresses',
      `/address?a=${prairie}`,
      `/mailbox/${lakeshore}`,
      '/scenarios',
      '/about',
    ];
    for (const [width, dark] of [
      [1280, false],
      [360, true],
    ] as const) {
      for (const path of paths) {
        const page = await visit(path, { width, dark });
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([path, width, over]).toEqual([path, width, 0]);
        await page.context().close();
      }
    }
  });

  it('had nothing to complain of', () => {
    expect(demo.complaints).toEqual([]);
  });
});

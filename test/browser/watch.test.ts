import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPasswords } from '../../src/cli/up/seed.ts';
import { listMailbox } from '../../src/store/mailbox.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { peer } from '../interop/peers.ts';
import { type DemoPages, openDemoPages } from './demo-pages.ts';

const DOMAIN = 'direct.lakeside-clinic.example';
const OPERATOR = 'operator@lakeshore-hisp.example';

describe.skipIf(!peer('chromium'))('the pages of the watch in a browser', () => {
  let demo: DemoPages;
  const visit: DemoPages['visit'] = (path, options) => demo.visit(path, options);

  beforeAll(async () => {
    demo = await openDemoPages();
  });
  afterAll(() => demo.close());

  it('a look at one domain fills its page and its line', async () => {
    const page = await visit(`/watch/${DOMAIN}`);
    // whoever is nobody here reads, and starts nothing
    expect(await page.getByRole('button', { name: 'Look now' }).count()).toBe(0);
    await page.goto(new URL(`/sign-in?to=/watch/${DOMAIN}`, demo.up.url).href);
    await page.getByLabel('Name', { exact: true }).fill(OPERATOR);
    await page.getByLabel('Password').fill(drawnPasswords(demo.up.running.state)[OPERATOR] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.getByText('port 25 open').waitFor();
    expect(await page.locator('.facts-seen dt').allInnerTexts()).toEqual([
      'Certificate',
      'Hosting',
      'Trust',
      'Revocation lists',
      'Mail servers',
    ]);
    await page.getByRole('link', { name: 'All domains' }).click();
    const line = page.locator('.watch tbody tr').filter({ hasText: DOMAIN });
    expect(await line.innerText()).toMatch(/well[\s\S]*trusted by 3 of 3[\s\S]*1 in force[\s\S]*open/);
  });

  it('what changes is on the page, and the postmaster is told once', async () => {
    // the mail server of the domain stops; a closed port is told when it was seen twice
    const { running } = demo.up;
    const hisp = running.hisps.find(({ id }) => running.network.organizations[0]!.hisp === id)!;
    await hisp.hisp.stop();
    for (let n = 0; n < 3; n++) await running.watching.watcher.look(DOMAIN);
    const page = await visit(`/watch/${DOMAIN}`);
    await page.locator('.happened').getByText('Port 25 is closed').waitFor();
    expect(await page.locator('.happened tbody tr').count()).toBe(1);
    expect(await page.locator('section[aria-labelledby=alerts] tbody').innerText()).toMatch(/^20.*taken/s);
    const mail = await listMailbox(scopeOf(hisp.store.db, hisp.id), `postmaster@${DOMAIN}`);
    const told = mail.filter(({ subject }) => subject === `${DOMAIN}: Port 25 is closed`);
    expect(told).toHaveLength(1);
  });

  it('a domain that is not watched has no page', async () => {
    const page = await visit('/watch/elsewhere.example');
    await page.getByRole('heading', { name: 'This domain is not watched' }).waitFor();
    expect(demo.complaints.splice(0).every((one) => one.includes('404'))).toBe(true);
  });

  it.each(['/watch', `/watch/${DOMAIN}`])('%s fits every window, in light and dark', async (path) => {
    for (const width of [1280, 900, 390]) {
      const page = await visit(path, { width, dark: width === 390 });
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });

  it('and the browser complains of nothing', () => {
    expect(demo.complaints).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../interop/peers.ts';
import { type DemoPages, openDemoPages } from './demo-pages.ts';

describe.skipIf(!peer('chromium'))('the pages of trust in a browser', () => {
  let demo: DemoPages;
  const visit: DemoPages['visit'] = (path, options) => demo.visit(path, options);

  beforeAll(async () => {
    demo = await openDemoPages();
  });
  afterAll(() => demo.close());

  it('from a bundle to what the loss of an anchor would do', async () => {
    const page = await visit('/bundles');
    await page.getByRole('button', { name: 'Publish changed definitions' }).click();
    await page.getByRole('status').filter({ hasText: 'No bundle changed.' }).waitFor();
    await page.getByRole('link', { name: 'Great Lakes Direct Exchange' }).click();
    await page.getByRole('heading', { level: 1, name: 'Great Lakes Direct Exchange' }).waitFor();
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await page.getByRole('link', { name: 'What would a change of it do?' }).click();
    await page
      .getByLabel('Without one of its anchors')
      .selectOption({ label: 'without Harborline Health Exchange Root CA' });
    await page.getByRole('button', { name: 'Look' }).first().click();
    await page.getByRole('heading', { name: /pairs lose trust/ }).waitFor();
    expect(await page.locator('.pairs tbody tr').first().innerText()).toContain('refused');
  });

  it('an anchor that is trusted more is looked at by a form with a token', async () => {
    const page = await visit('/trust/diff');
    await page.getByLabel('The anchor').selectOption({ label: 'Prairie Connect Root CA' });
    await page.locator('#anchor-domain').selectOption('direct.lakeside-clinic.example');
    await page.locator('section[aria-labelledby="c-anchor"] button').click();
    await page.getByRole('heading', { name: /0 pairs lose trust/ }).waitFor();
  });

  it('what ends can be taken into a calendar', async () => {
    const page = await visit('/expiry');
    await page.locator('details summary').first().click();
    expect(await page.locator('details[open] li').count()).toBeGreaterThan(5);
    const link = await page.getByRole('link', { name: /iCalendar/ }).getAttribute('href');
    expect(await (await fetch(new URL(link!, demo.up.url))).text()).toMatch(/^BEGIN:VCALENDAR\r\n/);
  });

  it.each(['/bundles', '/bundles/accredited', '/expiry', '/trust/diff?kind=policy&profile=1.2'])(
    '%s fits wide and narrow windows, in light and dark',
    async (path) => {
      for (const width of [1280, 390]) {
        const page = await visit(path, { width, dark: width === 390 });
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(
          0,
        );
        await page.context().close();
      }
    },
  );

  it('and the browser complains of nothing', () => {
    expect(demo.complaints).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../interop/peers.ts';
import { type DemoPages, openDemoPages } from './demo-pages.ts';

const lakeshore = 'maria.alvarez@direct.lakeside-clinic.example';
const harborline = 'transitions@direct.harborline-general.example';
const prairie = 'results@direct.meadowlark-dx.example';

describe.skipIf(!peer('chromium'))('the explanation in a browser', () => {
  let demo: DemoPages;
  const visit: DemoPages['visit'] = (path, options) => demo.visit(path, options);

  beforeAll(async () => {
    demo = await openDemoPages();
  });
  afterAll(() => demo.close());

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
    expect(demo.complaints).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPasswords } from '../../src/cli/up/seed.ts';
import { peer } from '../interop/peers.ts';
import { type DemoPages, openDemoPages } from './demo-pages.ts';

const MARIA = 'maria.alvarez@direct.lakeside-clinic.example';
const OPERATOR = 'operator@lakeshore-hisp.example';
const PHARMACY = 'pharmacist@direct.canal-park-rx.example';

describe.skipIf(!peer('chromium'))('the directory in a browser', () => {
  let demo: DemoPages;
  const visit: DemoPages['visit'] = (path, options) => demo.visit(path, options);

  beforeAll(async () => {
    demo = await openDemoPages();
    await demo.up.running.directory.settled();
  });
  afterAll(() => demo.close());

  const signedIn = async (name: string, options?: { width?: number; dark?: boolean }) => {
    const page = await visit('/sign-in?to=/directory', options);
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Password').fill(drawnPasswords(demo.up.running.state)[name] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('searchbox').waitFor();
    return page;
  };

  it.each([
    [1280, false],
    [390, true],
  ])('leads from a name to the certificate, %i wide', async (width, dark) => {
    const page = await visit('/directory', { width, dark });
    await page.getByRole('searchbox').pressSequentially('alvarez dul');
    await page.locator('#found mark').first().waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('alvarez dul');
    await page.getByRole('link', { name: 'Maria Alvarez MD' }).click();
    await page.getByRole('heading', { name: 'Maria Alvarez MD', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Discover now' }).click();
    const discovery = page.locator('#discovery');
    await discovery.getByText('covered entity').waitFor();
    expect(await discovery.innerText()).toMatch(/trusted[\s\S]*1 step[\s\S]*Lakeshore Direct Root CA/);
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText(MARIA).first().waitFor();
    expect(page.url()).toContain('/explain?to=');
  });

  it('filters without script as well', async () => {
    const page = await visit('/directory?state=ND&kind=person&verified=yes');
    expect(await page.locator('.directory tbody tr').count()).toBeGreaterThan(3);
    await page.getByLabel('State').selectOption('MI');
    await page.getByText('Houghton, MI').first().waitFor();
    expect(new URL(page.url()).searchParams.get('state')).toBe('MI');
    await page.goBack();
  });

  it('an address that is not listed is discovered all the same', async () => {
    const page = await visit('/directory?q=nobody@direct.lakeside-clinic.example');
    await page.getByRole('link', { name: 'Discover it now' }).click();
    await page.getByRole('heading', { name: 'Not listed' }).waitFor();
    await page.getByRole('button', { name: 'Discover now' }).click();
    await page.locator('#discovery .lookups li').first().waitFor();
    expect(demo.complaints.splice(0).every((one) => one.includes('404'))).toBe(true);
  });

  it('a member sees what is for participants, and writes to it', async () => {
    const open = await visit(`/directory?q=${PHARMACY}`);
    expect(await open.locator('#found').innerText()).toContain('not listed, or not for you to see');
    const page = await signedIn(MARIA);
    await page.getByRole('searchbox').fill(PHARMACY);
    await page.getByRole('link', { name: 'Pharmacist on duty' }).click();
    await page.getByRole('link', { name: 'Write a message' }).click();
    expect(await page.locator('[name=to]').inputValue()).toBe(PHARMACY);
  });

  it('an operator contributes a file after a dry run, checks it and undoes it', async () => {
    const page = await signedIn(OPERATOR);
    await page.getByRole('link', { name: 'Contributions' }).click();
    await page.locator('input[type=file]').setInputFiles({
      name: 'more.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        'DIRECT_ADDRESS,HISP_OPERATOR,ORG_NAME,ORG_UID,ORG_PHONE\r\nlate@direct.lakeside-clinic.example,Lakeshore Direct,Lakeside Family Clinic,lakeside-family-clinic,218 555\r\n',
      ),
    });
    await page.locator('select[name=contributor]').selectOption('lakeshore');
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('would be taken').waitFor();
    await page.getByRole('button', { name: 'Contribute it' }).click();
    await page.getByRole('status').getByText('1 added').waitFor();
    await page.getByRole('link', { name: 'Checks' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('link', { name: 'Download the ZIP' }).waitFor();
    expect(await page.locator('#PHONE').innerText()).toContain("'218 555'");
    await page.getByRole('link', { name: 'Contributions' }).click();
    await page.locator('section[aria-labelledby=history] table').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('status').getByText('1 removed').waitFor();
  });

  it('never scrolls sideways, wide or narrow, light or dark', async () => {
    for (const width of [1280, 900, 390]) {
      const page = await signedIn(OPERATOR, { width, dark: width === 390 });
      for (const path of [
        '/directory?q=family',
        '/directory?q=1234567890',
        `/directory/${MARIA}`,
        '/directory/contributions',
        '/directory/contributions/1',
        '/directory/checks',
        '/directory/reports?by=age',
        '/directory/keys',
      ]) {
        await page.goto(new URL(path, demo.up.url).href);
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([path, width, Number(over) <= 0]).toEqual([path, width, true]);
      }
      await page.context().close();
    }
  });

  it('and the browser complains of nothing', () => {
    expect(demo.complaints).toEqual([]);
  });
});

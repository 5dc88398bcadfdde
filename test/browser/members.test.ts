import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPasswords } from '../../src/cli/up/seed.ts';
import { peer } from '../interop/peers.ts';
import { type DemoPages, openDemoPages } from './demo-pages.ts';

const admin = 'admin@direct.st-brannoc.example';
const far = 'transitions@direct.harborline-general.example';
const made = 'referral-desk@direct.st-brannoc.example';

describe.skipIf(!peer('chromium'))('members, in a browser', () => {
  let demo: DemoPages;
  beforeAll(async () => {
    demo = await openDemoPages();
  });
  afterAll(() => demo.close());

  const signedIn = async (name: string, options?: { width?: number; dark?: boolean }) => {
    const page = await demo.visit('/sign-in', options);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(drawnPasswords(demo.up.running.state)[name] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    return page;
  };

  it('an administrator adds an address, sends from it, sees it arrive and its state, and signs out', async () => {
    let page = await signedIn(admin);
    await page.goto(new URL('/admin/addresses', demo.up.url).href);
    await page.getByLabel('Address', { exact: true }).fill('referral-desk');
    await page.getByLabel('Read by').selectOption({ label: admin });
    await page.getByRole('button', { name: 'Add the address' }).click();
    await page.getByRole('status').getByText(`${made} was added and is read by ${admin}`).waitFor();

    // what the account may do changed: its sessions ended
    await page.goto(new URL('/webmail', demo.up.url).href);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    page = await signedIn(admin);
    await page.getByRole('link', { name: 'Write' }).click();
    await page.locator('[name=to]').fill(far);
    await page.getByLabel('Subject').fill('A referral with a note');
    await page.getByLabel('Text', { exact: true }).fill('Please see the note.');
    await page.getByLabel('Attachments').setInputFiles({
      name: 'note.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Bring the old pictures.'),
    });
    await page.getByRole('button', { name: 'Sign, encrypt and send' }).click();
    await page.getByRole('heading', { name: 'A referral with a note' }).waitFor();
    await page.locator('#fate .badge.good').waitFor();
    expect(await page.locator('#fate').innerText()).toContain(far);

    const other = await signedIn(far, { width: 390, dark: true });
    await other.getByRole('link', { name: 'A referral with a note' }).click();
    await other.getByText('Please see the note.').waitFor();
    const [download] = await Promise.all([
      other.waitForEvent('download'),
      other.getByRole('link', { name: 'note.txt' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('note.txt');

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await page.goto(new URL('/webmail', demo.up.url).href);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('no page of an operator is wider than a narrow screen', async () => {
    const page = await signedIn('operator@lakeshore-hisp.example', { width: 390 });
    await page.goto(new URL('/admin', demo.up.url).href);
    const tabs = await page.getByRole('navigation', { name: 'Administration' }).getByRole('link').all();
    const paths = await Promise.all(tabs.map((tab) => tab.getAttribute('href')));
    expect(paths.length).toBeGreaterThan(10);
    for (const path of [...paths, '/account']) {
      await page.goto(new URL(path!, demo.up.url).href);
      const over = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      expect([path, over]).toEqual([path, 0]);
    }
  });

  it('the browser complained of nothing', () => expect(demo.complaints).toEqual([]));
});

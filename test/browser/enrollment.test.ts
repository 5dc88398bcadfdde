import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPasswords } from '../../src/cli/up/seed.ts';
import { lookUp } from '../../src/directory/entries.ts';
import { npiCheckDigit } from '../../src/directory/npi.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { readCertificates } from '../../src/store/identities.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { peer } from '../interop/peers.ts';
import { type DemoPages, openDemoPages } from './demo-pages.ts';

const OPERATOR = 'operator@lakeshore-hisp.example';
const FAR = 'transitions@direct.harborline-general.example';
const DOMAIN = 'elm-clinic.lakeshore-hisp.example';
const ADDRESS = `referrals@${DOMAIN}`;
const WAY = '/connect?ehr=larkspur+4.2&hisp=&community=';
const NO_WAY = '/connect?ehr=quillmark+2026&hisp=&community=nowhere';
const PASSWORD = 'a password of its own';

describe.skipIf(!peer('chromium'))('an organization joins and leaves, in a browser', () => {
  let demo: DemoPages;
  let status = '';
  let review = '';
  let leaving = '';
  let operator: Page;
  let far: Page;
  beforeAll(async () => {
    demo = await openDemoPages();
  });
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-lists-'));
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await demo.close();
  });

  const at = (path: string): string => new URL(path, demo.up.url).href;
  const signedIn = async (name: string, password: string): Promise<Page> => {
    const page = await demo.visit('/sign-in');
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    return page;
  };
  const drawn = (name: string): string => drawnPasswords(demo.up.running.state)[name] ?? '';
  const write = async (page: Page, to: string, subject: string): Promise<void> => {
    await page.goto(at('/webmail'));
    await page.getByRole('link', { name: 'Write' }).click();
    await page.locator('[name=to]').fill(to);
    await page.getByLabel('Subject').fill(subject);
    await page.getByLabel('Text', { exact: true }).fill(`${subject}, with good wishes.`);
    await page.getByRole('button', { name: 'Sign, encrypt and send' }).click();
    await page.getByRole('heading', { name: subject }).waitFor();
  };
  /** Loads the inbox again until the message is there. */
  const arrived = async (page: Page, subject: string): Promise<void> => {
    await expect
      .poll(
        async () => {
          await page.goto(at('/webmail'));
          return page.getByRole('link', { name: subject }).count();
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBeGreaterThan(0);
  };
  const states = (page: Page) =>
    page
      .locator('section[aria-labelledby=steps] .step-list > li')
      .evaluateAll((items) => items.map((item) => (item as unknown as { className: string }).className));
  const lakeshore = () => demo.up.running.hisps.find(({ id }) => id === 'lakeshore')!;
  const serials = async (): Promise<string[]> => {
    const { id, store } = lakeshore();
    return (await readCertificates(scopeOf(store.db, id)))
      .filter(({ owner }) => owner.endsWith(DOMAIN))
      .map(({ der }) => parseCertificate(der).serial.toUpperCase());
  };
  // not at once: the servers that are asked run in this process
  const run = promisify(execFile);
  const dig = async (name: string, type: string): Promise<string> => {
    const { host, port } = demo.up.running.places.dns;
    return (await run(peer('dig')!, [`@${host}`, '-p', String(port), '+short', name, type])).stdout;
  };

  it('asks: details, evidence, agreement', async () => {
    const page = await demo.visit('/join');
    const fill = async (values: Readonly<Record<string, string>>) => {
      for (const [name, value] of Object.entries(values)) await page.locator(`[name=${name}]`).fill(value);
    };
    await page.getByLabel('Which HISP').selectOption('lakeshore');
    await fill({
      name: 'Elm Street Clinic',
      npi: '1234567890',
      street: '1 Elm Street',
      city: 'Duluth',
      state: 'MN',
      zip: '55802',
      phone: '+12185550142',
      administrator_name: 'Ada Quist',
      administrator_email: 'ada@elm.example',
      administrator_phone: '+12185550143',
      domain: DOMAIN,
      local: 'referrals',
      addressName: 'Referral desk',
    });
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('alert').getByText('the check digit or the length is wrong').waitFor();
    await fill({ npi: `123456789${npiCheckDigit('123456789')}` });
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Agree and send' }).waitFor();
    status = page.url();
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 850 });
      const over = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      expect([width, over]).toEqual([width, 0]);
    }
    await page.locator('[name=file]').setInputFiles({
      name: 'licence.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4 licence'),
    });
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('status').getByText('licence.pdf was added').waitFor();
    await page.getByLabel('agrees to the participation policy').check();
    await page.getByLabel('Who agrees').fill('Ada Quist, director');
    await page.getByRole('button', { name: 'Send the request' }).click();
    await page.getByText('waits for review').first().waitFor();
    await page.context().close();
  });

  it('is reviewed: asked, answered, checked, accepted; everything is set up', async () => {
    operator = await signedIn(OPERATOR, drawn(OPERATOR));
    await operator.goto(at('/enrollments'));
    await operator.getByRole('link', { name: 'Elm Street Clinic' }).click();
    review = operator.url();
    const [download] = await Promise.all([
      operator.waitForEvent('download'),
      operator.getByRole('link', { name: 'licence.pdf' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('licence.pdf');
    await operator.getByLabel('Question to the applicant').fill('Which floor?');
    await operator.getByRole('button', { name: 'Ask', exact: true }).click();
    await operator.getByRole('status').waitFor();

    const applicant = await demo.visit(new URL(status).pathname);
    await applicant.getByLabel('Your answer').fill('The second.');
    await applicant.getByRole('button', { name: 'Send the answer' }).click();
    await applicant.getByText('answered, waits for review').waitFor();
    await applicant.context().close();

    await operator.goto(review);
    await operator.getByText('The second.').waitFor();
    for (let left = await operator.getByRole('button', { name: 'Checked' }).count(); left > 0; left--) {
      await operator
        .getByLabel(/^Document for/)
        .first()
        .selectOption('registration');
      await operator.getByRole('button', { name: 'Checked' }).first().click();
      await expect.poll(() => operator.getByRole('button', { name: 'Checked' }).count()).toBe(left - 1);
    }
    await operator.getByLabel('What the decision stands on').fill('Registration and call back.');
    await operator.getByRole('button', { name: 'Accept the request' }).click();
    await operator.getByRole('heading', { name: 'Set up' }).waitFor();
    await expect
      .poll(
        async () => {
          await operator.goto(review);
          return states(operator);
        },
        { timeout: 20_000, interval: 300 },
      )
      .toEqual(Array(7).fill('good'));
    expect(lookUp(demo.up.running.directory.directory, ADDRESS)).toHaveLength(1);
    if (peer('dig')) expect(await dig(DOMAIN, 'CERT')).not.toBe('');
  });

  it('its administrator sets a password, signs in, and sends the first message; it is answered', async () => {
    const page = await demo.visit(new URL(status).pathname);
    await page.getByRole('link', { name: 'Set the password' }).click();
    await page.locator('[name=password]').fill(PASSWORD);
    await page.getByLabel('The same again').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(status);
    expect(await page.getByRole('link', { name: 'Set the password' }).count()).toBe(0);
    await page.context().close();

    const ours = await signedIn(ADDRESS, PASSWORD);
    await write(ours, FAR, 'Our first message');
    await ours.locator('#fate .badge.good').waitFor();
    far = await signedIn(FAR, drawn(FAR));
    await arrived(far, 'Our first message');
    await write(far, ADDRESS, 'Welcome to the network');
    await far.locator('#fate .badge.good').waitFor();
    await arrived(ours, 'Welcome to the network');
    await ours.context().close();
  });

  it('leaves: mail is answered that it has left', async () => {
    const before = await serials();
    expect(before).toHaveLength(1);
    // a message without an outcome: the departure waits for it
    const { store } = lakeshore();
    const open = { tenant: 'lakeshore', message_id: 'held-open', written: FAR, address: FAR };
    await store.db
      .insertInto('message')
      .values({
        tenant: 'lakeshore',
        id: 'held-open',
        direction: 'out',
        kind: 'message',
        bytes_sha256: '',
        envelope_from: ADDRESS,
        received_at: 1,
        internet_id: 'held-open@elm',
        delivery_requested: 0,
        follows: null,
      })
      .execute();
    await store.db
      .insertInto('recipient')
      .values({
        ...open,
        domain: FAR.split('@')[1]!,
        stage: 'ended',
        state: 'open',
        version: 0,
        attempts: 1,
        next_at: null,
        deadline: 8e15,
        timer_at: 8e15,
        lease_owner: null,
        lease_until: null,
        envelope_id: null,
        causes: null,
      })
      .execute();
    await operator.goto(at('/departures'));
    await operator.getByLabel('Organization').selectOption('elm-street-clinic');
    await operator.getByLabel('Reason').fill('The practice closes.');
    await operator.getByRole('button', { name: 'Begin the departure' }).click();
    await operator.getByRole('heading', { name: 'Elm Street Clinic leaves' }).waitFor();
    expect((await states(operator)).slice(0, 3)).toEqual(['good', 'busy', 'muted']);
    await operator.getByRole('button', { name: 'Stop the departure' }).waitFor();
    await write(far, ADDRESS, 'Are you still there');
    await arrived(far, 'Not delivered: Are you still there');
    await far.getByRole('link', { name: 'Not delivered: Are you still there' }).click();
    await far.getByText('has left on').first().waitFor();
    await store.db.deleteFrom('recipient').where('message_id', '=', 'held-open').execute();
    await store.db.deleteFrom('message').where('id', '=', 'held-open').execute();
  });

  it('then nothing is published any more, and its certificates are revoked', async () => {
    leaving = operator.url();
    await operator.getByRole('button', { name: 'Go on' }).click();
    await expect
      .poll(
        async () => {
          await operator.goto(leaving);
          return states(operator);
        },
        { timeout: 20_000, interval: 300 },
      )
      .toEqual(Array(9).fill('good'));
    expect(await operator.getByRole('button', { name: 'Stop the departure' }).count()).toBe(0);
    expect(lookUp(demo.up.running.directory.directory, ADDRESS)).toEqual([]);
    if (peer('dig')) expect((await dig(DOMAIN, 'CERT')) + (await dig(DOMAIN, 'MX'))).toBe('');
    if (peer('openssl')) {
      const { host, port } = demo.up.running.places.http;
      const crl = await fetch(`http://${host}:${port}/lakeshore/root.crl`);
      const list = join(folder, 'list.crl');
      writeFileSync(list, Buffer.from(await crl.arrayBuffer()));
      const { stdout: text } = await run(peer('openssl')!, ['crl', '-in', list, '-text', '-noout']);
      const gone = await serials();
      expect(gone).toHaveLength(1);
      for (const serial of gone) expect(text).toContain(serial);
      expect(text).toContain('Cessation Of Operation');
    }
    const [download] = await Promise.all([
      operator.waitForEvent('download'),
      operator.getByRole('link', { name: 'Save the ZIP' }).click(),
    ]);
    const files = Object.keys(unzipSync(readFileSync(await download.path())));
    expect(files.some((name) => name.startsWith(`${ADDRESS}/INBOX/`))).toBe(true);

    await write(far, ADDRESS, 'Once more');
    await arrived(far, 'Not delivered: Once more');
    const closed = await demo.visit('/sign-in');
    await closed.getByLabel('Name').fill(ADDRESS);
    await closed.getByLabel('Password').fill(PASSWORD);
    await closed.getByRole('button', { name: 'Sign in' }).click();
    await closed.getByRole('alert').waitFor();
  });

  it('the page How do I connect? ends in a path with real ports, or in the reason', async () => {
    const page = await demo.visit('/connect');
    const ask = async (ehr: string, community: string) => {
      await page.getByLabel('Your EHR').selectOption({ label: ehr });
      await page.getByLabel('Community that you need').selectOption({ label: community });
      await page.getByRole('button', { name: 'Show the way' }).click();
      return page.locator('section[aria-labelledby=way]').innerText();
    };
    const way = await ask('Larkspur EHR 4.2', 'Great Lakes Direct Exchange');
    const [imap] = lakeshore().hisp.edges.imap.secure;
    expect(way).toMatch(
      /a way with Lakeshore Direct[\s\S]*application password[\s\S]*mail\.lakeshore-hisp\.example/,
    );
    expect(way).toContain(`here at 127.0.0.1:${imap!.port}`);
    const none = await ask('Orrery Health Suite 11', 'Great Lakes Direct Exchange');
    expect(none).toContain('Prairie Connect is not in the Great Lakes Direct Exchange.');
    expect(none).toContain('Orrery Health Suite 11 is integrated with Prairie Connect only.');
    expect(none).toContain('Prairie Connect becomes a member of the Great Lakes Direct Exchange.');
    await page.context().close();
    await operator.goto(at('/connect/products'));
    await operator.getByRole('row', { name: 'Orrery' }).getByRole('button', { name: 'Remove' }).click();
    await operator.getByRole('status').getByText('orrery 11 was removed').waitFor();
  });

  it('no page is wider than its window, in light and dark', async () => {
    const cookies = await operator.context().cookies();
    const { pathname } = new URL(status);
    const paths = [
      ...['/join', pathname, '/connect', WAY, NO_WAY, '/connect/products'],
      ...['/enrollments', review, '/departures', leaving],
    ];
    for (const width of [1280, 390]) {
      const page = await demo.visit('/about', { width, dark: width === 390 });
      await page.context().addCookies(cookies);
      for (const path of paths) {
        await page.goto(at(path));
        const over = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        expect([path, width, over]).toEqual([path, width, 0]);
      }
      await page.context().close();
    }
  });

  it('the browser complained of nothing but what was refused on purpose', () =>
    expect(demo.complaints.filter((one) => !one.includes('422'))).toEqual([]));
});

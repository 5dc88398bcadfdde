import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NetworkDirectory } from '../../../src/cli/up/directory.ts';
import { directoryRoom } from '../../../src/cli/up/directory-room.ts';
import { loadNetwork } from '../../../src/config/network.ts';
import { createAuditor } from '../../../src/directory/audit.ts';
import { recordFacts } from '../../../src/directory/check/verify.ts';
import { choose } from '../../../src/directory/choices.ts';
import { type Directory, putContributor } from '../../../src/directory/directory.ts';
import { lookUp } from '../../../src/directory/entries.ts';
import { createQuota, type QuotaOptions } from '../../../src/directory/quota.ts';
import type { DirectoryRecord } from '../../../src/directory/record.ts';
import { publish } from '../../../src/directory/snapshots.ts';
import { createApp } from '../../../web/app.ts';
import { freshDirectory, some, take, written } from '../../directory/fixture.ts';
import { inventedRooms } from '../invented.ts';
import { openWorld, passwordOf, type World } from '../members.ts';

const folder = mkdtempSync(join(tmpdir(), 'directory-pages-'));
let directory: Directory;
let world: World;

const OPERATOR = 'operator@one.example';
const ANN = 'ann@clinic.one.example';
const SEEN = 'maria.alvarez@direct.open.example';
const MEMBERS = 'dana.okoye@direct.members.example';
const NOBODY = 'crisis@direct.nobody.example';

const [base] = some(20).filter(({ PROV_LAST_NAME }) => PROV_LAST_NAME !== '') as [DirectoryRecord];
const record = (DIRECT_ADDRESS: string, PROV_LAST_NAME: string, more: Partial<DirectoryRecord> = {}) => ({
  ...base,
  DIRECT_ADDRESS,
  PROV_LAST_NAME,
  ORG_UID: DIRECT_ADDRESS,
  ORG_CITY: 'Duluth',
  ...more,
});

const appWith = (quota: QuotaOptions = {}) => {
  const book: NetworkDirectory = {
    directory,
    folder,
    quota: createQuota(directory.host, quota),
    auditor: createAuditor(directory),
    sync: async () => undefined,
    recordsOf: () => [],
    inTurn: (work) => work(),
    lookUp: async (address) => ({ discovery: nothing(address), ms: 1 }),
    async verify(address) {
      const facts = { outcome: 'none', asked: 'CERT nothing' } as const;
      const [listed] = lookUp(directory, address);
      if (listed) recordFacts(directory, listed.endpoint, facts);
      return { found: { discovery: nothing(address), ms: 1 }, facts };
    },
    settled: async () => undefined,
    stop: async () => undefined,
  };
  const people = { eyes: [{ address: 'far@away.example', label: 'Far away' }] };
  const room = directoryRoom(book, loadNetwork(), people, true);
  return createApp({ ...inventedRooms(), directory: room }, { tenancies: world.tenancies, version: '1' });
};

const nothing = (address: string) => ({
  address,
  outcome: 'none' as const,
  candidates: [],
  steps: [
    {
      level: 'address-dns' as const,
      question: `CERT ${address.replace('@', '.')}`,
      outcome: 'absent' as const,
      detail: 'NXDOMAIN',
      at: 0,
      ms: 1,
      event: 0,
    },
  ],
  names: [],
  servers: [],
  notes: [],
});

beforeAll(async () => {
  world = await openWorld();
  directory = await freshDirectory('one', 'two');
  await take(
    directory,
    written('ndjson', [
      record(SEEN, 'Alvarez', { ORG_PHONE: '555', PROV_UID: 'uid-of-maria' }),
      record(MEMBERS, 'Okoye'),
      record(NOBODY, 'Crisis'),
    ]),
    { contributor: 'one' },
  );
  const subject = 'organization' as const;
  choose(directory, { subject, key: `one/${SEEN}`, choice: 'public', by: 'o', reason: '' });
  choose(directory, { subject, key: `one/${NOBODY}`, choice: 'never', by: 'o', reason: 'as asked' });
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

class Browser {
  readonly #cookies = new Map<string, string>();
  readonly #app: ReturnType<typeof createApp>;
  constructor(app: ReturnType<typeof createApp>) {
    this.#app = app;
  }
  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#app.request(path, {
      ...init,
      headers: { origin: 'http://localhost', cookie },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      this.#cookies.set(name!, value!);
    }
    return answer;
  }
  get(path: string): Promise<Response> {
    return this.#ask(path);
  }
  async text(path: string): Promise<string> {
    return (await this.get(path)).text();
  }
  async post(path: string, fields: Record<string, string | File>): Promise<Response> {
    const page = await this.text('/about');
    const body = new FormData();
    body.set('_token', /x-anchorage-token&quot;:&quot;([\w-]+)/.exec(page)?.[1] ?? '');
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.#ask(path, { method: 'POST', body });
  }
}

async function as(name: string | undefined, quota: QuotaOptions = {}): Promise<Browser> {
  const one = new Browser(appWith(quota));
  if (name !== undefined) {
    const answer = await one.post('/sign-in', { name, password: passwordOf(name) });
    expect(answer.status).toBe(303);
  }
  return one;
}

describe('the search page', () => {
  it.each([
    [undefined, [true, false, false]],
    [ANN, [true, true, false]],
    [OPERATOR, [true, true, true]],
  ] as const)('shows to %s what that reader may see', async (name, [open, members, never]) => {
    const page = await (await as(name)).text('/directory?q=duluth');
    expect([page.includes('Alvarez'), page.includes('Okoye'), page.includes('Crisis')]).toEqual([
      open,
      members,
      never,
    ]);
    expect(page).toContain('<mark>Duluth</mark>');
  });

  it('tells operators why an entry is not published', async () => {
    const page = await (await as(OPERATOR)).text('/directory?q=crisis');
    expect(page).toContain('not published');
    const entry = await (await as(OPERATOR)).text(`/directory/${NOBODY}`);
    expect(entry).toContain('Chosen for the organization by o');
    expect(entry).toContain('as asked');
  });

  it.each([
    ['1234567890', 'its check digit is wrong'],
    ['nobody@direct.open.example', 'Discover it now'],
    ['alvares', 'Search for alvarez'],
    ['alvarez&kind=device', 'Search without filters'],
    ['<script>', 'Nothing has these words'],
  ])('helps who searched for %s', async (asked, text) => {
    const page = await (await as(undefined)).text(`/directory?q=${asked.replace('<', '%3C')}`);
    expect(page).toContain(text);
    expect(page).not.toContain('value="<script>');
  });

  it('keeps the state of the search in its address', async () => {
    const page = await (await as(undefined)).text(
      '/directory?q=duluth&kind=person&verified=no&specialty=Cardiovascular disease',
    );
    expect(page).toMatch(/<option value="person" selected>/);
    expect(page).toMatch(/<option value="no" selected>/);
    expect(page).toContain('Cardiovascular disease (207RC0000X)');
  });

  it('does not let a stranger page through all of it', async () => {
    await take(
      directory,
      written(
        'ndjson',
        some(90, 3).map((one) => ({ ...one, ORG_CITY: 'Pagetown' })),
      ),
      { contributor: 'two' },
    );
    choose(directory, { subject: 'contributor', key: 'two', choice: 'public', by: 'o', reason: '' });
    const count = async (name: string | undefined): Promise<number> => {
      const one = await as(name);
      let [all, path] = [0, '/directory?q=pagetown'];
      for (;;) {
        const page = await one.text(path);
        all += page.match(/data-label="Address"/g)?.length ?? 0;
        const next = /href="([^"]+)" rel="next"/.exec(page)?.[1];
        if (!next) return all;
        path = next.replaceAll('&amp;', '&');
      }
    };
    expect([await count(undefined), await count(ANN)]).toEqual([60, 90]);
    const beyond = await (await as(undefined)).text('/directory?q=pagetown&page=900');
    expect(beyond).toContain('No more than 60 results');
  });

  it('is refused, with the time to wait, to who asks too often', async () => {
    const one = await as(undefined, { public: { burst: 2, perMinute: 60 } });
    for (let i = 0; i < 2; i++) expect((await one.get('/directory?q=a')).status).toBe(200);
    const answer = await one.get('/directory?q=a');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await answer.text()).toMatch(/id="found">[^#]*Ask again in 1 second\./);
    // the form itself costs nothing
    expect((await one.get('/directory')).status).toBe(200);
  });
});

describe('the entry page', () => {
  it('shows the record and its contributor; internal fields and findings are for those they concern', async () => {
    const [open, member, operator] = await Promise.all(
      [undefined, ANN, OPERATOR].map(async (name) => (await as(name)).text(`/directory/${SEEN}`)),
    );
    for (const page of [open, member, operator]) expect(page).toMatch(/Contributed by .*one, since/);
    expect(open).not.toMatch(/uid-of-maria|History|Compliance/);
    expect(member).toMatch(/History[\s\S]*Compliance[\s\S]*PHONE/);
    expect(member).not.toContain('uid-of-maria');
    expect(member).toContain(`/webmail/new?to=${encodeURIComponent(SEEN)}`);
    expect(operator).toContain('uid-of-maria');
  });

  it('is, for who may not see it, the page of an address that is not listed', async () => {
    const one = await as(undefined);
    const hidden = await one.get(`/directory/${MEMBERS}`);
    const none = await one.get('/directory/nobody@direct.members.example');
    expect([hidden.status, none.status]).toEqual([404, 404]);
    const bare = (text: string, address: string) =>
      text.replaceAll(address, 'X').replaceAll(encodeURIComponent(address), 'X');
    expect(bare(await hidden.text(), MEMBERS)).toBe(bare(await none.text(), 'nobody@direct.members.example'));
    const [entry] = lookUp(directory, MEMBERS);
    expect((await one.get(`/directory/${entry!.n}`)).status).toBe(404);
    expect((await one.get('/directory/999999')).status).toBe(404);
    expect((await one.get('/directory/what%20is%20this')).status).toBe(404);
  });

  it('runs discovery, and keeps what it found', async () => {
    const one = await as(undefined);
    const answer = await one.post(`/directory/${SEEN}/discover`, {});
    const page = await answer.text();
    expect(page).toMatch(/id="discovery"[\s\S]*nothing published[\s\S]*NXDOMAIN/);
    expect(lookUp(directory, SEEN)[0]).toMatchObject({ verification: 'failed' });
    expect(page).toContain('No certificate was found.');
  });

  it('tells what was said before', async () => {
    await take(directory, written('ndjson', [record(MEMBERS, 'Okoye', { ORG_PHONE: '+12185550199' })]), {
      contributor: 'one',
      kind: 'incremental',
    });
    const page = await (await as(OPERATOR)).text(`/directory/${MEMBERS}`);
    expect(page).toMatch(/changed[\s\S]*ORG_PHONE[\s\S]*\+12185550199[\s\S]*listed/);
    expect(page).toMatch(
      /\+12185550199<\/span>\s*<small[^>]*><a href="\/directory\/contributions\/\d+">since/,
    );
  });

  it('lets operators choose who sees it, and nobody else', async () => {
    const operator = await as(OPERATOR);
    const done = await operator.post(`/directory/${NOBODY}/choice`, {
      subject: 'address',
      choice: 'public',
      reason: 'x',
    });
    expect(await done.text()).toContain('Shown to everybody');
    for (const name of [ANN, undefined]) {
      await (await as(name)).post(`/directory/${NOBODY}/choice`, {
        subject: 'address',
        choice: 'never',
        reason: '',
      });
    }
    expect((await (await as(undefined)).get(`/directory/${NOBODY}`)).status).toBe(200);
    await operator.post(`/directory/${NOBODY}/choice`, { subject: 'address', choice: 'default', reason: '' });
    expect((await (await as(undefined)).get(`/directory/${NOBODY}`)).status).toBe(404);
    const organization = { subject: 'organization', choice: 'participants', reason: '' };
    await operator.post(`/directory/${NOBODY}/choice`, organization);
    expect((await (await as(ANN)).get(`/directory/${NOBODY}`)).status).toBe(200);
    const wrong = await operator.post(`/directory/${NOBODY}/choice`, { subject: 'x', choice: 'public' });
    expect(wrong.status).toBe(404);
  });
});

it('where people have passwords, nobody lists all addresses', async () => {
  const answer = await (await as(undefined)).get('/addresses');
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/directory']);
});

describe('the pages of operators', () => {
  const PAGES = ['contributions', 'contributions/1', 'checks', 'reports', 'reports?by=age', 'keys'];

  it.each(PAGES)('/directory/%s is for them alone', async (page) => {
    const path = `/directory/${page}`;
    expect((await (await as(OPERATOR)).get(path)).status).toBe(200);
    expect((await (await as(ANN)).get(path)).status).toBe(404);
    const sent = await (await as(undefined)).get(path);
    expect([sent.status, sent.headers.get('location')]).toEqual([
      303,
      `/sign-in?to=${encodeURIComponent(path.replace(/\?.*/, ''))}`,
    ]);
  });

  it('a file is tried, contributed, and undone', async () => {
    putContributor(directory, { id: 'two' });
    const one = await as(OPERATOR);
    const rows = some(3, 5);
    const file = new File([written('csv', rows)], 'three.csv');
    const fields = { contributor: 'two', kind: 'whole', tolerate: '0', file };
    const dry = await (await one.post('/directory/contributions', { ...fields, do: 'preview' })).text();
    expect(dry).toMatch(/would be taken[\s\S]*3 added[\s\S]*three\.csv|three\.csv[\s\S]*3 added/);
    expect(lookUp(directory, rows[0]!.DIRECT_ADDRESS)).toEqual([]);
    const staged = /name="staged" value="([\w-]+)"/.exec(dry)![1]!;
    const kept = { contributor: 'two', kind: 'whole', tolerate: '0', staged, do: 'upload' };
    const done = await (await one.post('/directory/contributions', kept)).text();
    expect(done).toContain('is applied: 3 added');
    expect(lookUp(directory, rows[0]!.DIRECT_ADDRESS)).toHaveLength(1);
    const id = /Contribution (\d+) is applied/.exec(done)![1]!;
    const undone = await (await one.post(`/directory/contributions/${id}`, { do: 'undo' })).text();
    expect(undone).toContain('3 removed');
    expect(lookUp(directory, rows[0]!.DIRECT_ADDRESS)).toEqual([]);
    const again = await one.post('/directory/contributions', kept);
    expect([again.status, await again.text()]).toEqual([422, expect.stringContaining('no longer kept')]);
  });

  it('a wrong file changes nothing, and says where it is wrong', async () => {
    const one = await as(OPERATOR);
    const text = written('csv', some(1)).replace(/@direct[^,]*/, '');
    const file = new File([text], 'wrong.csv');
    const fields = { contributor: 'two', kind: 'whole', tolerate: '0', file, do: 'upload' };
    const page = await (await one.post('/directory/contributions', fields)).text();
    expect(page).toMatch(/refused[\s\S]*DIRECT_ADDRESS/);
    const none = await one.post('/directory/contributions', { contributor: 'two', do: 'upload' });
    expect([none.status, await none.text()]).toEqual([422, expect.stringContaining('no file was chosen')]);
  });

  it('what waits is approved by an operator', async () => {
    const one = await as(OPERATOR);
    await one.post('/directory/contributors', { id: 'three', name: 'Three', domains: '', approval: '1' });
    const rows = some(2, 9);
    const file = new File([written('ndjson', rows)], 'two.ndjson');
    const fields = { contributor: 'three', kind: 'whole', tolerate: '0', file, do: 'upload' };
    const page = await (await one.post('/directory/contributions', fields)).text();
    const id = /Contribution (\d+) waits for approval/.exec(page)![1]!;
    expect(lookUp(directory, rows[0]!.DIRECT_ADDRESS)).toEqual([]);
    await one.post(`/directory/contributions/${id}`, { do: 'approve' });
    expect(lookUp(directory, rows[0]!.DIRECT_ADDRESS)).toHaveLength(1);
  });

  it('checks run, are told, and lie in a ZIP', async () => {
    const one = await as(OPERATOR);
    const started = await one.post('/directory/checks', { by: 'hisp', code: 'PHONE', day: '' });
    const path = started.headers.get('location')!;
    let page = '';
    for (let i = 0; i < 200 && !page.includes('Download'); i++) {
      page = await one.text(path);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(page).toContain('&#39;555&#39;: missing leading');
    const zip = await one.get(`${path}/report.zip`);
    expect(zip.headers.get('content-type')).toBe('application/zip');
    expect(Buffer.from(await zip.arrayBuffer()).readUInt32LE(0)).toBe(0x04034b50);
    expect((await one.get('/directory/checks/1234567890123')).status).toBe(404);
    expect((await one.get('/directory/checks/..%2f..%2fx/report.zip')).status).toBe(404);
    const wrong = await one.post('/directory/checks', { by: 'state', day: '1999-01-01' });
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('no publication')]);
  });

  it('reports compare two publications', async () => {
    await publish(directory, '2026-11-18');
    const more = record('new@direct.open.example', 'New');
    await take(directory, written('ndjson', [more]), { contributor: 'one', kind: 'incremental' });
    await publish(directory, '2026-11-19');
    const one = await as(OPERATOR);
    const page = await one.text('/directory/reports?by=hisp&before=2026-11-18&after=2026-11-19');
    expect(page).toMatch(/1 versions came, 0 went/);
    expect((await one.get('/directory/reports?before=2000-01-01&after=2026-11-19')).status).toBe(422);
  });

  it('keys are shown once, and revoked', async () => {
    const one = await as(OPERATOR);
    const made = await (await one.post('/directory/keys', { do: 'make', hisp: 'one', label: 'EHR' })).text();
    const key = /adk_[\w-]+/.exec(made)![0];
    expect(await one.text('/directory/keys')).not.toContain(key);
    const id = /name="id" value="([0-9a-f]+)"/.exec(made)![1]!;
    await one.post('/directory/keys', { do: 'revoke', id });
    expect(await one.text('/directory/keys')).toContain('revoked 2026');
    const again = await one.post('/directory/keys', { do: 'revoke', id });
    expect(again.status).toBe(422);
  });
});

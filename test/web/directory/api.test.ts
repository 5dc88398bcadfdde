import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditLines } from '../../../src/directory/audit.ts';
import { choose } from '../../../src/directory/choices.ts';
import { type Directory, putContributor } from '../../../src/directory/directory.ts';
import { publish } from '../../../src/directory/snapshots.ts';
import { DIRECTORY_ROUTES } from '../../../web/directory/api.ts';
import type { DirectoryRoute } from '../../../web/directory/route.ts';
import { freshDirectory, shownRecords, some, TODAY, take, written } from '../../directory/fixture.ts';
import { type Served, serve, TOKEN } from './served.ts';

let directory: Directory;
let served: Served;
const records = some(60);

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly body: ReturnType<typeof JSON.parse>;
}

async function ask(path: string, key = served.keys.bulk, init: RequestInit = {}): Promise<Answer> {
  const answer = await served.app.request(`http://localhost/api/directory/v1${path}`, {
    ...init,
    headers: { ...(key === '' ? {} : { authorization: `Bearer ${key}` }), ...init.headers },
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const type = answer.headers.get('content-type') ?? '';
  return {
    status: answer.status,
    type,
    headers: answer.headers,
    bytes,
    body: type.includes('json') && !type.includes('ndjson') ? JSON.parse(bytes.toString()) : undefined,
  };
}

const json = (body: unknown, method = 'POST'): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

const post = (body?: string): RequestInit => ({ method: 'POST', ...(body === undefined ? {} : { body }) });

beforeAll(async () => {
  directory = await freshDirectory('acme', 'beta');
  await take(directory, written('ndjson', records));
  await publish(directory, TODAY);
});
beforeEach(() => {
  served = serve(directory);
});

describe('the search', () => {
  const one = records[5]!;

  it('finds, and marks what matched', async () => {
    const { body } = await ask(`/search?q=${encodeURIComponent(one.PROV_LAST_NAME)}&state=${one.ORG_STATE}`);
    const [hit] = body.hits;
    expect(hit.why).toBe('name');
    expect(hit.matches.some(({ column }: { column: string }) => column === 'PROV_LAST_NAME')).toBe(true);
    expect(hit.entry.record.ORG_UID).toBe(one.ORG_UID);
    expect(hit.entry.record.PROV_SUFFIX ?? '').toBe(one.PROV_SUFFIX);
  });

  it('gives entries with where each value comes from', async () => {
    const [listed] = (await ask(`/addresses/${one.DIRECT_ADDRESS}`)).body;
    const { status, body } = await ask(`/entries/${listed.id}`);
    expect(status).toBe(200);
    const { provenance, ...rest } = body;
    expect(rest).toEqual(listed);
    expect(provenance.find(({ column }: { column: string }) => column === 'ORG_NAME')).toMatchObject({
      contributor: 'acme',
      contribution: 1,
      value: one.ORG_NAME,
    });
    expect((await ask('/entries/r0')).status).toBe(404);
  });

  it('wants to know what is looked for', async () => {
    const { status, body } = await ask('/search');
    expect([status, body.code]).toEqual([400, 'invalid']);
    expect((await ask('/search?q=a&limit=x')).body.detail).toMatch(/limit is "x"; expected a whole number/);
  });

  it('shows strangers what is public, and not more than their reach', async () => {
    expect((await ask(`/addresses/${one.DIRECT_ADDRESS}`, '')).body).toEqual([]);
    expect((await ask('/search?q=direct', '')).body.hits).toEqual([]);
    choose(directory, { subject: 'contributor', key: 'acme', choice: 'public', by: 'op', reason: '' });
    try {
      expect((await ask(`/addresses/${one.DIRECT_ADDRESS}`, '')).body).toHaveLength(1);
      const page = (await ask('/search?q=direct&limit=100', '')).body;
      expect([page.hits.length, page.more]).toEqual([20, true]);
      expect((await ask('/search?q=direct&limit=100&offset=60', '')).body.hits).toEqual([]);
    } finally {
      directory.handle.exec('delete from directory_choice');
    }
  });

  it('is written down', async () => {
    await ask('/search?q=lark&state=OH', served.keys.plain);
    served.flush();
    expect(auditLines(directory, { who: 'acme', limit: 1 })[0]).toMatchObject({
      face: 'rest',
      query: 'lark state=OH',
    });
  });
});

describe('downloads', () => {
  it('give the publication of a day as ZIP with a CSV', async () => {
    const { body } = await ask('/publications', served.keys.plain);
    expect(body[0]).toMatchObject({ day: TODAY, entries: 60 });
    for (const path of body[0].files) {
      const { status, type, bytes } = await ask(path);
      expect([status, type]).toEqual([200, 'application/zip']);
      const [[name, content]] = Object.entries(unzipSync(bytes)) as [[string, Uint8Array]];
      expect(name).toMatch(/^directory-2026-11-20-csv(-2016)?\.csv$/);
      expect(Buffer.from(content).toString().trim().split('\r\n')).toHaveLength(61);
    }
    const [line] = auditLines(directory, { kind: 'bulk', limit: 1 });
    expect(line).toMatchObject({
      who: 'acme',
      query: `download directory-${TODAY}-csv-2016.zip`,
      results: 60,
    });
  });

  it.each([
    [`/download/2026/11/20/else.zip`, 404, /Expected directory-2026-11-20-csv\.zip/],
    ['/download/2026/11/19/directory-2026-11-19-csv.zip', 404, /no publication of 2026-11-19/],
    ['/export?as=xml', 400, /expected csv, csv-2016/],
  ])('%s', async (path, status, detail) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toMatch(detail);
  });

  it.each(['csv', 'csv-2016', 'ldif', 'ndjson', 'fhir', 'nppes'])(
    'export what is shown as %s',
    async (as) => {
      const { status, bytes, headers } = await ask(`/export?as=${as}`);
      expect(status).toBe(200);
      expect(bytes.toString()).toContain(records[1]!.DIRECT_ADDRESS);
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="directory\./);
    },
  );

  it('do not give what is withheld', async () => {
    choose(directory, {
      subject: 'address',
      key: records[1]!.DIRECT_ADDRESS,
      choice: 'never',
      by: 'op',
      reason: '',
    });
    try {
      for (const key of [served.keys.bulk, TOKEN]) {
        expect((await ask('/export?as=ndjson', key)).bytes.toString()).not.toContain(
          records[1]!.DIRECT_ADDRESS,
        );
      }
    } finally {
      directory.handle.exec('delete from directory_choice');
    }
  });
});

describe('a contribution', () => {
  const line = (address: string, name = 'Lark') => `DIRECT_ADDRESS,PROV_LAST_NAME\n${address},${name}\n`;
  let own: Directory;
  beforeEach(async () => {
    own = await freshDirectory('acme', 'beta');
    served = serve(own);
  });

  it('is taken from a file, and told of', async () => {
    const { status, body } = await ask(
      '/contribute?name=people.csv',
      served.keys.plain,
      post(line('a@d.example')),
    );
    expect(status).toBe(202);
    expect(body).toMatchObject({
      contributor: 'acme',
      state: 'applied',
      source: 'people.csv',
      by: 'acme (acme)',
    });
    expect((await ask(`/contribute/${body.id}`, served.keys.plain)).body).toEqual(body);
    expect((await ask('/contributions', served.keys.plain)).body).toEqual([body]);
    expect(shownRecords(own)).toHaveLength(1);
    const undone = await ask(`/contribute/${body.id}/undo`, served.keys.plain, post());
    expect(undone.body).toMatchObject({ kind: 'undo', state: 'applied', counts: { removed: 1 } });
    expect(shownRecords(own)).toEqual([]);
    const again = await ask(`/contribute/${body.id}/undo`, served.keys.plain, post());
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
  });

  it('is refused with a report', async () => {
    const { body } = await ask('/contribute', served.keys.plain, post('DIRECT_ADDRESS\na@d.example\n=cmd\n'));
    expect(body).toMatchObject({ state: 'refused', counts: { errors: 1 } });
    const report = (await ask(`/contribute/${body.id}/findings`, served.keys.plain)).body;
    expect(report).toEqual([
      {
        line: 3,
        column: 'DIRECT_ADDRESS',
        level: 'error',
        found: '=cmd (a spreadsheet takes it for a formula)',
        expected: 'a value that is no formula',
      },
    ]);
    const header = await ask('/contribute', served.keys.plain, post('a,b\n1,2\n'));
    expect([header.status, header.body.code]).toEqual([400, 'invalid']);
    expect(header.body.detail).toMatch(/expected DIRECT_ADDRESS/);
    const nothing = await ask('/contribute', served.keys.plain, post());
    expect([nothing.status, nothing.body.code]).toEqual([422, 'refused']);
    expect(shownRecords(own)).toEqual([]);
  });

  it('is of the own HISP only', async () => {
    const foreign = await ask('/contribute?contributor=beta', served.keys.bulk, post(line('a@d.example')));
    expect([foreign.status, foreign.body.code]).toEqual([403, 'forbidden']);
    const { body } = await ask('/contribute?contributor=beta', TOKEN, post(line('b@d.example')));
    expect(body).toMatchObject({ contributor: 'beta', state: 'applied', by: 'local' });
    for (const [path, init] of [
      [`/contribute/${body.id}`, {}],
      [`/contribute/${body.id}/findings`, {}],
      [`/contribute/${body.id}/undo`, post()],
    ] as const) {
      expect((await ask(path, served.keys.bulk, init)).status).toBe(404);
    }
    expect((await ask('/contributions', served.keys.bulk)).body).toEqual([]);
    expect((await ask('/contribute', TOKEN, post(line('c@d.example')))).body.detail).toMatch(
      /\?contributor=/,
    );
  });

  it('waits for an operator where that is so', async () => {
    putContributor(own, { id: 'acme', approval: true });
    const waits = (await ask('/contribute', served.keys.plain, post(line('a@d.example')))).body;
    expect(waits.state).toBe('waiting');
    expect((await ask(`/contribute/${waits.id}/approve`, served.keys.bulk, post())).status).toBe(403);
    const taken = await ask(`/contribute/${waits.id}/approve`, TOKEN, post());
    expect(taken.body.state).toBe('applied');
    const next = (await ask('/contribute', served.keys.plain, post(line('b@d.example')))).body;
    const refused = await ask(`/contribute/${next.id}/refuse`, TOKEN, json({ reason: 'not yours' }));
    expect(refused.body).toMatchObject({ state: 'refused', reason: 'not yours' });
    expect(shownRecords(own)).toHaveLength(1);
  });
});

describe('checks', () => {
  it('run, and give their report as ZIP', async () => {
    const started = await ask(
      '/checks',
      served.keys.bulk,
      json({ codes: ['ENDPTVER', 'PHONE'], by: 'hisp', day: TODAY }),
    );
    expect(started.status).toBe(202);
    let job = started.body;
    while (job.state === 'running') {
      await new Promise((resolve) => setImmediate(resolve));
      job = (await ask(`/checks/${job.id}`)).body;
    }
    expect(job).toMatchObject({ state: 'done', report: { entries: 60, day: TODAY } });
    const { type, bytes } = await ask(`/checks/${job.id}/report.zip`);
    expect(type).toBe('application/zip');
    expect(Object.keys(unzipSync(bytes))).toContain('report.json');
    expect((await ask('/checks')).body).toHaveLength(1);
    expect((await ask('/checks', served.keys.bulk, json({ codes: ['NOPE'] }))).status).toBe(400);
    expect((await ask('/checks', served.keys.bulk, json({ day: '2020-01-01' }))).status).toBe(404);
    expect((await ask('/checks/none')).status).toBe(404);
  });
});

describe('keys and choices', () => {
  it('are made and taken back by operators', async () => {
    const { status, body } = await ask('/keys', TOKEN, json({ hisp: 'beta', label: 'nightly' }));
    expect([status, body.hisp, body.bulk]).toEqual([201, 'beta', false]);
    expect((await ask('/publications', body.key)).status).toBe(200);
    expect(JSON.stringify((await ask('/keys', TOKEN)).body)).not.toContain(body.key);
    expect((await ask(`/keys/${body.id}`, TOKEN, { method: 'DELETE' })).body.revokedAt).not.toBeNull();
    expect((await ask('/publications', body.key)).status).toBe(401);
    expect((await ask(`/keys/${body.id}`, TOKEN, { method: 'DELETE' })).status).toBe(409);
    expect((await ask('/keys', TOKEN, json({ hisp: 'nobody' }))).status).toBe(404);
  });

  it('say who may see what', async () => {
    const choice = { subject: 'address', key: 'x@d.example', choice: 'never', reason: 'asked' };
    expect((await ask('/choices', TOKEN, json(choice, 'PUT'))).status).toBe(204);
    expect((await ask('/choices', TOKEN)).body).toMatchObject([{ ...choice, by: 'local' }]);
    expect((await ask('/audit?kind=bulk&limit=2', TOKEN)).body.length).toBeLessThanOrEqual(2);
    directory.handle.exec('delete from directory_choice');
  });
});

const BODIES: Readonly<Record<string, RequestInit>> = {
  'post /contribute/{id}/refuse': json({ reason: 'x' }),
  'post /checks': json({}),
  'post /keys': json({ hisp: 'acme' }),
  'put /choices': json({ subject: 'address', key: 'a', choice: 'never' }, 'PUT'),
};

const keyOf = ({ method, path }: DirectoryRoute) => `${method} ${path}`;

describe.each(DIRECTORY_ROUTES.map((route) => [keyOf(route), route] as const))('%s', (name, route) => {
  const init = BODIES[name] ?? { method: route.method.toUpperCase() };
  const path = route.path.replace(/\{(\w+)\}/g, 'x');

  it('is open to whom it is for', async () => {
    const of = { everybody: 0, participants: 1, bulk: 2, operators: 3 }[route.for];
    for (const [i, key] of ['', served.keys.plain, served.keys.bulk, TOKEN].entries()) {
      const { status, type } = await ask(path, key, init);
      if (i >= of) expect([401, 403], `${i}`).not.toContain(status);
      else expect([status, type], `${i}`).toEqual([i === 0 ? 401 : 403, 'application/problem+json']);
    }
    expect((await ask(path, 'adk_wrong', init)).status).toBe(401);
  });

  it('is described', async () => {
    const document = await (await served.app.request('http://localhost/api/directory/openapi.json')).json();
    const operation = (document as { paths: Record<string, Record<string, unknown>> }).paths[
      `/v1${route.path}`
    ]?.[route.method];
    expect(operation).toMatchObject({ summary: route.summary });
  });
});

describe('what there is not', () => {
  it('is told as a problem', async () => {
    const { status, type, body } = await ask('/nothing');
    expect([status, type, body.code]).toEqual([404, 'application/problem+json', 'not-found']);
  });
});

describe('whatever is asked', () => {
  it('is answered, or told what is wrong with it', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.constantFrom('limit', 'offset', 'state', 'hisp', 'domain'),
        async (q, value, name) => {
          const found = await ask(
            `/search?${new URLSearchParams([
              ['q', q],
              [name, value],
            ])}`,
          );
          expect([200, 400]).toContain(found.status);
          const part = encodeURIComponent(q || 'x').replaceAll('.', '%2E');
          expect([200, 404]).toContain((await ask(`/addresses/${part}`)).status);
          for (const path of [`/entries/${part}`, `/contribute/${part}`, `/checks/${part}`]) {
            expect((await ask(path)).status, path).toBe(404);
          }
          expect((await ask(`/download/${part}/1/2/x`)).status).toBe(404);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a contribution that has to wait too long', () => {
  it('is told so, and not done later', async () => {
    const own = await freshDirectory('acme');
    const timers: (() => void)[] = [];
    const timer = (_: number, then: () => void) => {
      timers.push(then);
      return () => undefined;
    };
    const slow = { ...own, host: { ...own.host, timer } };
    served = serve(slow);
    let free = () => {};
    const blocked = served.door.inTurn(() => new Promise<void>((resolve) => (free = resolve)));
    const asked = ask('/contribute', served.keys.plain, post('DIRECT_ADDRESS\na@d.example\n'));
    while (timers.length < 1) await new Promise((resolve) => setImmediate(resolve));
    timers.at(-1)!();
    const answer = await asked;
    expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    free();
    await blocked;
    await served.door.inTurn(() => Promise.resolve());
    expect(shownRecords(own)).toEqual([]);
  });
});

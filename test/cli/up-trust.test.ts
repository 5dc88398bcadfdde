import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { heldBy, heldJson, readHeld } from '../../src/cli/up/held.ts';
import { trustTimes } from '../../src/cli/up/trust-times.ts';
import { start, type Up } from '../../src/cli/up.ts';
import { configSchema } from '../../src/config/schema.ts';
import { explanationSchema } from '../../src/trust/explain/schema.ts';
import { runInProcess } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-trust-'));
const file = join(folder, 'anchorage.yaml');
const state = join(folder, 'state');
const servers = Object.keys(configSchema.parse({}).listen).filter((name) => name !== 'host');
const listen = Object.fromEntries(servers.map((name) => [name, 0]));
const lakeshore = 'maria.alvarez@direct.lakeside-clinic.example';
const harborline = 'transitions@direct.harborline-general.example';
const prairie = 'results@direct.meadowlark-dx.example';

let up: Up;
beforeAll(async () => {
  writeFileSync(file, `state: ${state}\nlisten: ${JSON.stringify(listen)}\n`);
  up = await start(configSchema.parse({ state, listen }));
});
afterAll(async () => {
  await up.stop();
  rmSync(folder, { recursive: true });
});

const run = (...words: string[]) => runInProcess([...words, '--config', file]);
const api = async (path: string, body?: object) => {
  const answer = await fetch(new URL(`/api${path}`, up.url), {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${up.running.state.token('api-token')}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
};
const root = (hisp: string) => up.running.material.get(hisp)!.root.certificate;

describe('anchorage trust diff', () => {
  it('tells who loses trust when a bundle drops an anchor, with the reason', async () => {
    const done = await run(
      'trust',
      'diff',
      '--bundle',
      'great-lakes',
      '--drop',
      root('harborline').sha256,
      '--format',
      'json',
    );
    const view = JSON.parse(done.stdout);
    expect([done.code, view.directory.gains]).toEqual([1, 0]);
    expect(view.directory.loses).toBeGreaterThan(0);
    const one = view.changes.find(
      (each: { from: string; to: string }) => each.from === lakeshore && each.to === harborline,
    );
    expect(one).toMatchObject({
      effect: 'loses',
      before: { verdict: 'trusted' },
      after: { verdict: 'refused', code: 'trust.no-path' },
    });
    // Prairie Connect has that anchor from another bundle as well
    expect(
      view.changes.some(
        (each: { to: string; direction: string }) => each.to === prairie && each.direction === 'in',
      ),
    ).toBe(false);
  });

  it('tells what would mend the broken pair', async () => {
    const anchor = join(folder, 'prairie.pem');
    writeFileSync(anchor, writePem('CERTIFICATE', root('prairie').der));
    const done = await run(
      'trust',
      'diff',
      '--add-anchor',
      anchor,
      '--domain',
      'direct.lakeside-clinic.example',
    );
    expect(done.code).toBe(0);
    expect(done.stdout).toContain('0 pairs lose trust');
    expect(done.stdout).toMatch(/\+ \S+@direct\.garrison-cardiology\.example → maria\.alvarez@/);
  });

  it('takes the definition of a community after the change', async () => {
    const definition = join(folder, 'great-lakes.yaml');
    writeFileSync(
      definition,
      'title: T\npurpose: P\nenvironment: production\npolicy: { daysLeft: 0 }\nmembers:\n  - { name: L, hisp: lakeshore }\n  - { name: P, hisp: prairie }\n',
    );
    const done = await run('trust', 'diff', '--definition', definition, '--format', 'json');
    const view = JSON.parse(done.stdout);
    expect(view.change).toMatch(/1 added: CN=Prairie Connect.* 1 removed: CN=Harborline/);
    expect(view.directory).toMatchObject({ gains: expect.any(Number), loses: expect.any(Number) });
    expect(Math.min(view.directory.gains, view.directory.loses)).toBeGreaterThan(0);
  });

  it('fetches the new bundle from where it is', async () => {
    const change = {
      kind: 'bundle',
      bundle: 'great-lakes',
      url: 'http://pki.lakeshore-hisp.example/bundles/provisional.p7b',
    };
    const { status, body } = await api('/trust/diff', change);
    expect([status, body]).toMatchObject([
      200,
      { change: expect.stringMatching(/1 added: CN=Prairie.* 2 removed/) },
    ]);
  });

  it('counts those that wrote to each other', async () => {
    await api('/send', { from: lakeshore, to: [harborline], subject: 's', text: 't' });
    const change = { kind: 'bundle', bundle: 'great-lakes', drop: [root('harborline').sha256] };
    const { body } = await api('/trust/diff', change);
    expect(body).toMatchObject({
      traffic: { loses: 1 },
      changes: expect.arrayContaining([
        expect.objectContaining({ from: lakeshore, to: harborline, messages: 1 }),
      ]),
    });
  });

  it.each<[string, object, number, RegExp]>([
    ['an unknown bundle', { kind: 'bundle', bundle: 'nope', drop: ['0'.repeat(64)] }, 422, /No HISP/],
    [
      'an anchor that is not in it',
      { kind: 'bundle', bundle: 'great-lakes', drop: ['0'.repeat(64)] },
      422,
      /no anchor/,
    ],
    ['what is no bundle', { kind: 'bundle', bundle: 'great-lakes', file: 'AAAA' }, 422, /would be refused/],
    ['a foreign domain', { kind: 'policy', profile: '1.2', domain: 'x.example' }, 422, /not a domain/],
    ['no change', { kind: 'policy' }, 422, /Say which/],
    ['no certificate', { kind: 'anchor', what: 'add', file: 'AAAA' }, 422, /not a certificate/],
    ['another kind', { kind: 'weather' }, 400, /kind/],
  ])('refuses %s', async (_, change, status, why) => {
    const answer = await api('/trust/diff', change);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(why);
  });

  it('wants one change', async () => {
    expect(await run('trust', 'diff')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('say one change'),
    });
  });
});

describe('anchorage expiry', () => {
  it('lists what ends, with lists and accreditation records, soonest first', async () => {
    const done = await run('expiry', '--format', 'json');
    const { things } = JSON.parse(done.stdout) as { things: { kind: string; ends: string }[] };
    expect(done.code).toBe(0);
    expect(things.map(({ ends }) => ends)).toEqual(things.map(({ ends }) => ends).toSorted());
    expect(new Set(things.map(({ kind }) => kind))).toEqual(
      new Set(['tls', 'crl', 'leaf', 'ca', 'anchor', 'accreditation']),
    );
  });

  it('is a calendar, the same as the page gives', async () => {
    const uids = (text: string) => text.split('\r\n').filter((line) => line.startsWith('UID:'));
    const done = await run('expiry', '--format', 'ics');
    const answer = await fetch(new URL('/calendar.ics', up.url));
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(uids(done.stdout)).toEqual(uids(await answer.text()));
    expect(uids(done.stdout).length).toBeGreaterThan(50);
  });

  it('shows only what is near, when asked to', async () => {
    const done = await run('expiry', '--within', '30');
    expect(done.stdout).toContain('Revocation list of');
    expect(done.stdout).not.toContain('Trust anchor');
  });
});

describe('the anchors that the HISPs hold', () => {
  it('are the same after their way over the API', async () => {
    const held = heldBy(up.running);
    expect(heldJson(readHeld(JSON.parse(JSON.stringify(heldJson(held)))))).toEqual(heldJson(held));
    expect(held.entries.length).toBeGreaterThan(50);
  });

  it('judge for check and explain in another process', async () => {
    const checked = await run('check', prairie, '--from', lakeshore, '--format', 'json');
    const { decision } = JSON.parse(checked.stdout);
    expect([checked.code, checked.stderr]).toEqual([1, '']);
    expect(decision.anchors.sources).toEqual([
      'Lakeshore Direct itself',
      'the Great Lakes Direct Exchange bundle',
    ]);
    const explained = await run('explain', lakeshore, prairie, '--format', 'json');
    expect(explained.stderr).toBe('');
    expect(explanationSchema.parse(JSON.parse(explained.stdout)).first?.cure.text).toContain(
      'takes the Prairie Trust',
    );
  });
});

describe('with nothing running', () => {
  it('check and explain judge by the definitions, and say so in one line', async () => {
    const other = join(folder, 'other.yaml');
    writeFileSync(other, `state: ${join(folder, 'other')}\n`);
    const nobody = ['--resolver', '127.0.0.1:9', '--config', other];
    const checked = await runInProcess(['check', prairie, '--from', lakeshore, ...nobody]);
    expect(checked.stderr).toMatch(
      /^nothing runs on the state folder: the anchors are what the definitions.*\n$/,
    );
    const ended = await runInProcess(['expiry', '--config', other, '--format', 'json']);
    expect(ended.stderr).toContain('nothing runs');
    expect(JSON.parse(ended.stdout).things.length).toBeGreaterThan(50);
  });
});

describe('bundles', () => {
  it('are told with their subscribers, and how long trust took', async () => {
    const { body } = await api('/bundles');
    const bundles = (body as { bundles: { name: string; subscribers: object[] }[] }).bundles;
    expect(bundles.map(({ name }) => name)).toEqual([
      'great-lakes',
      'prairie-trust',
      'accredited',
      'interoperability-test',
      'provisional',
    ]);
    expect(bundles[0]?.subscribers).toHaveLength(3);
    expect(bundles[0]?.subscribers[0]).toMatchObject({
      state: 'up to date',
      timeToTrust: expect.stringMatching(/second| s /),
    });
    expect((await api('/bundles/publish', {})).body).toEqual({ schema: 1, changed: [] });
    expect((await api('/bundles/great-lakes/refresh', {})).status).toBe(200);
    expect((await api('/bundles/accredited/refresh', {})).status).toBe(404);
    expect((await api('/bundles/nope')).status).toBe(404);
  });

  it('time to trust and to distrust are those of the last change of their kind', () => {
    const change = { subscription: 's', sha256: '', by: 'refresh' };
    const changes = [
      { ...change, installed_at: 900, published_at: 400, added: 0, removed: 1 },
      { ...change, installed_at: 300, published_at: 100, added: 2, removed: 0 },
      { ...change, installed_at: 200, published_at: null, added: 1, removed: 1 },
    ];
    expect(trustTimes(changes, 's')).toEqual({
      trust: { at: 300, took: 200 },
      distrust: { at: 900, took: 500 },
    });
    expect(trustTimes(changes, 'other')).toEqual({});
    expect(trustTimes(changes.slice(2), 's').trust).toEqual({ at: 200 });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localOperator } from '../../src/hisp/tenancy/actor.ts';
import { audit } from '../../src/hisp/tenancy/books.ts';
import { API_ROUTES } from '../../web/api/app.ts';
import type { ApiRoute } from '../../web/api/route.ts';
import { openWorld, TOKEN, type World } from './members.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const OPERATOR = 'operator@one.example';
const CLINIC = 'admin@clinic.one.example';
const LAB = 'admin@lab.one.example';
const ANN = 'ann@clinic.one.example';
const STRANGER = 'operator@two.example';

const SHA = 'a'.repeat(64);

/** What belongs to the clinic of the first HISP: the parts of paths, and bodies that fit. */
const FILLED: Readonly<Record<string, { path?: Record<string, string>; body?: unknown }>> = {
  'post /messages': { body: { from: ANN, to: ['far@away.example'], text: 'x' } },
  'get /messages/{id}': { path: { id: 'out-clinic' } },
  'get /inbox/{id}': { path: { id: '1' } },
  'get /inbox/{id}/raw': { path: { id: '1' } },
  'put /account/password': { body: { current: 'x', password: 'a sentence that is long' } },
  'post /account/app-passwords': { body: { label: 'phone', edges: ['rest'] } },
  'delete /account/app-passwords/{id}': { path: { id: 'none' } },
  'post /organizations': { body: { id: 'other', name: 'Other' } },
  'get /organizations/{id}': { path: { id: 'clinic' } },
  'patch /organizations/{id}': { path: { id: 'clinic' }, body: { name: 'Taken' } },
  'post /domains': { body: { name: 'new.one.example', organization: 'clinic' } },
  'get /domains/{name}': { path: { name: 'clinic.one.example' } },
  'patch /domains/{name}': { path: { name: 'clinic.one.example' }, body: { status: 'DISABLED' } },
  'post /direct-addresses': { body: { address: 'new@clinic.one.example' } },
  'get /direct-addresses/{address}': { path: { address: ANN } },
  'patch /direct-addresses/{address}': { path: { address: ANN }, body: { status: 'disabled' } },
  'post /accounts': { body: { name: 'new', role: 'user', organization: 'clinic' } },
  'get /accounts/{id}': { path: { id: `id-${ANN}` } },
  'patch /accounts/{id}': { path: { id: `id-${ANN}` }, body: { status: 'disabled' } },
  'put /accounts/{id}/password': { path: { id: `id-${ANN}` }, body: {} },
  'get /accounts/{id}/app-passwords': { path: { id: `id-${ANN}` } },
  'delete /accounts/{id}/app-passwords/{which}': { path: { id: `id-${ANN}`, which: 'none' } },
  'post /keys': { body: { owner: ANN, certificate: 'none' } },
  'post /keys/issue': { body: { owner: ANN } },
  'patch /keys/{owner}/{sha256}': { path: { owner: ANN, sha256: SHA }, body: { state: 'revoked' } },
  'post /anchors': { body: { domain: 'clinic.one.example', certificate: 'none' } },
  'delete /anchors/{domain}/{sha256}': { path: { domain: 'clinic.one.example', sha256: SHA } },
  'post /subscriptions': {
    body: { id: 'x', url: 'https://x.example/b.p7b', domains: [{ domain: 'clinic.one.example' }] },
  },
  'delete /subscriptions/{id}': { path: { id: 'none' } },
  'put /settings/{key}': { path: { key: 'session.hours' }, body: { value: 3 } },
  'post /quarantine/reprocess': { body: { message: 'refused-clinic', address: ANN } },
};

const keyOf = ({ method, path }: ApiRoute) => `${method} ${path}`;
const cases = API_ROUTES.map((route) => [keyOf(route), route] as const);
const own = (route: ApiRoute): boolean => route.tag === 'mail' || route.tag === 'account';

async function ask(route: ApiRoute, headers: Record<string, string>, query = '') {
  const { path = {}, body } = FILLED[keyOf(route)] ?? {};
  const filled = route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? name),
  );
  const answer = await world.app.request(`/api/v1${filled}${query}`, {
    method: route.method.toUpperCase(),
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, type: answer.headers.get('content-type') ?? '' };
}

describe.each(cases)('%s', (_name, route) => {
  it('wants to know who asks', async () => {
    const answer = await ask(route, {});
    expect([answer.status, answer.type]).toEqual([401, 'application/problem+json']);
    const wrong = { authorization: `Basic ${Buffer.from(`${OPERATOR}:wrong`).toString('base64')}` };
    expect((await ask(route, wrong)).status).toBe(401);
    expect((await ask(route, { authorization: `Bearer ${'a'.repeat(30)}` })).status).toBe(401);
  });

  it('serves those whom it is for, in the form that it describes', async () => {
    const who = own(route) ? ANN : OPERATOR;
    const answer = await ask(route, world.as(who));
    expect(answer.status).not.toBe(401);
    expect(answer.status).not.toBe(403);
    expect(answer.status).toBeLessThan(500);
    if (answer.status < 300) {
      expect(answer.status).toBe(route.answer.status);
      if (route.answer.schema) route.answer.schema.parse(JSON.parse(answer.text));
    } else expect(answer.type).toBe('application/problem+json');
  });

  it('is closed to those whom it is not for', async () => {
    if (route.for.includes('user')) return;
    expect((await ask(route, world.as(ANN))).status).toBe(403);
    if (!route.for.includes('organization-administrator')) {
      expect((await ask(route, world.as(CLINIC))).status).toBe(403);
    }
    expect(world.changes.count).toBe(0);
  });

  it.each([LAB, STRANGER, 'ann@lab.one.example', 'ann@clinic.two.example'])(
    'neither shows nor changes anything of the clinic for %s',
    async (who) => {
      const answer = await ask(route, world.as(who));
      expect(answer.status).toBeLessThan(500);
      const body = answer.status < 300 ? answer.text : '';
      const isOwnWork = route.path.startsWith('/account') || keyOf(route) === 'post /organizations';
      if (!isOwnWork && who !== STRANGER) expect(body).not.toContain('clinic.one');
      expect(body).not.toContain(ANN);
      expect(world.done).toEqual([]);
      const after = await audit(world.tenancies[0].world, localOperator, { limit: 100 });
      const touched = after.filter(
        (entry) => entry.organization === 'clinic' || entry.subject.includes('clinic'),
      );
      expect(touched).toEqual([]);
    },
  );
});

describe('the mail of a user', () => {
  it('is read and sent by its owner', async () => {
    const inbox = await world.app.request('/api/v1/inbox', { headers: world.as(ANN) });
    expect(await inbox.json()).toMatchObject([{ mailbox: ANN, seen: false }]);
    const read = await world.app.request('/api/v1/inbox/1', { headers: world.as(ANN) });
    expect(await read.json()).toMatchObject({ text: expect.stringContaining('Secret'), seen: true });
    const status = await world.app.request('/api/v1/messages/out-clinic', { headers: world.as(ANN) });
    expect(await status.json()).toMatchObject({
      recipients: [
        { address: 'far@away.example', state: 'open', timeline: [{ event: 'message.submitted' }] },
      ],
    });
  });

  it('is not sent as somebody else', async () => {
    const answer = await world.app.request('/api/v1/messages', {
      method: 'POST',
      headers: { ...world.as(ANN), 'content-type': 'application/json' },
      body: JSON.stringify({ from: 'ann@lab.one.example', to: ['far@away.example'] }),
    });
    expect(answer.status).toBe(403);
    expect(world.done).toEqual([]);
  });

  it('opens with an application password, until that is taken back', async () => {
    const json = { ...world.as(ANN), 'content-type': 'application/json' };
    const body = JSON.stringify({ label: 'robot', edges: ['rest'] });
    const made = await world.app.request('/api/v1/account/app-passwords', {
      method: 'POST',
      headers: json,
      body,
    });
    const { password, appPassword } = (await made.json()) as {
      password: string;
      appPassword: { id: string };
    };
    const bearer = { authorization: `Bearer ${password}` };
    expect((await world.app.request('/api/v1/inbox', { headers: bearer })).status).toBe(200);
    const basic = Buffer.from(`${ANN}:${password}`).toString('base64');
    for (const authorization of [bearer.authorization, `Basic ${basic}`]) {
      const more = await world.app.request('/api/v1/account/app-passwords', {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ label: 'wider', edges: ['imap'] }),
      });
      expect(more.status).toBe(403);
    }
    const path = `/api/v1/account/app-passwords/${appPassword.id}`;
    expect((await world.app.request(path, { method: 'DELETE', headers: bearer })).status).toBe(204);
    expect((await world.app.request('/api/v1/inbox', { headers: bearer })).status).toBe(401);
  });
});

describe('requests', () => {
  it.each([
    ['no JSON', 'text/plain', 'x', /Content-Type/],
    ['broken JSON', 'application/json', '{', /expected/],
    ['an unknown field', 'application/json', '{"address":"a@clinic.one.example","x":1}', /x/],
    ['no address', 'application/json', '{"address":"nonsense"}', /address: expected a Direct address/],
  ])('with %s are refused in words', async (_what, type, body, words) => {
    const headers = { ...world.as(CLINIC), 'content-type': type };
    const answer = await world.app.request('/api/v1/direct-addresses', { method: 'POST', headers, body });
    const said = (await answer.json()) as { detail: string; code: string };
    expect([answer.status, said.code]).toEqual([400, 'invalid']);
    expect(said.detail).toMatch(words);
  });

  it('of a program on the machine name the HISP', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const which = async (query: string) => {
      const answer = await world.app.request(`/api/v1/organizations${query}`, { headers });
      return [answer.status, (await answer.text()).includes('lab')];
    };
    expect(await which('')).toEqual([400, false]);
    expect(await which('?hisp=three')).toEqual([400, false]);
    expect(await which('?hisp=one')).toEqual([200, true]);
    expect(await which('?hisp=two')).toEqual([200, false]);
  });
});

describe('the name of an account', () => {
  const add = async (who: string, name: string, addresses: readonly string[] = []) => {
    const answer = await world.app.request('/api/v1/accounts', {
      method: 'POST',
      headers: { ...world.as(who), 'content-type': 'application/json' },
      body: JSON.stringify({ name, role: 'user', addresses }),
    });
    return answer.status;
  };

  it.each([
    ['a plain name', CLINIC, 'front-desk', 201],
    ['an address of another organization', CLINIC, 'ann@lab.one.example', 422],
    ['a name in the domain of another organization', CLINIC, 'nobody@lab.one.example', 422],
    ['an address of one’s own that the account does not have', LAB, 'ann@lab.one.example', 422],
  ])('%s', async (_, who, name, status) => {
    expect(await add(who, name)).toBe(status);
  });
});

describe('the description', () => {
  it('names every route that is served, and no other', async () => {
    const answer = await world.app.request('/api/openapi.json');
    const document = (await answer.json()) as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} /api${path}`),
    );
    const served = world.app.routes
      .filter(({ path, method }) => path.startsWith('/api/v1/') && method !== 'ALL')
      .map(({ path, method }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect([...described].sort()).toEqual([...new Set(served)].sort());
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((one) => (one as { operationId: string }).operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localOperator } from '../../src/hisp/tenancy/actor.ts';
import { audit } from '../../src/hisp/tenancy/books.ts';
import { SECTIONS } from '../../web/desk/sections/index.ts';
import { openWorld, passwordOf, type World } from './members.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const ANN = 'ann@clinic.one.example';
const ORIGIN = { origin: 'http://localhost' };

interface Browser {
  get(path: string): Promise<Response>;
  post(path: string, fields: Record<string, string>): Promise<Response>;
  readonly cookies: Map<string, string>;
}

function browser(): Browser {
  const cookies = new Map<string, string>();
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const keep = (answer: Response): Response => {
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '') cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    return answer;
  };
  const get = async (path: string) => keep(await world.app.request(path, { headers: { cookie: cookie() } }));
  return {
    cookies,
    get,
    async post(path, fields) {
      const page = await (await get('/about')).text();
      const token = /x-anchorage-token&quot;:&quot;([\w-]+)/.exec(page)?.[1] ?? '';
      return keep(
        await world.app.request(path, {
          method: 'POST',
          headers: { ...ORIGIN, cookie: cookie(), 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ _token: token, ...fields }).toString(),
        }),
      );
    },
  };
}

async function signedIn(name: string): Promise<Browser> {
  const one = browser();
  const answer = await one.post('/sign-in', { name, password: passwordOf(name) });
  expect([name, answer.status]).toEqual([name, 303]);
  return one;
}

describe('the open mailboxes of a demo network', () => {
  it.each([`/mailbox/${ANN}`, `/mailbox/${ANN}/1`])(
    '%s is closed where people have passwords',
    async (path) => {
      const answer = await browser().get(path);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?to=/webmail']);
      const own = await (await signedIn(ANN)).get(path);
      expect([own.status, own.headers.get('location')]).toEqual([303, '/webmail']);
    },
  );

  it('takes no mail for anybody either', async () => {
    const answer = await browser().post(`/mailbox/${ANN}/send`, { to: ANN, subject: 's', text: 't' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?to=/webmail']);
  });
});

describe('signing in', () => {
  it('sets a cookie that scripts and other sites do not get, and signing out ends it', async () => {
    const one = browser();
    const answer = await one.post('/sign-in', { name: ANN, password: passwordOf(ANN), to: '/account' });
    expect(answer.headers.get('location')).toBe('/account');
    const [line] = answer.headers.getSetCookie();
    expect(line).toMatch(/^anchorage_session=one\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const kept = one.cookies.get('anchorage_session')!;
    expect(await (await one.get('/webmail')).text()).toContain(`For ${ANN} alone`);
    await one.post('/sign-out', {});
    expect(one.cookies.has('anchorage_session')).toBe(false);
    one.cookies.set('anchorage_session', kept);
    expect((await one.get('/webmail')).headers.get('location')).toContain('/sign-in');
  });

  it.each(['https://evil.example/', '//evil.example', '/runs', '/webmail/../x', 'javascript:x'])(
    'leads to no other place: %s',
    async (to) => {
      const answer = await browser().post('/sign-in', { name: ANN, password: passwordOf(ANN), to });
      expect(answer.headers.get('location')).toBe('/webmail');
    },
  );

  it('refuses a wrong password and an unknown name by the same words, and locks in the end', async () => {
    const one = browser();
    const said = async (name: string) => {
      const answer = await one.post('/sign-in', { name, password: 'wrong' });
      return /role="alert">([^<]+)/.exec(await answer.text())?.[1];
    };
    expect(await said(ANN)).toBe(await said('nobody@clinic.one.example'));
    for (let i = 0; i < 9; i++) await said(ANN);
    expect(await said(ANN)).toContain('Too many');
  });

  it('wants the token of our page', async () => {
    const answer = await world.app.request('/sign-in', {
      method: 'POST',
      headers: { ...ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ name: ANN, password: passwordOf(ANN) }).toString(),
    });
    expect(answer.status).toBe(403);
  });

  it('is not needed for the pages of the demo', async () => {
    for (const path of ['/', '/addresses', '/scenarios', '/about']) {
      const answer = await browser().get(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(await answer.text()).toContain('href="/sign-in"');
    }
  });
});

const PLACES = [
  '/webmail',
  '/webmail/sent',
  '/webmail/new',
  '/webmail/read/1',
  '/webmail/sent/out-clinic',
  '/account',
  '/admin',
];

describe('without a session', () => {
  it.each([...PLACES, ...SECTIONS.map(({ id }) => `/admin/${id}`)])(
    '%s leads to the sign-in',
    async (path) => {
      const answer = await browser().get(path);
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        expect.stringMatching(/^\/sign-in/),
      ]);
      expect(
        (await browser().post(path.startsWith('/admin/') ? path : '/admin/settings', { do: 'add' })).status,
      ).toBe(303);
    },
  );
});

describe('a page shows the tenant and the organization of its reader alone', () => {
  const strangers = [
    'admin@lab.one.example',
    'ann@lab.one.example',
    'operator@two.example',
    'ann@clinic.two.example',
  ];

  it('to its own: the control', async () => {
    const own = await signedIn('admin@clinic.one.example');
    expect(await (await own.get('/admin/addresses')).text()).toContain(ANN);
    expect(await (await own.get('/admin/quarantine')).text()).toContain(ANN);
    const ann = await signedIn(ANN);
    expect(await (await ann.get('/webmail/read/1')).text()).toContain(`Secret of ${ANN}`);
    expect((await ann.get('/webmail/read/1/raw')).status).toBe(200);
    expect((await ann.get('/webmail/sent/out-clinic')).status).toBe(200);
  });

  it.each(strangers)('not to %s', async (who) => {
    const one = await signedIn(who);
    for (const path of [
      ...PLACES,
      '/webmail/read/1/raw',
      '/webmail/read/1/attachments/0',
      '/webmail/new?re=1',
    ]) {
      const text = await (await one.get(path)).text();
      expect([path, text.includes(ANN), text.includes(`Secret of ${ANN}`)]).toEqual([path, false, false]);
    }
    for (const { id } of SECTIONS) {
      const listed = await (await one.get(`/admin/${id}`)).text();
      expect([id, listed.includes('clinic.one')]).toEqual([id, false]);
      const asked = await one.get(`/admin/${id}?domain=clinic.one.example&organization=clinic`);
      expect([id, (await asked.text()).includes(ANN)]).toEqual([id, false]);
    }
  });

  const CHANGES: readonly (readonly [string, Record<string, string>])[] = [
    ['organizations', { do: 'change', id: 'clinic', status: 'disabled' }],
    ['domains', { do: 'change', name: 'clinic.one.example', status: 'DISABLED', profile: '1.3' }],
    ['addresses', { do: 'add', local: 'new', domain: 'clinic.one.example' }],
    ['addresses', { do: 'change', address: ANN, status: 'disabled' }],
    ['accounts', { do: 'add', name: 'new', role: 'user', organization: 'clinic' }],
    ['accounts', { do: 'add', name: 'chief', role: 'operator' }],
    ['accounts', { do: 'change', id: `id-${ANN}`, status: 'disabled' }],
    ['accounts', { do: 'password', id: `id-${ANN}` }],
    ['accounts', { do: 'password', id: 'id-operator@one.example' }],
    ['keys', { do: 'add', owner: ANN, certificate: 'x' }],
    ['anchors', { do: 'remove', domain: 'clinic.one.example', sha256: 'x' }],
    ['subscriptions', { do: 'remove', id: 'x' }],
    ['settings', { do: 'change', key: 'session.hours', value: '3' }],
    ['quarantine', { do: 'reprocess', message: 'refused-clinic', address: ANN }],
  ];

  it.each(strangers.slice(0, 2))('and %s changes nothing there', async (who) => {
    const one = await signedIn(who);
    for (const [section, fields] of CHANGES) {
      const answer = await one.post(`/admin/${section}`, fields);
      expect([section, [404, 422].includes(answer.status)]).toEqual([section, true]);
    }
    expect(world.done).toEqual([]);
    expect(await audit(world.tenancies[0].world, localOperator, { limit: 9 })).toEqual([]);
    const control = await signedIn('operator@one.example');
    expect((await control.post('/admin/quarantine', CHANGES.at(-1)![1])).status).toBe(200);
    expect(world.done).toEqual(['one reprocesses refused-clinic']);
  });
});

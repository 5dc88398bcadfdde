import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../web/app.ts';
import type { WatchedView, WatchRoom, WatchView } from '../../web/watch-room.ts';
import { inventedRooms } from './invented.ts';
import { openWorld, passwordOf, type World } from './members.ts';

const line: WatchedView['line'] = {
  domain: 'direct.b.example',
  kind: 'partner',
  tone: 'good',
  state: 'well',
  checks: [],
};
const view: WatchView = { lines: [line], events: [], every: 'every 15 minutes' };

function watching(): { room: WatchRoom; looks: string[] } {
  const looks: string[] = [];
  const room: WatchRoom = {
    all: async () => view,
    domain: async (domain) =>
      domain === line.domain ? { line, seen: [], events: [], history: [], alerts: [] } : undefined,
    look: async (domain) => {
      looks.push(domain);
      return domain === line.domain;
    },
    lookAtAll: async () => void looks.push('all'),
  };
  return { room, looks };
}

const TOKEN = 'secret-of-the-state-folder';
const bearer = { headers: { authorization: `Bearer ${TOKEN}` } };

describe('the watch for programs', () => {
  const { room, looks } = watching();
  const app = createApp(inventedRooms({ watch: room }), { apiToken: TOKEN });

  it('needs the token', async () => {
    expect((await app.request('/api/watch')).status).toBe(401);
    expect((await app.request('/api/watch', { method: 'POST' })).status).toBe(401);
  });

  it('lists, shows one, and looks', async () => {
    const get = async (path: string, method = 'GET') => {
      const answer = await app.request(`/api${path}`, { ...bearer, method });
      return [answer.status, await answer.json()];
    };
    expect(await get('/watch')).toEqual([200, { schema: 1, ...view }]);
    expect(await get('/watch/Direct.B.example')).toMatchObject([200, { schema: 1, line }]);
    expect(await get('/watch/direct.c.example')).toMatchObject([404, {}]);
    expect(await get('/watch', 'POST')).toMatchObject([200, { lines: [line] }]);
    expect(await get('/watch/direct.b.example', 'POST')).toMatchObject([200, { line }]);
    expect(await get('/watch/direct.c.example', 'POST')).toMatchObject([404, {}]);
    expect(looks).toEqual(['all', 'direct.b.example', 'direct.c.example']);
  });
});

describe('the watch for people', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  const { room, looks } = watching();

  /** Somebody who signs in, or nobody; without accounts when `closed` is false. */
  async function reader(name: string | undefined, closed = true) {
    const app = createApp(
      inventedRooms({ watch: room }),
      closed ? { tenancies: world.tenancies, apiToken: TOKEN } : {},
    );
    const cookies = new Map<string, string>();
    const ask = async (path: string, form?: Record<string, string>): Promise<Response> => {
      const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
      const type = 'application/x-www-form-urlencoded';
      const answer = await app.request(path, {
        headers: { cookie, ...(form ? { origin: 'http://localhost', 'content-type': type } : {}) },
        ...(form ? { method: 'POST', body: new URLSearchParams(form).toString() } : {}),
      });
      for (const given of answer.headers.getSetCookie()) {
        const [, key, value] = /^([^=]+)=([^;]*)/.exec(given)!;
        cookies.set(key!, value!);
      }
      return answer;
    };
    const post = async (path: string, fields: Record<string, string> = {}): Promise<Response> => {
      const page = await (await ask('/about')).text();
      const token = /x-anchorage-token&quot;:&quot;([\w-]+)/.exec(page)?.[1] ?? '';
      return ask(path, { _token: token, ...fields });
    };
    if (name !== undefined) await post('/sign-in', { name, password: passwordOf(name) });
    looks.length = 0;
    return { page: async (path: string) => (await ask(path)).text(), post };
  }

  it.each<[string, string | undefined, boolean, number, boolean]>([
    ['nobody is sent to sign in', undefined, true, 303, false],
    ['a user is told that it is not for him', 'ann@clinic.one.example', true, 403, false],
    ['an operator looks', 'operator@one.example', true, 303, true],
    ['in a network without accounts everybody looks', undefined, false, 303, true],
  ])('%s', async (_, name, closed, status, may) => {
    const { page, post } = await reader(name, closed);
    expect((await page('/watch')).includes('Look at all now')).toBe(may);
    expect((await page('/watch/direct.b.example')).includes('Look now')).toBe(may);
    const answers = [await post('/watch'), await post('/watch/direct.b.example')];
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
    expect(answers[0]!.headers.get('location')).toBe(
      status === 403 ? null : may ? '/watch' : '/sign-in?to=/watch',
    );
    expect(looks).toEqual(may ? ['all', 'direct.b.example'] : []);
  });
});

import { describe, expect, it } from 'vitest';
import { createApp } from '../../web/app.ts';
import { change, end, inventedRooms, progress } from './invented.ts';

const app = createApp(inventedRooms(), { apiToken: 'secret-of-the-state-folder' });
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
const maria = encodeURIComponent('maria.alvarez@direct.lakeside-clinic.example');

/** A browser that has loaded a page: its cookie and the token in the page. */
async function visit(path = '/scenarios') {
  const answer = await get(path);
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
  const token = /name="_token" value="([^"]+)"/.exec(await answer.text())![1]!;
  return { cookie, token };
}

const form = (fields: Record<string, string>) => ({
  method: 'POST',
  body: new URLSearchParams(fields).toString(),
});
const FORM = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' };

describe('pages', () => {
  it.each([
    ['/', 'Who trusts whom'],
    ['/', 'Why does'],
    ['/', 'Run d1–d18'],
    ['/addresses', 'Lakeside Family Clinic'],
    ['/addresses?q=nobody', 'Nothing in this network matches'],
    ['/address?a=results%40direct.meadowlark-dx.example', 'trust.no-path'],
    [`/mailbox/${maria}`, 'Sign, encrypt and send'],
    [`/mailbox/${maria}/1`, 'Potassium 4.1'],
    ['/scenarios', 'Accreditation d1-d18'],
    ['/runs/r1', 'Run again'],
    ['/runs/live', 'hx-sse:connect="/runs/live/events"'],
    ['/runs/r1/d1', 'What happened'],
    ['/about', '/readyz'],
  ])('%s shows "%s"', async (path, text) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(text);
  });

  it.each([
    ['/nowhere', 404],
    ['/mailbox/nobody@example', 404],
    ['/runs/r9', 404],
    ['/runs/r1/d99', 404],
    ['/address?a=nonsense', 422],
    ['/static/../package.json', 404],
    ['/static/constructor', 404],
  ])('%s is %d', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it('escapes what others wrote', async () => {
    const text = await (await get(`/mailbox/${maria}`)).text();
    expect(text).toContain('&lt;b&gt;Lab results&lt;/b&gt;');
    expect(await (await get('/addresses?q=%22%3E%3Cscript%3E')).text()).not.toContain('<script>');
  });

  it('load nothing from elsewhere and carry no script or style of their own', async () => {
    for (const path of ['/', '/addresses', '/scenarios', '/runs/live', '/runs/r1/d1', `/mailbox/${maria}`]) {
      const answer = await get(path);
      const text = await answer.text();
      expect(text).not.toMatch(/<script(?![^>]*src="\/static\/)|<style|\sstyle="|\son[a-z]+="/);
      expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    }
  });

  it('name files by their content, and let those be kept', async () => {
    const home = await (await get('/')).text();
    const links = [...home.matchAll(/"(\/static\/[^"]+)"/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThanOrEqual(4);
    for (const link of links) {
      const answer = await get(link);
      expect([link, answer.status]).toEqual([link, 200]);
      expect(answer.headers.get('cache-control')).toContain('immutable');
    }
  });
});

describe('health', () => {
  it('lives', async () => expect((await get('/healthz')).status).toBe(200));

  it('is ready only when nothing is missing', async () => {
    const waiting = createApp(inventedRooms({ ready: async () => ['LDAP does not listen'] }));
    const answer = await waiting.request('/readyz');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'not ready', missing: ['LDAP does not listen'] },
    ]);
    expect((await get('/readyz')).status).toBe(200);
  });
});

describe('what changes something', () => {
  it('is done for a form of our own page', async () => {
    const { cookie, token } = await visit();
    const answer = await app.request('/runs', {
      ...form({ _token: token, select: 'd1' }),
      headers: { ...FORM, cookie },
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/runs/r1']);
  });

  it('says why a run did not start', async () => {
    const { cookie, token } = await visit();
    const answer = await app.request('/runs', {
      ...form({ _token: token, select: 'none' }),
      headers: { ...FORM, cookie },
    });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('nothing is selected');
  });

  it('sends mail and says so', async () => {
    const { cookie, token } = await visit(`/mailbox/${maria}`);
    const answer = await app.request(`/mailbox/${maria}/send`, {
      ...form({ _token: token, to: 'a@b.example', subject: 's', text: 't' }),
      headers: { ...FORM, cookie },
    });
    expect(answer.headers.get('location')).toBe(`/mailbox/${maria}?sent=accepted`);
  });

  it.each([
    ['from another site', { origin: 'http://evil.example' }, true, true],
    ['without an origin', { origin: undefined }, true, true],
    ['from an opaque origin', { origin: 'null' }, true, true],
    ['without a token', {}, true, false],
    ['without a cookie', {}, false, true],
  ])('is refused %s', async (_, change, withCookie, withToken) => {
    const { cookie, token } = await visit();
    const headers = Object.entries({ ...FORM, ...(withCookie ? { cookie } : {}), ...change });
    const answer = await app.request('/runs', {
      ...form({ select: 'd1', ...(withToken ? { _token: token } : {}) }),
      headers: headers.filter((pair): pair is [string, string] => pair[1] !== undefined),
    });
    expect(answer.status).toBe(403);
  });

  it('is refused with a token of another browser', async () => {
    const [mine, other] = [await visit(), await visit()];
    const answer = await app.request('/runs', {
      ...form({ select: 'd1', _token: other.token }),
      headers: { ...FORM, cookie: mine.cookie },
    });
    expect(answer.status).toBe(403);
  });

  it('answers only for known host names (DNS rebinding)', async () => {
    expect((await app.request('http://evil.example:8080/', {})).status).toBe(421);
    expect((await app.request('http://127.0.0.1:8080/', {})).status).toBe(200);
  });
});

describe('/api', () => {
  const bearer = { authorization: 'Bearer secret-of-the-state-folder', 'content-type': 'application/json' };
  const post = (body: string, headers: Record<string, string> = bearer) =>
    app.request('/api/send', { method: 'POST', body, headers });

  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer secret-of-the-state-foldeR' }],
    ['a shorter token', { authorization: 'Bearer s' }],
  ])('is closed with %s', async (_, headers) => {
    expect((await post('{}', headers)).status).toBe(401);
  });

  it('is closed when no token was given to the program', async () => {
    const closed = createApp(inventedRooms());
    expect((await closed.request('/api/mailboxes/x', { headers: bearer })).status).toBe(401);
  });

  it.each([
    ['{"from":"a@b.example","to":["c@d.example"]}', 202],
    ['{"from":"a@b.example","to":[]}', 400],
    ['{"from":"a@b.example","to":["c@d.example"],"bcc":[]}', 400],
    ['not json', 400],
    [`{"from":"${'x'.repeat(2_100_000)}"}`, 413],
  ])('send %.40s… is %d', async (body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  it('lists a mailbox', async () => {
    const answer = await get(`/api/mailboxes/${maria}`, bearer);
    expect(await answer.json()).toMatchObject({ received: [{ subject: '<b>Lab results</b>' }] });
  });
});

describe('progress of a run', () => {
  it('is sent as pieces of page, and ends', async () => {
    const answer = await get('/runs/live/events');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const text = answer.text();
    await new Promise((resolve) => setTimeout(resolve, 20));
    progress.emit('change', change(2, 'fail', 2));
    progress.emit('change', change(3, 'pass', 3));
    progress.emit('change', end());
    const stream = await text;
    expect(stream).toContain('hx-target="#row-d2"');
    expect(stream).toContain('2 of 3');
    expect(stream).toMatch(/event: done\ndata: done/);
    expect(progress.listenerCount('change')).toBe(0);
  });
});

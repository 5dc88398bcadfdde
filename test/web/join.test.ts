import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginRequest, submitRequest } from '../../src/hisp/enrollment/applicant.ts';
import { createTenancy, type Tenancy } from '../../src/hisp/tenancy/tenancy.ts';
import { createApp } from '../../web/app.ts';
import { FORM, form, openTestWorld, policy, type TestWorld } from '../hisp/enrollment/world.ts';
import { inventedRooms } from './invented.ts';
import { openWorld, passwordOf, type World } from './members.ts';

let t: TestWorld;
let members: World;
let app: ReturnType<typeof createApp>;
beforeEach(async () => {
  t = await openTestWorld();
  members = await openWorld();
  // the operators of `one` are those of the HISP that is asked; those of `two` are strangers to it
  const [one, two] = members.tenancies;
  const asked: Tenancy = { ...one, enrollment: { ...t.world, scope: one.world.scope } };
  t = { ...t, world: asked.enrollment! };
  app = createApp(inventedRooms(), { tenancies: [asked, two] });
});
afterEach(async () => {
  await members.close();
  await t.close();
});

const ORIGIN = 'http://localhost';

function browser() {
  const cookies = new Map<string, string>();
  const headers = (more: Record<string, string> = {}) => ({
    cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    ...more,
  });
  const keep = (answer: Response): Response => {
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(name!, value!);
    }
    return answer;
  };
  const get = async (path: string) => keep(await app.request(path, { headers: headers() }));
  const token = async (): Promise<string> =>
    /x-anchorage-token&quot;:&quot;([\w-]+)/.exec(await (await get('/about')).text())?.[1] ?? '';
  return {
    get,
    async post(path: string, fields: Record<string, string>) {
      const body = new URLSearchParams({ _token: await token(), ...fields }).toString();
      const type = { 'content-type': 'application/x-www-form-urlencoded', origin: ORIGIN };
      return keep(await app.request(path, { method: 'POST', headers: headers(type), body }));
    },
    async upload(path: string, name: string, content: Uint8Array<ArrayBuffer>) {
      const body = new FormData();
      body.set('_token', await token());
      body.set('file', new File([content], name));
      const sent = new Request(`${ORIGIN}${path}`, { method: 'POST', body });
      const bytes = await sent.arrayBuffer();
      const type = {
        'content-type': sent.headers.get('content-type')!,
        'content-length': String(bytes.byteLength),
        origin: ORIGIN,
      };
      return keep(await app.request(path, { method: 'POST', headers: headers(type), body: bytes }));
    },
  };
}

const signedIn = async (name: string) => {
  const one = browser();
  expect((await one.post('/sign-in', { name, password: passwordOf(name) })).status).toBe(303);
  return one;
};
const fields = (more: Record<string, string> = {}): Record<string, string> => {
  const { administrator, technical: _, privacy: __, ...flat } = FORM;
  return {
    ...flat,
    hisp: 'one',
    administrator_name: administrator.name,
    administrator_email: administrator.email,
    administrator_phone: administrator.phone,
    ...more,
  };
};
const begun = async (): Promise<string> => {
  const answer = await browser().post('/join', fields());
  expect(answer.status).toBe(303);
  return answer.headers.get('location')!;
};

describe('asking to join', () => {
  it('needs no account, and leads to a link that nobody guesses', async () => {
    expect(await begun()).toMatch(/^\/join\/status\/[\w-]{43}$/);
    const shown = await (await browser().get('/join')).text();
    expect(shown).toContain('names below hisp.example');
    // the other HISP has no enrollment
    expect(shown).not.toContain('HISP two');
  });

  it('says what does not fit, and shows what was typed again, inert', async () => {
    const answer = await browser().post('/join', fields({ npi: '12', name: '<script>x' }));
    const text = await answer.text();
    expect(answer.status).toBe(422);
    expect(text).toContain('npi: the check digit or the length is wrong');
    expect(text).toContain('&lt;script&gt;x');
    expect(text).not.toContain('<script>x');
  });

  it('takes no form of another site, and none without a token', async () => {
    const body = new URLSearchParams(fields()).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const origin of [{}, { origin: 'http://evil.example' }, { origin: ORIGIN }]) {
      const answer = await app.request('/join', { method: 'POST', headers: { ...type, ...origin }, body });
      expect(answer.status).toBe(403);
    }
  });

  it('has a limit for each address that asks', async () => {
    const one = browser();
    const states: number[] = [];
    for (let n = 0; n < 22; n++) {
      states.push((await one.post('/join', fields({ domain: `d${n}.hisp.example` }))).status);
    }
    expect([states.filter((status) => status === 303).length, states.at(-1)]).toEqual([20, 429]);
    t.clock.now += 61 * 60_000;
    expect((await one.post('/join', fields({ domain: 'later.hisp.example' }))).status).toBe(303);
  });

  it('a link that opens nothing is a page that says so, and soon too many', async () => {
    const states: number[] = [];
    for (let n = 0; n < 32; n++) {
      states.push((await browser().get(`/join/status/${String(n).padStart(43, 'A')}`)).status);
    }
    expect([states[0], states.at(-1)]).toEqual([404, 429]);
    expect((await browser().get(`/set-password/${'A'.repeat(43)}`)).status).toBe(429);
  });

  it('may bring files, of kinds and sizes that are taken', async () => {
    const link = await begun();
    const one = browser();
    const bring = async (name: string, content: string | Uint8Array<ArrayBuffer>) => {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      return (await one.upload(`${link}/evidence`, name, bytes)).status;
    };
    expect(await bring('a.pdf', '%PDF-1.4')).toBe(200);
    expect(await bring('a.pdf', '<html>')).toBe(422);
    expect(await bring('a.txt', new Uint8Array(5_500_000).fill(97))).toBe(422);
    expect(await bring('a.txt', new Uint8Array(7_000_000).fill(97))).toBe(413);
    // only this path takes more than a form
    const elsewhere = await one.upload(link, 'a.txt', new Uint8Array(2_000_000).fill(97));
    expect(elsewhere.status).toBe(413);
  });

  it('shows the policy, and takes the agreement to it alone', async () => {
    const link = await begun();
    const one = browser();
    expect(await (await one.get(link)).text()).toContain('Participation policy of the demo network');
    const send = (more: Record<string, string>) =>
      one.post(link, { do: 'submit', by: 'Ada', policy: policy.sha256, agree: '1', ...more });
    expect((await one.post(link, { do: 'submit', by: 'Ada', policy: policy.sha256 })).status).toBe(422);
    expect((await send({ policy: 'x' })).status).toBe(422);
    expect((await send({})).status).toBe(200);
    expect(await (await one.get(link)).text()).toContain('waits for review');
    expect((await one.post(link, { do: 'nonsense' })).status).toBe(422);
  });
});

describe('what operators see', () => {
  const sent = async (): Promise<{ id: string; token: string }> => {
    const made = await beginRequest(t.world, form());
    await submitRequest(t.world, made.token, { by: 'Ada', sha256: policy.sha256 });
    return made;
  };

  it('is closed to everybody else', async () => {
    const { id, token } = await sent();
    await browser().upload(`/join/status/${token}/evidence`, 'a.txt', new TextEncoder().encode('letter'));
    const paths = ['/enrollments', `/enrollments/${id}`, `/enrollments/${id}/evidence/1`, '/departures'];
    for (const path of paths) {
      const nobody = await browser().get(path);
      expect([path, nobody.status, nobody.headers.get('location')]).toEqual([
        path,
        303,
        `/sign-in?to=${encodeURIComponent(path)}`,
      ]);
    }
    for (const name of ['ann@clinic.one.example', 'admin@clinic.one.example', 'operator@two.example']) {
      const one = await signedIn(name);
      for (const path of paths) expect([name, path, (await one.get(path)).status]).toEqual([name, path, 404]);
      const body = { do: 'decline', why: 'x' };
      expect((await one.post(`/enrollments/${id}`, body)).status).toBe(404);
      expect((await one.post('/departures', { organization: 'clinic', reason: 'x' })).status).toBe(404);
    }
  });

  it('evidence is saved, never shown', async () => {
    const { id, token } = await sent();
    await browser().upload(`/join/status/${token}/evidence`, 'ä"b.txt', new TextEncoder().encode('letter'));
    const operator = await signedIn('operator@one.example');
    const file = await operator.get(`/enrollments/${id}/evidence/1`);
    expect(await file.text()).toBe('letter');
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(file.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%A4_b.txt");
    expect((await operator.get(`/enrollments/${id}/evidence/9`)).status).toBe(404);
  });

  it('a request without its checks is not accepted; a decline is told to the applicant', async () => {
    const { id, token } = await sent();
    const operator = await signedIn('operator@one.example');
    const body = { do: 'accept', level: 'loa-2', certificates: 'domain-dns', why: 'Seen.' };
    const early = await operator.post(`/enrollments/${id}`, body);
    expect(early.status).toBe(422);
    expect(await early.text()).toContain('Not checked yet for loa-2');
    await operator.post(`/enrollments/${id}`, { do: 'decline', why: 'The NPI is of somebody else.' });
    const told = await (await browser().get(`/join/status/${token}`)).text();
    expect(told).toContain('The NPI is of somebody else.');
    expect(told).not.toContain('operator@one.example');
  });

  it('only what is open may be taken from: a HISP whose enrollment is closed is not offered', async () => {
    const scope = t.world.scope;
    await scope.db
      .insertInto('setting')
      .values({ tenant: scope.tenant, key: 'enrollment.open', value: 'false' })
      .execute();
    expect(await (await browser().get('/join')).text()).toContain('No HISP of this network takes requests');
    expect((await browser().post('/join', fields())).status).toBe(422);
  });
});

it('a tenancy without enrollment has none of these pages', async () => {
  const [, two] = members.tenancies;
  const { host, scope, seal, changed } = two.world;
  const plain = createTenancy(host as never, { title: 'Plain', scope, seal, hisp: two.hisp, changed });
  const other = createApp(inventedRooms(), { tenancies: [plain] });
  expect((await other.request('/join')).status).toBe(404);
});

import { Hono } from 'hono';
import { bundlePage } from '../pages/bundle.ts';
import { bundlesPage } from '../pages/bundles.ts';
import { errorPage } from '../pages/error.ts';
import { expiryPage } from '../pages/expiry.ts';
import { type Asked, trustDiffPage } from '../pages/trust-diff.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { changeSchema, type TrustRoom } from '../trust-room.ts';
import { show } from './room.ts';

/** Bundles, what ends, and what a change would do. Absent where nothing of that is known. */
export const trustRoutes = (rooms: Rooms, tokens: Tokens): Hono => {
  const app = new Hono();
  const { trust } = rooms;
  if (!trust) return app;
  const here = 'trust' as const;
  app.get('/bundles', async (c) => {
    const bundles = await trust.bundles();
    const said = c.req.query('said')?.slice(0, 2000);
    return show(c, tokens, {
      title: 'Trust bundles',
      here,
      body: (token) => bundlesPage(bundles, token, said),
    });
  });
  app.post('/bundles/publish', async (c) => {
    const done = await trust.republish();
    const said = 'refused' in done ? done.refused : publishedText(done);
    return c.redirect(`/bundles?said=${encodeURIComponent(said)}`, 303);
  });
  app.get('/bundles/:name', async (c) => {
    const [from, to] = [c.req.query('from'), c.req.query('to')].map((text) => Math.trunc(Number(text)));
    const compare = from && to ? { from, to } : undefined;
    const view = await trust.bundle(c.req.param('name'), compare);
    if (!view) {
      const body = () => errorPage('There is no such bundle', 'The bundles of this network are at /bundles.');
      return show(c, tokens, { title: 'Not found', here, body, status: 404 });
    }
    return show(c, tokens, { title: view.title, here, body: (token) => bundlePage(view, token) });
  });
  app.post('/bundles/:name/refresh', async (c) => {
    const name = c.req.param('name');
    await trust.refresh(name);
    return c.redirect(`/bundles/${encodeURIComponent(name)}`, 303);
  });
  app.get('/expiry', async (c) => {
    const view = await trust.expiry();
    return show(c, tokens, { title: 'What ends', here, body: () => expiryPage(view) });
  });
  app.get('/calendar.ics', (c) => {
    c.header('Content-Type', 'text/calendar; charset=utf-8');
    c.header('Cache-Control', 'no-store');
    return c.body(trust.calendar());
  });
  app.get('/trust/diff', async (c) => diffPage(c, tokens, trust, known(c.req.query())));
  app.post('/trust/diff', async (c) => diffPage(c, tokens, trust, known(await c.req.parseBody())));
  return app;
};

const publishedText = (names: readonly string[]): string =>
  names.length === 0 ? 'No bundle changed.' : `Published anew: ${names.join(', ')}.`;

const FIELDS = [
  'kind',
  'bundle',
  'drop',
  'file',
  'url',
  'what',
  'sha256',
  'domain',
  'direction',
  'revocation',
  'profile',
];

/** The fields of the form that say something. */
const known = (form: Readonly<Record<string, unknown>>): Asked =>
  Object.fromEntries(
    FIELDS.flatMap((name) => {
      const value = form[name];
      return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [];
    }),
  );

async function diffPage(c: Parameters<typeof show>[0], tokens: Tokens, trust: TrustRoom, asked: Asked) {
  const form = trust.forecastForm();
  const frame = { title: 'What a change would do', here: 'trust' as const };
  const request = requestOf(asked);
  if (request === undefined)
    return show(c, tokens, { ...frame, body: (token) => trustDiffPage(form, asked, token) });
  const change = changeSchema.safeParse(request);
  const answer = change.success
    ? await trust.forecast(change.data)
    : { refused: 'The form was not filled in so that it says a change.' };
  const bad = 'refused' in answer ? { status: 422 as const } : {};
  return show(c, tokens, { ...frame, ...bad, body: (token) => trustDiffPage(form, asked, token, answer) });
}

/** Undefined: nothing was asked yet. A certificate that was given counts before one that was chosen. */
function requestOf({ kind, bundle, drop, file, url, sha256, ...rest }: Asked): object | undefined {
  if (kind === 'bundle') {
    const [name, anchor] = drop?.split(':') ?? [];
    if (name && anchor) return { kind, bundle: name, drop: [anchor] };
    if (!bundle || !(file || url)) return undefined;
    return { kind, bundle, ...(file ? { file } : { url }) };
  }
  if (kind === 'anchor') {
    const { what, domain, direction } = rest;
    return { kind, what, domain, direction, ...(file ? { file } : { sha256 }) };
  }
  if (kind !== 'policy') return undefined;
  const { domain, revocation, profile } = rest;
  return { kind, domain, revocation, profile };
}

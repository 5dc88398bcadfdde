import { type Context, Hono } from 'hono';
import { visitorOf } from '../desk/visitor.ts';
import { errorPage } from '../pages/error.ts';
import { watchPage } from '../pages/watch.ts';
import { watchedPage } from '../pages/watched.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

/** Looking now is work for this machine and for others': where there are accounts, it is for operators. */
const mayLook = (c: Context): boolean => {
  const visitor = visitorOf(c);
  return !visitor || visitor.session?.actor.role === 'operator';
};

/** Domains that are watched. Absent where nothing is. */
export const watchRoutes = (rooms: Rooms, tokens: Tokens): Hono => {
  const app = new Hono();
  const { watch } = rooms;
  if (!watch) return app;
  const here = 'trust' as const;
  const looking =
    (work: (c: Context) => Promise<Response>) =>
    (c: Context): Promise<Response> | Response => {
      if (mayLook(c)) return work(c);
      if (!visitorOf(c)?.session) return c.redirect('/sign-in?to=/watch', 303);
      const body = () =>
        errorPage('This is for operators', 'Looking now asks the servers of others; it happens on schedule.');
      return show(c, tokens, { title: 'Not for you', here, body, status: 403 });
    };
  app.get('/watch', async (c) => {
    const view = await watch.all();
    const may = mayLook(c);
    return show(c, tokens, {
      title: 'Watch',
      here,
      body: (token) => watchPage(view, may ? token : undefined),
    });
  });
  app.post(
    '/watch',
    looking(async (c) => {
      await watch.lookAtAll();
      return c.redirect('/watch', 303);
    }),
  );
  app.get('/watch/:domain', async (c) => {
    const view = await watch.domain(c.req.param('domain').toLowerCase());
    const may = mayLook(c);
    if (view)
      return show(c, tokens, {
        title: view.line.domain,
        here,
        body: (token) => watchedPage(view, may ? token : undefined),
      });
    const body = () => errorPage('This domain is not watched', 'The domains that are watched are at /watch.');
    return show(c, tokens, { title: 'Not found', here, body, status: 404 });
  });
  app.post(
    '/watch/:domain',
    looking(async (c) => {
      const domain = (c.req.param('domain') ?? '').toLowerCase();
      await watch.look(domain);
      return c.redirect(`/watch/${encodeURIComponent(domain)}`, 303);
    }),
  );
  return app;
};

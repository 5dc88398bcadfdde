import { Hono } from 'hono';
import { errorPage } from '../pages/error.ts';
import { watchPage } from '../pages/watch.ts';
import { watchedPage } from '../pages/watched.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

/** Domains that are watched. Absent where nothing is. */
export const watchRoutes = (rooms: Rooms, tokens: Tokens): Hono => {
  const app = new Hono();
  const { watch } = rooms;
  if (!watch) return app;
  const here = 'trust' as const;
  app.get('/watch', async (c) => {
    const view = await watch.all();
    return show(c, tokens, { title: 'Watch', here, body: (token) => watchPage(view, token) });
  });
  app.post('/watch', async (c) => {
    await watch.lookAtAll();
    return c.redirect('/watch', 303);
  });
  app.get('/watch/:domain', async (c) => {
    const view = await watch.domain(c.req.param('domain').toLowerCase());
    if (view)
      return show(c, tokens, { title: view.line.domain, here, body: (token) => watchedPage(view, token) });
    const body = () => errorPage('This domain is not watched', 'The domains that are watched are at /watch.');
    return show(c, tokens, { title: 'Not found', here, body, status: 404 });
  });
  app.post('/watch/:domain', async (c) => {
    const domain = c.req.param('domain').toLowerCase();
    await watch.look(domain);
    return c.redirect(`/watch/${encodeURIComponent(domain)}`, 303);
  });
  return app;
};

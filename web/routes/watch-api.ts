import type { Context, Hono } from 'hono';
import { problem } from '../api/problem.ts';
import type { WatchRoom } from '../watch-room.ts';

/** Domains that are watched, for programs. */
export function watchApi(app: Hono, watch: WatchRoom): void {
  const absent = (c: Context) =>
    problem(c, 'not-found', 'This domain is not watched; GET /api/watch lists those that are.');
  const domainOf = (c: Context): string => (c.req.param('domain') ?? '').toLowerCase();
  app.get('/watch', async (c) => c.json({ schema: 1, ...(await watch.all()) }));
  app.post('/watch', async (c) => {
    await watch.lookAtAll();
    return c.json({ schema: 1, ...(await watch.all()) });
  });
  app.get('/watch/:domain', async (c) => {
    const view = await watch.domain(domainOf(c));
    return view ? c.json({ schema: 1, ...view }) : absent(c);
  });
  app.post('/watch/:domain', async (c) => {
    const domain = domainOf(c);
    if (!(await watch.look(domain))) return absent(c);
    return c.json({ schema: 1, ...(await watch.domain(domain)) });
  });
}

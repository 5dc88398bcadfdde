import type { Hono } from 'hono';
import { z } from 'zod';
import { changeSchema, type TrustRoom } from '../trust-room.ts';

const problem = (code: string, detail: string) => ({ error: { code, detail } });

/** Bundles, the calendar and changes of trust, for programs. */
export function trustApi(app: Hono, trust: TrustRoom): void {
  app.get('/bundles', async (c) => c.json({ schema: 1, bundles: await trust.bundles() }));
  app.post('/bundles/publish', async (c) => {
    const done = await trust.republish();
    return 'refused' in done
      ? c.json(problem('refused', done.refused), 422)
      : c.json({ schema: 1, changed: done });
  });
  app.get('/bundles/:name', async (c) => {
    const view = await trust.bundle(c.req.param('name'));
    return view ? c.json(view) : c.json(problem('not-found', 'There is no such bundle.'), 404);
  });
  app.post('/bundles/:name/refresh', async (c) => {
    const done = await trust.refresh(c.req.param('name'));
    return done
      ? c.json({ schema: 1 })
      : c.json(problem('not-found', 'No HISP here takes that bundle.'), 404);
  });
  app.get('/expiry', (c) => c.json({ schema: 1, things: trust.dated() }));
  app.get('/trust/anchors', (c) => c.json(trust.anchors()));
  app.post('/trust/diff', async (c) => {
    const change = changeSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!change.success) return c.json(problem('invalid', z.prettifyError(change.error)), 400);
    const answer = await trust.forecast(change.data);
    return 'refused' in answer
      ? c.json(problem('refused', answer.refused), 422)
      : c.json({ schema: 1, ...answer });
  });
}

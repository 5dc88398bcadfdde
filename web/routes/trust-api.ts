import type { Hono } from 'hono';
import { problem } from '../api/problem.ts';
import { problemsOf } from '../desk/form.ts';
import { changeSchema, type TrustRoom } from '../trust-room.ts';

/** Bundles, the calendar and changes of trust, for programs. */
export function trustApi(app: Hono, trust: TrustRoom): void {
  app.get('/bundles', async (c) => c.json({ schema: 1, bundles: await trust.bundles() }));
  app.post('/bundles/publish', async (c) => {
    const done = await trust.republish();
    return 'refused' in done ? problem(c, 'refused', done.refused) : c.json({ schema: 1, changed: done });
  });
  app.get('/bundles/:name', async (c) => {
    const view = await trust.bundle(c.req.param('name'));
    return view ? c.json(view) : problem(c, 'not-found', 'There is no such bundle.');
  });
  app.post('/bundles/:name/refresh', async (c) => {
    const done = await trust.refresh(c.req.param('name'));
    return done ? c.json({ schema: 1 }) : problem(c, 'not-found', 'No HISP here takes that bundle.');
  });
  app.get('/expiry', (c) => c.json({ schema: 1, things: trust.dated() }));
  app.get('/trust/anchors', (c) => c.json(trust.anchors()));
  app.post('/trust/diff', async (c) => {
    const change = changeSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!change.success) return problem(c, 'invalid', `${problemsOf(change.error)}.`);
    const answer = await trust.forecast(change.data);
    return 'refused' in answer ? problem(c, 'refused', answer.refused) : c.json({ schema: 1, ...answer });
  });
}

import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { Rooms } from '../rooms.ts';
import { trustApi } from './trust-api.ts';

const sendSchema = z.strictObject({
  from: z.string().min(3).max(320),
  to: z.array(z.string().min(3).max(320)).min(1).max(100),
  subject: z.string().max(500).default(''),
  text: z.string().max(1_000_000).default(''),
});

/** For programs on this machine, which read the token from the state folder: `Authorization: Bearer …`. */
export function apiRoutes(rooms: Rooms, token: string | undefined): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    if (token === undefined || !bears(c.req.header('authorization'), token)) {
      return c.json(problem('unauthorized', 'This needs the token in the state folder.'), 401);
    }
    return next();
  });
  app.use(
    bodyLimit({ maxSize: 2_000_000, onError: (c) => c.json(problem('too-large', 'At most 2 MB.'), 413) }),
  );
  app.post('/send', async (c) => {
    const body = sendSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) return c.json(problem('invalid', z.prettifyError(body.error)), 400);
    const answer = await rooms.send(body.data);
    return answer.ok ? c.json({ id: answer.id }, 202) : c.json(problem('refused', answer.why), 422);
  });
  app.get('/mailboxes/:address', async (c) => {
    const view = await rooms.mailbox(c.req.param('address'));
    return view ? c.json(view) : c.json(problem('not-found', 'No such address in this network.'), 404);
  });
  app.get('/mailboxes/:address/:id', async (c) => {
    const view = await rooms.letter(c.req.param('address'), c.req.param('id'));
    return view ? c.json(view) : c.json(problem('not-found', 'No such message.'), 404);
  });
  app.get('/addresses/:address', async (c) => {
    const view = await rooms.address(c.req.param('address'), c.req.query('from'));
    return 'refused' in view ? c.json(problem('invalid', view.refused), 422) : c.json(view);
  });
  app.get('/explain', async (c) => {
    if (!rooms.explain)
      return c.json(problem('not-found', 'Nothing is known here that could explain it.'), 404);
    const answer = await rooms.explain.explain(c.req.query('from') ?? '', c.req.query('to') ?? '');
    return 'refused' in answer ? c.json(problem('invalid', answer.refused), 422) : c.json(answer);
  });
  if (rooms.trust) trustApi(app, rooms.trust);
  return app;
}

const problem = (code: string, detail: string) => ({ error: { code, detail } });

function bears(header: string | undefined, token: string): boolean {
  const given = Buffer.from(/^Bearer (\S+)$/.exec(header ?? '')?.[1] ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

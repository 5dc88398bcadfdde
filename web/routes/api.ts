import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { problem } from '../api/problem.ts';
import { problemsOf } from '../desk/form.ts';
import type { Rooms } from '../rooms.ts';
import { trustApi } from './trust-api.ts';
import { watchApi } from './watch-api.ts';

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
      return problem(c, 'unauthorized', 'This needs the token in the state folder.');
    }
    return next();
  });
  app.use(bodyLimit({ maxSize: 2_000_000, onError: (c) => problem(c, 'too-large', 'At most 2 MB.') }));
  app.post('/send', async (c) => {
    const body = sendSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) return problem(c, 'invalid', `${problemsOf(body.error)}.`);
    const answer = await rooms.send(body.data);
    return answer.ok ? c.json({ id: answer.id }, 202) : problem(c, 'refused', answer.why);
  });
  app.get('/mailboxes/:address', async (c) => {
    const view = await rooms.mailbox(c.req.param('address'));
    return view ? c.json(view) : problem(c, 'not-found', 'No such address in this network.');
  });
  app.get('/mailboxes/:address/:id', async (c) => {
    const view = await rooms.letter(c.req.param('address'), c.req.param('id'));
    return view ? c.json(view) : problem(c, 'not-found', 'No such message.');
  });
  app.get('/addresses/:address', async (c) => {
    const view = await rooms.address(c.req.param('address'), c.req.query('from'));
    return 'refused' in view ? problem(c, 'refused', view.refused) : c.json(view);
  });
  app.get('/explain', async (c) => {
    if (!rooms.explain) return problem(c, 'not-found', 'Nothing is known here that could explain it.');
    const answer = await rooms.explain.explain(c.req.query('from') ?? '', c.req.query('to') ?? '');
    return 'refused' in answer ? problem(c, 'refused', answer.refused) : c.json(answer);
  });
  if (rooms.trust) trustApi(app, rooms.trust);
  if (rooms.watch) watchApi(app, rooms.watch);
  return app;
}

function bears(header: string | undefined, token: string): boolean {
  const given = Buffer.from(/^Bearer (\S+)$/.exec(header ?? '')?.[1] ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

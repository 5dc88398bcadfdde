import { Hono } from 'hono';
import { explainPage } from '../pages/explain.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

/** Why mail from one address reaches another, or not. Absent when nothing is known that could explain it. */
export const explainRoutes = (rooms: Rooms, tokens: Tokens): Hono => {
  const app = new Hono();
  const { explain } = rooms;
  if (!explain) return app;
  return app.get('/explain', async (c) => {
    const asked = (name: string) => (c.req.query(name) ?? '').trim().slice(0, 320);
    const [from, to] = [asked('from'), asked('to')];
    const form = { from, to, choices: explain.choices, examples: explain.examples };
    const frame = { title: 'Explain', here: 'explain' as const };
    if (from === '' && to === '') return show(c, tokens, { ...frame, body: () => explainPage(form) });
    const answer = await explain.explain(from, to);
    if ('refused' in answer) {
      const body = () => explainPage(form, undefined, answer.refused);
      return show(c, tokens, { ...frame, status: 422, body });
    }
    return show(c, tokens, {
      ...frame,
      title: `${answer.from} to ${answer.to}`,
      body: () => explainPage(form, answer),
    });
  });
};

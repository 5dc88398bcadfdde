import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { errorPage } from '../pages/error.ts';
import { resultPage } from '../pages/result.ts';
import { runAgain, runHead, runPage } from '../pages/run.ts';
import { scenarioRow, scenariosPage } from '../pages/scenarios.ts';
import type { Rooms, RunProgress, ScenarioRooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

/** The rooms of the testbed. Absent when the program runs without scenarios. */
export const scenarioRoutes = (rooms: Rooms, tokens: Tokens): Hono => {
  const app = new Hono();
  const { scenarios } = rooms;
  if (!scenarios) return app;
  return app
    .get('/scenarios', (c) =>
      show(c, tokens, {
        title: 'Scenarios',
        here: 'scenarios',
        body: (token) => scenariosPage(scenarios.list(), token),
      }),
    )
    .post('/runs', async (c) => {
      const form = await c.req.parseBody({ all: true });
      const selectors = [form['select'] ?? []].flat().filter((value) => typeof value === 'string');
      const started = scenarios.start(selectors, form['twins'] === '1');
      if ('refused' in started) {
        const body = () => errorPage('The run did not start', started.refused);
        return show(c, tokens, { title: 'Not started', here: 'scenarios', body, status: 422 });
      }
      return c.redirect(`/runs/${started.id}`, 303);
    })
    .post('/runs/:id/stop', (c) => {
      scenarios.stopRun(c.req.param('id'));
      return c.redirect(`/runs/${c.req.param('id')}`, 303);
    })
    .get('/runs/:id', (c) => {
      const view = scenarios.run(c.req.param('id'));
      if (!view) return show(c, tokens, absent('There is no such run'));
      return show(c, tokens, {
        title: `Run ${view.head.selection}`,
        here: 'scenarios',
        body: (token) => runPage(view, token),
      });
    })
    .get('/runs/:id/events', (c) => stream(c, scenarios, tokens, c.req.param('id')))
    .get('/runs/:id/:key', (c) => {
      const view = scenarios.result(c.req.param('id'), c.req.param('key'));
      if (!view) return show(c, tokens, absent('There is no such result'));
      return show(c, tokens, {
        title: `${view.row.id} ${view.row.title}`,
        here: 'scenarios',
        body: (token) => resultPage(view, token),
      });
    });
};

const absent = (what: string) => ({
  title: 'Not found',
  here: 'scenarios' as const,
  body: () => errorPage(what, 'Runs are kept until Anchorage stops.'),
  status: 404 as const,
});

/** Each change of the run as a piece of page that finds its own place; ends with the event `done`. */
function stream(c: Context, scenarios: ScenarioRooms, tokens: Tokens, id: string) {
  const first = scenarios.run(id);
  if (!first) return c.notFound();
  const token = tokens.issue(c);
  return streamSSE(c, async (sse) => {
    const pending: RunProgress[] = first.rows.map((row) => ({ kind: 'row', row, head: first.head }));
    let wake: () => void = () => undefined;
    const push = (progress: RunProgress): void => {
      pending.push(progress);
      wake();
    };
    const stop = scenarios.follow(id, push);
    sse.onAbort(() => {
      stop();
      wake();
    });
    if (first.head.state !== 'running') push({ kind: 'end', head: first.head });
    while (!sse.aborted) {
      const next = pending.shift();
      if (!next) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const head = `<hx-partial hx-target="#run-head" hx-swap="outerHTML">${await runHead(next.head)}</hx-partial>`;
      const row =
        next.kind === 'row'
          ? `<hx-partial hx-target="#row-${next.row.key}" hx-swap="outerHTML">${await scenarioRow(next.row)}</hx-partial>`
          : `<hx-partial hx-target="#stop" hx-swap="outerHTML">${await runAgain(first, token)}</hx-partial>`;
      await sse.writeSSE({ data: head + row });
      if (next.kind === 'end') {
        await sse.writeSSE({ event: 'done', data: 'done' });
        break;
      }
    }
    stop();
  });
}

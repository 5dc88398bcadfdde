import { Hono } from 'hono';
import { html } from 'hono/html';
import { errorPage } from '../pages/error.ts';
import { readinessBody, readinessStyles } from '../pages/readiness.ts';
import { resultPage } from '../pages/result.ts';
import { targetPage, targetState, targetsPage } from '../pages/targets.ts';
import { scenarioKey } from '../present/scenario.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

const here = 'scenarios' as const;

/** Systems outside that are under test. Absent when the program knows of none. */
export const targetRoutes = (rooms: Rooms, tokens: Tokens): Hono => {
  const app = new Hono();
  const { targets } = rooms;
  if (!targets) return app;
  return app
    .get('/targets', (c) =>
      show(c, tokens, { title: 'Systems outside', here, body: () => targetsPage(targets.list()) }),
    )
    .get('/targets/:name', (c) => {
      const view = targets.target(c.req.param('name'));
      if (!view) return show(c, tokens, absent('There is no such system'));
      return show(c, tokens, { title: view.title, here, body: () => targetPage(view) });
    })
    .get('/targets/:name/state', (c) => {
      const view = targets.target(c.req.param('name'));
      return view ? c.html(targetState(view)) : c.notFound();
    })
    .get('/targets/:name/:run/:key', (c) => {
      const { name, run, key } = c.req.param();
      const view = targets.result(name, run, key);
      if (!view) return show(c, tokens, absent('There is no such result'));
      return show(c, tokens, {
        title: `${view.row.id} ${view.row.title}`,
        here,
        body: (token) => resultPage(view, token, `/targets/${name}`),
      });
    })
    .get('/readiness/:name', (c) => {
      const name = c.req.param('name');
      const view = targets.readiness(name);
      if (!view) return show(c, tokens, absent('There is no such system'));
      if ('refused' in view) return show(c, tokens, absent('The profile cannot be read', view.refused));
      const link = (run: string, scenario: string): string => {
        const [id, variant] = scenario.split('/');
        return `/targets/${name}/${run}/${scenarioKey({ id: id!, variant })}`;
      };
      return show(c, tokens, {
        title: `Readiness: ${view.target.title}`,
        here,
        body: () => html`${readinessStyles()}${readinessBody(view, link)}`,
      });
    });
};

const absent = (what: string, why = 'Systems outside are tested with: anchorage run --target PROFILE') => ({
  title: 'Not found',
  here,
  body: () => errorPage(what, why),
  status: 404 as const,
});

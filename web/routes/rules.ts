import { Hono } from 'hono';
import { errorPage } from '../pages/error.ts';
import { rulePage, rulesPage } from '../pages/rules.ts';
import { ruleAreas, ruleView } from '../present/rules.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

/** The index of rules. It asks nothing of the system: rules are part of the program. */
export const ruleRoutes = (_rooms: Rooms, tokens: Tokens): Hono =>
  new Hono()
    .get('/rules', (c) =>
      show(c, tokens, { title: 'Rules', here: 'about', body: () => rulesPage(ruleAreas()) }),
    )
    .get('/rules/:area/:name', (c) => {
      const id = `${c.req.param('area')}/${c.req.param('name')}`;
      const view = ruleView(id);
      return view
        ? show(c, tokens, { title: view.id, here: 'about', body: () => rulePage(view) })
        : show(c, tokens, {
            title: 'No such rule',
            here: 'about',
            status: 404,
            body: () =>
              errorPage('There is no such rule', `${id.slice(0, 100)} is not in the index of rules.`),
          });
    });

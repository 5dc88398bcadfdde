import { Hono } from 'hono';
import { aboutPage } from '../pages/about.ts';
import { homePage } from '../pages/home.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

export const homeRoutes = (rooms: Rooms, tokens: Tokens): Hono =>
  new Hono()
    .get('/', async (c) => {
      const view = await rooms.home();
      return show(c, tokens, { title: 'Network', here: 'home', body: (token) => homePage(view, token) });
    })
    .get('/about', async (c) => {
      const view = await rooms.about();
      return show(c, tokens, { title: 'About', here: 'about', body: () => aboutPage(view) });
    });

import { Hono } from 'hono';
import { addressPage } from '../pages/address.ts';
import { addressesPage } from '../pages/addresses.ts';
import { refusedAddressPage } from '../pages/error.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

export const addressRoutes = (rooms: Rooms, tokens: Tokens): Hono =>
  new Hono()
    .get('/addresses', async (c) => {
      const query = (c.req.query('q') ?? '').slice(0, 200);
      const list = await rooms.addresses(query);
      return show(c, tokens, {
        title: 'Addresses',
        here: 'addresses',
        body: () => addressesPage(list, query),
      });
    })
    .get('/address', async (c) => {
      const asked = (c.req.query('a') ?? '').trim().slice(0, 320);
      const view = await rooms.address(asked, c.req.query('from') || undefined);
      if ('refused' in view) {
        const body = () => refusedAddressPage(asked, view.refused);
        return show(c, tokens, { title: asked, here: 'addresses', body, status: 422 });
      }
      return show(c, tokens, {
        title: view.address,
        here: 'addresses',
        body: (token) => addressPage(view, token),
      });
    });

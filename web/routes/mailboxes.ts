import { Hono } from 'hono';
import { errorPage } from '../pages/error.ts';
import { letterPage } from '../pages/letter.ts';
import { mailboxPage } from '../pages/mailbox.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

const nothing = (what: string) => ({
  title: 'Not found',
  here: '' as const,
  body: () => errorPage(what, 'It may have been removed, or the address is not of this network.'),
  status: 404 as const,
});

export const mailboxRoutes = (rooms: Rooms, tokens: Tokens): Hono =>
  new Hono()
    .get('/mailbox/:address', async (c) => {
      const view = await rooms.mailbox(c.req.param('address'));
      if (!view) return show(c, tokens, nothing('There is no such mailbox'));
      const said = c.req.query('sent');
      return show(c, tokens, {
        title: view.address,
        here: 'addresses',
        body: (token) => mailboxPage(view, token, said),
      });
    })
    .get('/mailbox/:address/:id', async (c) => {
      const view = await rooms.letter(c.req.param('address'), c.req.param('id'));
      if (!view) return show(c, tokens, nothing('There is no such message'));
      return show(c, tokens, { title: view.subject, here: 'addresses', body: () => letterPage(view) });
    })
    .post('/mailbox/:address/send', async (c) => {
      const from = c.req.param('address');
      const form = await c.req.parseBody();
      const field = (name: string) => (typeof form[name] === 'string' ? form[name].trim() : '');
      const to = field('to')
        .split(/[\s,;]+/)
        .filter((address) => address !== '');
      const answer = await rooms.send({ from, to, subject: field('subject'), text: field('text') });
      const outcome = answer.ok ? 'accepted' : answer.why;
      return c.redirect(`/mailbox/${encodeURIComponent(from)}?sent=${encodeURIComponent(outcome)}`, 303);
    });

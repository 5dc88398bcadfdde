import { Hono } from 'hono';
import type { Tenancy } from '../../src/hisp/tenancy/tenancy.ts';
import { readForm } from '../desk/form.ts';
import { signIn, signOut, visitorOf } from '../desk/visitor.ts';
import { signInPage } from '../pages/sign-in.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

/** A page of ours, never another site. */
const place = (text: string): string =>
  /^\/(?:webmail|admin|account|directory|enrollments|departures|connect|watch)(?:\/[\w-][\w.-]*)*\/?$/.test(
    text,
  )
    ? text
    : '';

export function signInRoutes(tenancies: readonly Tenancy[], tokens: Tokens): Hono {
  const app = new Hono();
  app.get('/sign-in', (c) => {
    if (visitorOf(c)?.session) return c.redirect('/webmail', 303);
    const view = { to: place(c.req.query('to') ?? ''), name: '' };
    return show(c, tokens, { title: 'Sign in', here: 'sign-in', body: (token) => signInPage(view, token) });
  });
  app.post('/sign-in', async (c) => {
    const form = await readForm(c);
    const name = form.text('name').slice(0, 320);
    const to = place(form.text('to'));
    const answer = await signIn(c, tenancies, name, form.exact('password'));
    if (answer.ok) return c.redirect(to || '/webmail', 303);
    if (answer.reason === 'locked') c.header('Retry-After', String(Math.ceil(answer.retryAfterMs / 1000)));
    const refused = {
      credentials: 'The name or the password is not right.',
      locked: 'Too many wrong passwords. Try again later, or ask your administrator.',
      unavailable: 'The accounts cannot be read now. Try again.',
    }[answer.reason];
    return show(c, tokens, {
      title: 'Sign in',
      here: 'sign-in',
      status: 422,
      body: (token) => signInPage({ to, name, refused }, token),
    });
  });
  app.post('/sign-out', async (c) => {
    await signOut(c, tenancies);
    return c.redirect('/', 303);
  });
  return app;
}

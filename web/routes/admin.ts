import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { TenancyError } from '../../src/hisp/tenancy/actor.ts';
import { readForm } from '../desk/form.ts';
import type { Desk, Section, Told } from '../desk/section.ts';
import { SECTIONS } from '../desk/sections/index.ts';
import { type Session, visitorOf } from '../desk/visitor.ts';
import type { Html } from '../layout.ts';
import { badge } from '../parts/badge.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

const open = ({ actor }: Session): readonly Section[] =>
  SECTIONS.filter((section) => section.for.includes(actor.role));

/** Administration: one page a section, for those who administer something. */
export function adminRoutes(tokens: Tokens): Hono {
  const app = new Hono();
  app.get('/admin', (c) => {
    const session = visitorOf(c)?.session;
    const first = session && open(session)[0];
    if (!session) return c.redirect(`/sign-in?to=${encodeURIComponent('/admin')}`, 303);
    return first ? c.redirect(`/admin/${first.id}`, 303) : refuse(c, tokens);
  });
  app.get('/admin/:section', async (c) => {
    const session = visitorOf(c)?.session;
    if (!session) return c.redirect(`/sign-in?to=${encodeURIComponent(c.req.path)}`, 303);
    const section = open(session).find(({ id }) => id === c.req.param('section'));
    return section ? showSection(c, tokens, session, section) : refuse(c, tokens);
  });
  app.post('/admin/:section', async (c) => {
    const session = visitorOf(c)?.session;
    if (!session) return c.redirect('/sign-in', 303);
    const section = open(session).find(({ id }) => id === c.req.param('section'));
    const form = await readForm(c);
    const name = form.text('do');
    const action = section && Object.hasOwn(section.actions, name) ? section.actions[name] : undefined;
    if (!section || !action) return refuse(c, tokens);
    try {
      const told = await action(deskOf(c, session, tokens.issue(c)), form);
      return await showSection(c, tokens, session, section, { told });
    } catch (error) {
      if (!(error instanceof TenancyError)) throw error;
      return showSection(c, tokens, session, section, { refused: error.message });
    }
  });
  return app;
}

const deskOf = (c: Context, { tenancy, actor }: Session, token: string): Desk => ({
  tenancy,
  actor,
  token,
  query: (name) => (c.req.query(name) ?? '').trim().slice(0, 320),
});

async function showSection(
  c: Context,
  tokens: Tokens,
  session: Session,
  section: Section,
  after: { readonly told?: Told; readonly refused?: string } = {},
) {
  const desk = deskOf(c, session, tokens.issue(c));
  const body = await section.body(desk).catch((error: unknown) => {
    if (error instanceof TenancyError) return html`<p class="notice bad" role="alert">${error.message}</p>`;
    throw error;
  });
  return show(c, tokens, {
    title: section.title,
    here: 'admin',
    ...(after.refused === undefined ? {} : { status: 422 as const }),
    body: () => html`<div class="page-head"><h1>${section.title}</h1>
  <p class="muted">${session.tenancy.title}${session.actor.organization ? html` · ${session.actor.organization}` : ''}</p></div>
${tabs(session, section)}
${after.refused === undefined ? '' : html`<p class="notice bad" role="alert">${badge('bad', 'not done')} ${after.refused}</p>`}
${after.told ? toldOf(after.told) : ''}
${body}`,
  });
}

const tabs = (session: Session, here: Section): Html =>
  html`<nav class="tabs" aria-label="Administration">${open(session).map(
    ({ id, title }) =>
      html`<a href="/admin/${id}"${id === here.id ? html` aria-current="page"` : ''}>${title}</a>`,
  )}${session.actor.role === 'operator' && session.tenancy.enrollment ? html`<a href="/enrollments">Enrollment</a>` : ''}</nav>`;

const toldOf = ({ text, secret }: Told): Html =>
  html`<div class="notice good" role="status">${badge('good', 'done')} ${text}${
    secret
      ? html`<p class="secret">${secret.name}: <code>${secret.value}</code> <small class="muted">It is shown this once.</small></p>`
      : ''
  }</div>`;

const refuse = (c: Context, tokens: Tokens) =>
  show(c, tokens, {
    title: 'Not found',
    here: 'admin',
    status: 404,
    body: () => html`<section class="narrow"><h1>There is no such page for you</h1>
  <p>Your account does not administer this. <a href="/webmail">Your mail</a></p></section>`,
  });

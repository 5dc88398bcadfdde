import { type Context, Hono } from 'hono';
import type { EdgeUser } from '../../src/edge/accounts.ts';
import { TenancyError } from '../../src/hisp/tenancy/actor.ts';
import { appPasswordInput, messageInput, ownPasswordInput } from '../../src/hisp/tenancy/input.ts';
import {
  account,
  addAppPassword,
  appPasswords,
  changeOwnPassword,
  dropAppPassword,
} from '../../src/hisp/tenancy/people.ts';
import { type Form, fitting, listOf, readForm } from '../desk/form.ts';
import type { Told } from '../desk/section.ts';
import { type Session, visitorOf } from '../desk/visitor.ts';
import type { Html } from '../layout.ts';
import { errorPage } from '../pages/error.ts';
import { accountPage } from '../pages/webmail/account.ts';
import {
  compose,
  type Draft,
  fate,
  inbox,
  letter,
  MAX_FILES,
  sentList,
  webmailPage,
} from '../pages/webmail/mail.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

type MailSession = Session & { readonly user: EdgeUser };

const PAGE = 100;

/** Where the list goes on, when this page of it is full. */
const older = <T>(path: string, shown: readonly T[], key: (last: T) => number): string | undefined =>
  shown.length < PAGE ? undefined : `${path}?before=${key(shown.at(-1)!)}`;

/** The mail of whoever signed in. */
export function webmailRoutes(tokens: Tokens): Hono {
  const app = new Hono();
  const page = (
    c: Context,
    { user }: MailSession,
    here: Parameters<typeof webmailPage>[1],
    body: (token: string) => Html,
    status?: 404 | 422,
  ) =>
    show(c, tokens, {
      title: 'Webmail',
      here: 'webmail',
      body: (token) => webmailPage(user.addresses, here, body(token)),
      ...(status ? { status } : {}),
    });

  /** Does the work for somebody with mail; says what is missing otherwise. */
  const withMail =
    (work: (c: Context, session: MailSession) => Promise<Response>) =>
    async (c: Context): Promise<Response> => {
      const session = visitorOf(c)?.session;
      if (!session) return c.redirect('/sign-in?to=/webmail', 303);
      const { user } = session;
      if (!user) {
        if (session.actor.role !== 'user') return c.redirect('/admin', 303);
        return nothing(c, 'This account has no address', 'Ask your administrator for one.');
      }
      try {
        return await work(c, { ...session, user });
      } catch (error) {
        if (!(error instanceof TenancyError)) throw error;
        return nothing(c, 'There is no such message', error.message);
      }
    };
  const nothing = (c: Context, what: string, detail: string) =>
    show(c, tokens, {
      title: 'Not found',
      here: 'webmail',
      status: 404,
      body: () => errorPage(what, detail),
    });
  const number = (c: Context, name: string): number => {
    const text = c.req.param(name) ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : -1;
  };

  app.get(
    '/webmail',
    withMail(async (c, session) => {
      const before = Number(c.req.query('before')) || undefined;
      const items = await session.tenancy.mail.inbox(session.user, {
        limit: PAGE,
        ...(before === undefined ? {} : { before }),
      });
      const more = older('/webmail', items, ({ id }) => id);
      return page(c, session, 'inbox', () => inbox(items, session.user.addresses.length > 1, before, more));
    }),
  );
  app.get(
    '/webmail/read/:id',
    withMail(async (c, session) => {
      const found = await session.tenancy.mail.read(session.user, number(c, 'id'));
      return page(c, session, '', () => letter(found));
    }),
  );
  app.get(
    '/webmail/read/:id/raw',
    withMail(async (c, session) => {
      const { item, bytes } = await session.tenancy.mail.letter(session.user, number(c, 'id'));
      return file(c, `message-${item.id}.eml`, bytes);
    }),
  );
  app.get(
    '/webmail/read/:id/attachments/:n',
    withMail(async (c, session) => {
      const { shown } = await session.tenancy.mail.letter(session.user, number(c, 'id'));
      const found = shown.attachments[number(c, 'n')];
      return found ? file(c, found.name, found.bytes) : nothing(c, 'There is no such attachment', '');
    }),
  );
  app.get(
    '/webmail/sent',
    withMail(async (c, session) => {
      const before = Number(c.req.query('before')) || undefined;
      const letters = await session.tenancy.mail.sent(session.user, {
        limit: PAGE,
        ...(before === undefined ? {} : { before }),
      });
      const more = older('/webmail/sent', letters, ({ at }) => at);
      return page(c, session, 'sent', () => sentList(letters, more));
    }),
  );
  app.get(
    '/webmail/sent/:id',
    withMail(async (c, session) => {
      const found = await session.tenancy.mail.status(session.user, c.req.param('id') ?? '');
      return page(c, session, 'sent', () => fate(found));
    }),
  );
  app.get(
    '/webmail/new',
    withMail(async (c, session) => {
      const to = (c.req.query('to') ?? '').trim().slice(0, 320);
      const draft = await answerTo(session, Number(c.req.query('re')), to);
      return page(c, session, 'write', (token) => compose(session.user.addresses, draft, token, undefined));
    }),
  );
  app.post(
    '/webmail/send',
    withMail(async (c, session) => {
      const form = await readForm(c);
      try {
        const { id } = await session.tenancy.mail.send(
          session.user,
          fitting(messageInput, await written(form)),
        );
        return c.redirect(`/webmail/sent/${id}`, 303);
      } catch (error) {
        if (!(error instanceof TenancyError)) throw error;
        const draft = {
          from: form.text('from'),
          to: form.text('to'),
          subject: form.text('subject'),
          text: form.exact('text'),
        };
        return page(
          c,
          session,
          'write',
          (token) => compose(session.user.addresses, draft, token, error.message),
          422,
        );
      }
    }),
  );
  accountRoutes(app, tokens);
  return app;
}

function accountRoutes(app: Hono, tokens: Tokens): void {
  const page = async (
    c: Context,
    session: Session,
    after: { told?: Told; refused?: string } = {},
  ): Promise<Response> => {
    const { world } = session.tenancy;
    const own = await account(world, session.actor, session.account.id);
    const view = { account: own, appPasswords: await appPasswords(world, session.actor, own.id), ...after };
    return show(c, tokens, {
      title: 'Your account',
      here: 'account',
      body: (token) => accountPage(view, token),
      ...(after.refused === undefined ? {} : { status: 422 as const }),
    });
  };
  app.get('/account', async (c) => {
    const session = visitorOf(c)?.session;
    return session ? page(c, session) : c.redirect('/sign-in?to=/account', 303);
  });
  app.post('/account', async (c) => {
    const session = visitorOf(c)?.session;
    if (!session) return c.redirect('/sign-in?to=/account', 303);
    const form = await readForm(c);
    try {
      const told = await changeOwn(session, form);
      return told ? await page(c, session, { told }) : c.redirect('/sign-in', 303);
    } catch (error) {
      if (!(error instanceof TenancyError)) throw error;
      return page(c, session, { refused: error.message });
    }
  });
}

/** Undefined when every session has ended by it. */
async function changeOwn({ tenancy, actor, account: own }: Session, form: Form): Promise<Told | undefined> {
  switch (form.text('do')) {
    case 'password': {
      const input = { current: form.exact('current'), password: form.exact('password') };
      await changeOwnPassword(tenancy.world, actor, fitting(ownPasswordInput, input));
      return undefined;
    }
    case 'app': {
      const input = { label: form.text('label'), edges: form.all('edges') };
      const { row, password } = await addAppPassword(
        tenancy.world,
        actor,
        own.id,
        fitting(appPasswordInput, input),
      );
      return {
        text: `The password for ${row.label} is made.`,
        secret: { name: 'Password', value: password },
      };
    }
    case 'revoke':
      await dropAppPassword(tenancy.world, actor, own.id, form.text('id'));
      return { text: 'It opens nothing any more.' };
    default:
      throw new TenancyError('invalid', 'Nothing was asked for.');
  }
}

async function answerTo({ tenancy, user }: MailSession, id: number, to: string): Promise<Draft> {
  const empty = { from: user.addresses[0], to, subject: '', text: '' };
  if (!Number.isSafeInteger(id) || id <= 0) return empty;
  const { item, shown } = await tenancy.mail.letter(user, id);
  return {
    from: item.address,
    to: item.sender,
    subject: /^re:/i.test(shown.subject) ? shown.subject : `Re: ${shown.subject}`,
    text: `\n\n${shown.text.slice(0, 100_000).replace(/^/gm, '> ')}`,
  };
}

async function written(form: Form) {
  const files = form.files('files');
  if (files.length > MAX_FILES)
    throw new TenancyError('invalid', `At most ${MAX_FILES} files go with a message.`);
  return {
    from: form.text('from').toLowerCase(),
    to: listOf(form.text('to')),
    subject: form.text('subject'),
    text: form.exact('text'),
    attachments: await Promise.all(
      files.map(async (one) => ({
        name: one.name.replace(/[\u0000-\u001f\u007f/\\]/g, '_').slice(0, 200) || 'file',
        type: /^[\w.+-]+\/[\w.+-]+$/.test(one.type) ? one.type : 'application/octet-stream',
        content: Buffer.from(await one.arrayBuffer()).toString('base64'),
      })),
    ),
  };
}

/** Whatever it is, it is saved, never shown: what others sent does not run here. */
function file(c: Context, name: string, bytes: Uint8Array): Response {
  c.header('Content-Type', 'application/octet-stream');
  c.header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
  c.header('Cache-Control', 'no-store');
  return c.body(new Uint8Array(bytes));
}

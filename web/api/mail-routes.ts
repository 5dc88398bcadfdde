import { z } from 'zod';
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
import { type ApiRoute, type Call, EVERYBODY, withBody } from './route.ts';
import {
  accountView,
  appPasswordView,
  itemView,
  letterView,
  sentView,
  toAccount,
  toAppPassword,
  toItem,
  toSent,
} from './views.ts';

function userOf({ user }: Call): EdgeUser {
  if (!user)
    throw new TenancyError('forbidden', 'This account has no address that is in use, and so no mail.');
  return user;
}

const limitOf = (call: Call): number => Math.min(200, Math.max(1, Number(call.query('limit')) || 50));
const numberOf = (text: string | undefined): number => (/^\d{1,15}$/.test(text ?? '') ? Number(text) : -1);

const before = (call: Call): { before?: number } => {
  const given = call.query('before');
  if (given === undefined) return {};
  const found = /^\d+$/.test(given) ? Number(given) : Date.parse(given);
  if (Number.isNaN(found))
    throw new TenancyError('invalid', `before: found "${given}", expected an id or a time.`);
  return { before: found };
};

const PAGING = { limit: 'At most so many, 1 to 200; default 50' };

/** The REST edge: send, list, read, status. */
const MAIL: readonly ApiRoute[] = [
  withBody({
    method: 'post',
    path: '/messages',
    summary: 'Send a message; it is on the disk when this answers',
    tag: 'mail',
    for: EVERYBODY,
    body: messageInput,
    answer: { status: 202, schema: z.strictObject({ id: z.string(), messageId: z.string() }) },
    serve: async (call, body) => {
      const { id, messageId } = await call.tenancy.mail.send(userOf(call), body);
      return { id, messageId };
    },
  }),
  {
    method: 'get',
    path: '/messages',
    summary: 'What was sent, the newest first, with the state of each recipient',
    tag: 'mail',
    for: EVERYBODY,
    query: { ...PAGING, before: 'Only what was sent before this time' },
    answer: { status: 200, schema: z.array(sentView) },
    serve: async (call) =>
      (await call.tenancy.mail.sent(userOf(call), { limit: limitOf(call), ...before(call) })).map(toSent),
  },
  {
    method: 'get',
    path: '/messages/{id}',
    summary: 'What became of a message that was sent: a timeline for each recipient',
    tag: 'mail',
    for: EVERYBODY,
    answer: { status: 200, schema: sentView },
    serve: async (call) => toSent(await call.tenancy.mail.status(userOf(call), call.param('id'))),
  },
  {
    method: 'get',
    path: '/inbox',
    summary: 'What came, the newest first',
    tag: 'mail',
    for: EVERYBODY,
    query: { ...PAGING, before: 'Only items with a smaller id' },
    answer: { status: 200, schema: z.array(itemView) },
    serve: async (call) =>
      (await call.tenancy.mail.inbox(userOf(call), { limit: limitOf(call), ...before(call) })).map(toItem),
  },
  {
    method: 'get',
    path: '/inbox/{id}',
    summary: 'One message that came, with its attachments; it counts as seen',
    tag: 'mail',
    for: EVERYBODY,
    answer: { status: 200, schema: letterView },
    serve: async (call) => {
      const { item, shown } = await call.tenancy.mail.read(userOf(call), numberOf(call.param('id')));
      return {
        ...toItem(item),
        seen: true,
        to: [...shown.to, ...shown.cc].map(({ address }) => address),
        text: shown.text,
        attachments: shown.attachments.map(({ name, type, size, bytes }) => ({
          name,
          type,
          octets: size,
          content: Buffer.from(bytes).toString('base64'),
        })),
      };
    },
  },
  {
    method: 'get',
    path: '/inbox/{id}/raw',
    summary: 'The same, octet for octet (message/rfc822)',
    tag: 'mail',
    for: EVERYBODY,
    answer: { status: 200 },
    serve: async (call) => (await call.tenancy.mail.letter(userOf(call), numberOf(call.param('id')))).bytes,
  },
];

const ownOf = (call: Call): string => {
  if (call.actor.account === undefined) {
    throw new TenancyError('forbidden', 'A program of this machine has no account of its own.');
  }
  return call.actor.account;
};

/** One's own account. */
const ACCOUNT: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/account',
    summary: 'Whose credentials these are',
    tag: 'account',
    for: EVERYBODY,
    answer: { status: 200, schema: accountView },
    serve: async (call) => toAccount(await account(call.tenancy.world, call.actor, ownOf(call))),
  },
  withBody({
    method: 'put',
    path: '/account/password',
    summary: 'Change one’s own password; every session ends',
    tag: 'account',
    for: EVERYBODY,
    body: ownPasswordInput,
    answer: { status: 204 },
    serve: async (call, body) => {
      ownOf(call);
      await changeOwnPassword(call.tenancy.world, call.actor, body);
    },
  }),
  {
    method: 'get',
    path: '/account/app-passwords',
    summary: 'One’s own application passwords, without the passwords',
    tag: 'account',
    for: EVERYBODY,
    answer: { status: 200, schema: z.array(appPasswordView) },
    serve: async (call) =>
      (await appPasswords(call.tenancy.world, call.actor, ownOf(call))).map(toAppPassword),
  },
  withBody({
    method: 'post',
    path: '/account/app-passwords',
    summary: 'Draw an application password; it is told this once',
    tag: 'account',
    for: EVERYBODY,
    body: appPasswordInput,
    answer: {
      status: 201,
      schema: z.strictObject({ appPassword: appPasswordView, password: z.string() }),
    },
    serve: async (call, body) => {
      if (call.application) {
        throw new TenancyError(
          'forbidden',
          'An application password makes no other: use that of the account.',
        );
      }
      const made = await addAppPassword(call.tenancy.world, call.actor, ownOf(call), body);
      return { appPassword: toAppPassword(made.row), password: made.password };
    },
  }),
  {
    method: 'delete',
    path: '/account/app-passwords/{id}',
    summary: 'Take an application password back',
    tag: 'account',
    for: EVERYBODY,
    answer: { status: 204 },
    serve: (call) => dropAppPassword(call.tenancy.world, call.actor, ownOf(call), call.param('id')),
  },
];

export const MAIL_ROUTES: readonly ApiRoute[] = [...MAIL, ...ACCOUNT];

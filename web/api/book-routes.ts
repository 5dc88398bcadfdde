import { z } from 'zod';
import {
  audit,
  auditVerdict,
  changeSetting,
  forgetAnswers,
  mayReprocess,
  quarantine,
  queue,
  report,
  resetSetting,
  settings,
} from '../../src/hisp/tenancy/books.ts';
import {
  anchorInput,
  keyChange,
  keyInput,
  keyOrder,
  subscriptionInput,
} from '../../src/hisp/tenancy/input.ts';
import { issueKey } from '../../src/hisp/tenancy/issuing.ts';
import { publication } from '../../src/hisp/tenancy/publication.ts';
import {
  addAnchor,
  addKey,
  anchors,
  changeKey,
  keys,
  putBundle,
  removeAnchor,
  removeBundle,
  subscriptions,
} from '../../src/hisp/tenancy/trust.ts';
import { ADMINISTRATORS, type ApiRoute, OPERATORS, withBody } from './route.ts';
import {
  anchorView,
  auditView,
  iso,
  keyView,
  publishedView,
  quarantineView,
  queueView,
  reportView,
  settingView,
  subscriptionView,
  toAnchor,
  toAudit,
  toKey,
  toPublished,
  toQueue,
  toSubscription,
} from './views.ts';

const TRUST: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/keys',
    summary: 'Certificates of the domains and addresses that the caller administers; never a private key',
    tag: 'trust',
    for: ADMINISTRATORS,
    answer: { status: 200, schema: z.array(keyView) },
    serve: async ({ tenancy, actor }) => (await keys(tenancy.world, actor)).map(toKey),
  },
  withBody({
    method: 'post',
    path: '/keys',
    summary: 'Add a certificate with its private key, which is sealed',
    tag: 'trust',
    for: ADMINISTRATORS,
    body: keyInput,
    answer: { status: 201, schema: keyView },
    serve: async ({ tenancy, actor }, body) => toKey(await addKey(tenancy.world, actor, body)),
  }),
  withBody({
    method: 'patch',
    path: '/keys/{owner}/{sha256}',
    summary: 'Set a key aside, take it up again, or revoke its certificate',
    tag: 'trust',
    for: ADMINISTRATORS,
    body: keyChange,
    answer: { status: 204 },
    serve: ({ tenancy, actor, param }, body) =>
      changeKey(tenancy.world, actor, { owner: param('owner'), sha256: param('sha256') }, body),
  }),
  withBody({
    method: 'post',
    path: '/keys/issue',
    summary: 'Let our own authority issue a new certificate; what it replaces only decrypts from then on',
    tag: 'trust',
    for: ADMINISTRATORS,
    body: keyOrder,
    answer: { status: 201, schema: z.array(keyView) },
    serve: async ({ tenancy, actor }, body) => (await issueKey(tenancy.world, actor, body)).map(toKey),
  }),
  {
    method: 'get',
    path: '/publication',
    summary: 'What senders find in DNS and LDAP, and who cannot be found',
    tag: 'trust',
    for: ADMINISTRATORS,
    answer: { status: 200, schema: z.array(publishedView) },
    serve: async ({ tenancy, actor }) => (await publication(tenancy.world, actor)).flatMap(toPublished),
  },
  {
    method: 'get',
    path: '/anchors',
    summary: 'Anchors that were set by hand',
    tag: 'trust',
    for: ADMINISTRATORS,
    answer: { status: 200, schema: z.array(anchorView) },
    serve: async ({ tenancy, actor }) => (await anchors(tenancy.world, actor)).map(toAnchor),
  },
  withBody({
    method: 'post',
    path: '/anchors',
    summary: 'Let a domain trust an anchor, for a direction',
    tag: 'trust',
    for: OPERATORS,
    body: anchorInput,
    answer: { status: 204 },
    serve: ({ tenancy, actor }, body) => addAnchor(tenancy.world, actor, body),
  }),
  {
    method: 'delete',
    path: '/anchors/{domain}/{sha256}',
    summary: 'Take an anchor that was set by hand from a domain',
    tag: 'trust',
    for: OPERATORS,
    answer: { status: 204 },
    serve: ({ tenancy, actor, param }) =>
      removeAnchor(tenancy.world, actor, { domain: param('domain'), sha256: param('sha256') }),
  },
  {
    method: 'get',
    path: '/subscriptions',
    summary: 'Trust bundles that are fetched, and the domains that take anchors from them',
    tag: 'trust',
    for: ADMINISTRATORS,
    answer: { status: 200, schema: z.array(subscriptionView) },
    serve: async ({ tenancy, actor }) => (await subscriptions(tenancy.world, actor)).map(toSubscription),
  },
  withBody({
    method: 'post',
    path: '/subscriptions',
    summary: 'Subscribe to a bundle, or change the subscription of this id',
    tag: 'trust',
    for: OPERATORS,
    body: subscriptionInput,
    answer: { status: 201, schema: subscriptionView },
    serve: async ({ tenancy, actor }, body) => toSubscription(await putBundle(tenancy.world, actor, body)),
  }),
  {
    method: 'delete',
    path: '/subscriptions/{id}',
    summary: 'End a subscription; its anchors no longer count',
    tag: 'trust',
    for: OPERATORS,
    answer: { status: 204 },
    serve: ({ tenancy, actor, param }) => removeBundle(tenancy.world, actor, param('id')),
  },
];

const DAY = 86_400_000;

const BOOKS: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/settings',
    summary: 'Every setting, with its default and what it means',
    tag: 'books',
    for: OPERATORS,
    answer: { status: 200, schema: z.array(settingView) },
    serve: ({ tenancy, actor }) => settings(tenancy.world, actor),
  },
  withBody({
    method: 'put',
    path: '/settings/{key}',
    summary: 'Change a setting; it counts for the next decision',
    tag: 'books',
    for: OPERATORS,
    body: z.strictObject({ value: z.union([z.string().max(200), z.number(), z.boolean()]) }),
    answer: { status: 204 },
    serve: ({ tenancy, actor, param }, body) => changeSetting(tenancy.world, actor, param('key'), body.value),
  }),
  {
    method: 'delete',
    path: '/settings/{key}',
    summary: 'Give a setting its default again',
    tag: 'books',
    for: OPERATORS,
    answer: { status: 204 },
    serve: ({ tenancy, actor, param }) => resetSetting(tenancy.world, actor, param('key')),
  },
  {
    method: 'post',
    path: '/flush',
    summary: 'Forget what others said (DNS, revocation lists, issuers): the next message asks anew',
    tag: 'books',
    for: OPERATORS,
    answer: { status: 204 },
    serve: ({ tenancy, actor }) => forgetAnswers(tenancy.world, actor, tenancy.hisp),
  },
  {
    method: 'get',
    path: '/audit',
    summary: 'Who changed what, the newest first',
    tag: 'books',
    for: ADMINISTRATORS,
    query: { limit: 'At most so many, 1 to 1000; default 100', before: 'Only entries before this number' },
    answer: { status: 200, schema: z.array(auditView) },
    serve: async ({ tenancy, actor, query }) => {
      const before = Number(query('before')) || undefined;
      const limit = Math.min(1000, Math.max(1, Number(query('limit')) || 100));
      const page = { limit, ...(before === undefined ? {} : { before }) };
      return (await audit(tenancy.world, actor, page)).map(toAudit);
    },
  },
  {
    method: 'get',
    path: '/audit/verdict',
    summary: 'Whether the chain of the audit log is whole',
    tag: 'books',
    for: OPERATORS,
    answer: {
      status: 200,
      schema: z.discriminatedUnion('ok', [
        z.strictObject({ ok: z.literal(true), entries: z.number(), head: z.string() }),
        z.strictObject({ ok: z.literal(false), n: z.number(), why: z.string() }),
      ]),
    },
    serve: ({ tenancy, actor }) => auditVerdict(tenancy.world, actor),
  },
  {
    method: 'get',
    path: '/queue',
    summary: 'What is under way, the oldest first',
    tag: 'books',
    for: ADMINISTRATORS,
    answer: { status: 200, schema: z.array(queueView) },
    serve: async ({ tenancy, actor }) => (await queue(tenancy.world, actor)).map(toQueue),
  },
  {
    method: 'get',
    path: '/quarantine',
    summary: 'What was refused, the newest first',
    tag: 'books',
    for: ADMINISTRATORS,
    answer: { status: 200, schema: z.array(quarantineView) },
    serve: async ({ tenancy, actor }) =>
      (await quarantine(tenancy.world, actor)).map((row) => ({
        message: row.message_id,
        address: row.address,
        at: iso(row.at),
        causes: JSON.parse(row.causes),
      })),
  },
  withBody({
    method: 'post',
    path: '/quarantine/reprocess',
    summary: 'Judge a refused message again',
    tag: 'books',
    for: ADMINISTRATORS,
    body: z.strictObject({ message: z.string().max(100), address: z.string().max(320) }),
    answer: { status: 202, schema: z.strictObject({ count: z.number() }) },
    serve: async ({ tenancy, actor }, body) => {
      await mayReprocess(tenancy.world, actor, { messageId: body.message, address: body.address });
      const count = await tenancy.hisp.reprocess({ messageId: body.message, recipient: body.address });
      return { count };
    },
  }),
  {
    method: 'get',
    path: '/report',
    summary: 'Our own members apart from those of connected HISPs',
    tag: 'books',
    for: OPERATORS,
    query: { days: 'Messages of so many days are counted; default 30' },
    answer: { status: 200, schema: reportView },
    serve: async ({ tenancy, actor, query }) => {
      const days = Math.min(366, Math.max(1, Number(query('days')) || 30));
      const found = await report(tenancy.world, actor, tenancy.world.host.now() - days * DAY);
      return { ...found, since: iso(found.since) };
    },
  },
];

export const BOOK_ROUTES: readonly ApiRoute[] = [...TRUST, ...BOOKS];

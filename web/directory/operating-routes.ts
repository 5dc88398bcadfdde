import { z } from 'zod';
import type { Reader } from '../../src/directory/access.ts';
import { type AuditKind, auditLines } from '../../src/directory/audit.ts';
import { COMPLIANCE_RULES } from '../../src/directory/check/index.ts';
import { choices, choose, VISIBILITIES } from '../../src/directory/choices.ts';
import { addKey, keys, revokeKey } from '../../src/directory/keys.ts';
import { snapshot } from '../../src/directory/snapshots.ts';
import { note } from './door.ts';
import type { CheckJob } from './jobs.ts';
import { type DirectoryRoute, withJson } from './route.ts';
import { auditView, keyView, toAudit, toKey } from './views.ts';

const codes = COMPLIANCE_RULES.map(({ code }) => code);

const checkInput = z.strictObject({
  codes: z
    .array(z.enum(codes as [string, ...string[]]))
    .min(1)
    .optional()
    .describe('Default all'),
  by: z.enum(['state', 'hisp']).default('state'),
  day: z.iso.date().optional().describe('A publication; default what is shown now'),
});

const checkView = z.strictObject({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  startedAt: z.iso.datetime(),
  entries: z.int(),
  report: z.unknown().optional().describe('Counts by check and by group'),
  failure: z.string().optional(),
});

const toCheck = ({ startedAt, ...rest }: CheckJob): z.output<typeof checkView> => ({
  ...rest,
  startedAt: new Date(startedAt).toISOString(),
});

const choiceView = z.strictObject({
  subject: z.enum(['address', 'organization', 'contributor']),
  key: z.string().min(1).max(400).describe('The address; CONTRIBUTOR/ORG_UID; the contributor’s id'),
  choice: z.enum(VISIBILITIES),
  reason: z.string().max(500).default(''),
});

const nameOf = (reader: Reader): string => (reader.kind === 'public' ? '' : reader.name);

export const OPERATING_ROUTES: readonly DirectoryRoute[] = [
  withJson({
    method: 'post',
    path: '/checks',
    summary: 'Run the compliance checks; one run at a time',
    for: 'bulk',
    cost: 20,
    body: checkInput,
    answer: { status: 202, schema: checkView },
    serve: ({ door, jobs, reader }, { codes: chosen, by, day }) => {
      if (day !== undefined) snapshot(door.directory, day);
      const job = jobs.start({ by, ...(chosen ? { codes: chosen } : {}), ...(day ? { day } : {}) });
      note(door, reader, { face: 'rest', kind: 'bulk', query: `checks ${job.id}`, results: 0 });
      return toCheck(job);
    },
  }),
  {
    method: 'get',
    path: '/checks',
    summary: 'Runs of the checks, newest first',
    for: 'bulk',
    answer: { status: 200, schema: z.array(checkView) },
    serve: ({ jobs }) => jobs.list().map(({ report: _, ...job }) => toCheck(job)),
  },
  {
    method: 'get',
    path: '/checks/{id}',
    summary: 'How a run stands, and its counts when it is done',
    for: 'bulk',
    answer: { status: 200, schema: checkView },
    serve: ({ jobs, param }) => toCheck(jobs.find(param('id'))),
  },
  {
    method: 'get',
    path: '/checks/{id}/report.zip',
    summary: 'A CSV for each check that found something, one row an entry, the reason in the last column',
    for: 'bulk',
    answer: { status: 200, file: 'application/zip' },
    serve: ({ door, jobs, reader, param }) => {
      const body = jobs.archive(param('id'));
      note(door, reader, { face: 'rest', kind: 'bulk', query: `report ${param('id')}`, results: 0 });
      return { file: `checks-${param('id')}.zip`, type: 'application/zip', body };
    },
  },
  {
    method: 'get',
    path: '/keys',
    summary: 'Keys of the participating HISPs',
    for: 'operators',
    answer: { status: 200, schema: z.array(keyView) },
    serve: ({ door }) => keys(door.directory).map(toKey),
  },
  withJson({
    method: 'post',
    path: '/keys',
    summary: 'Make a key; it is shown now and never again',
    for: 'operators',
    body: z.strictObject({
      hisp: z.string().min(1).max(63),
      label: z.string().max(100).optional(),
      bulk: z.boolean().default(false),
    }),
    answer: { status: 201, schema: keyView.extend({ key: z.string() }) },
    serve: ({ door, reader }, { hisp, label, bulk }) => {
      const { key, made } = addKey(door.directory, {
        hisp,
        bulk,
        by: nameOf(reader),
        ...(label === undefined ? {} : { label }),
      });
      return { ...toKey(made), key };
    },
  }),
  {
    method: 'delete',
    path: '/keys/{id}',
    summary: 'Revoke a key',
    for: 'operators',
    answer: { status: 200, schema: keyView },
    serve: ({ door, reader, param }) => toKey(revokeKey(door.directory, param('id'), nameOf(reader))),
  },
  {
    method: 'get',
    path: '/choices',
    summary: 'Who may see what, as it was chosen',
    for: 'operators',
    answer: {
      status: 200,
      schema: z.array(choiceView.extend({ by: z.string(), at: z.iso.datetime() })),
    },
    serve: ({ door }) =>
      choices(door.directory).map(({ at, ...rest }) => ({ ...rest, at: new Date(at).toISOString() })),
  },
  withJson({
    method: 'put',
    path: '/choices',
    summary: 'Choose who may see an address, an organization or a contributor',
    for: 'operators',
    body: choiceView,
    answer: { status: 204 },
    serve: ({ door, reader }, choice) => choose(door.directory, { ...choice, by: nameOf(reader) }),
  }),
  {
    method: 'get',
    path: '/audit',
    summary: 'Who searched and downloaded, newest first',
    for: 'operators',
    query: { hisp: 'Only of a HISP', kind: 'search, read or bulk', limit: 'Default 100, at most 10,000' },
    answer: { status: 200, schema: z.array(auditView) },
    serve: ({ door, query }) => {
      door.auditor.flush();
      const [hisp, kind] = [query('hisp'), query('kind') as AuditKind | undefined];
      return auditLines(door.directory, {
        limit: Number(query('limit') ?? 100) || 100,
        ...(hisp ? { who: hisp } : {}),
        ...(kind ? { kind } : {}),
      }).map(toAudit);
    },
  },
];

import { type Context, Hono } from 'hono';
import { DirectoryError } from '../../src/directory/error.ts';
import { REPORTS } from '../../src/directory/reports.ts';
import { type Form, listOf, readForm } from '../desk/form.ts';
import { directoryVisitor } from '../desk/reader.ts';
import { visitorOf } from '../desk/visitor.ts';
import type { DirectoryRoom, UploadRequest } from '../directory-room.ts';
import type { Html } from '../layout.ts';
import { checksPage, reportPage } from '../pages/directory/checks.ts';
import {
  contributionPage,
  contributionsPage,
  type Outcome,
  previewPage,
} from '../pages/directory/contributions.ts';
import { entryPage } from '../pages/directory/entry.ts';
import { keysPage } from '../pages/directory/keys.ts';
import { reportsPage } from '../pages/directory/reports.ts';
import { errorPage } from '../pages/error.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

const here = 'directory' as const;

/** What operators see and do. Whoever else asks is sent to sign in, or told that it is not for them. */
export function directoryDeskRoutes(directory: DirectoryRoom, tokens: Tokens): Hono {
  const app = new Hono();
  const { desk } = directory;
  const page = (c: Context, title: string, body: (token: string) => Html, status?: 404 | 422) =>
    show(c, tokens, { title, here, body, ...(status ? { status } : {}) });
  const missing = (c: Context, what: string) =>
    page(c, 'Not found', () => errorPage(what, 'Look at /directory.'), 404);

  /** Does the work for an operator, who is named to it. */
  const forOperator =
    (work: (c: Context, by: string) => Promise<Response> | Response) =>
    async (c: Context): Promise<Response> => {
      const { reader } = directoryVisitor(c);
      if (reader.kind === 'operator') return work(c, reader.name);
      const asks = c.req.method === 'GET' ? c.req.path : '/directory';
      return visitorOf(c)?.session === undefined
        ? c.redirect(`/sign-in?to=${encodeURIComponent(asks)}`, 303)
        : missing(c, 'This is for operators');
    };
  /** What was done, or why it was not. */
  const tried = async (work: () => Promise<Outcome> | Outcome): Promise<Outcome> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DirectoryError)) throw error;
      return { refused: `${error.message}${error.hint ? `. ${error.hint}` : '.'}` };
    }
  };
  const statusOf = ({ refused }: Outcome) => (refused === undefined ? undefined : 422);

  const contributions = (c: Context, after: Outcome = {}) =>
    page(
      c,
      'Contributions',
      (token) => contributionsPage(desk.contributions(), token, after),
      statusOf(after),
    );
  const contribution = (c: Context, id: number, after: Outcome = {}) => {
    const view = desk.contribution(id);
    if (!view) return missing(c, 'There is no such contribution');
    return page(c, `Contribution ${id}`, (token) => contributionPage(view, token, after), statusOf(after));
  };
  const numberIn = (c: Context): number => {
    const text = c.req.param('id') ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : -1;
  };

  app.get(
    '/directory/contributions',
    forOperator((c) => contributions(c)),
  );
  app.post(
    '/directory/contributions',
    forOperator(async (c, by) => {
      const form = await readForm(c);
      let dry: Html | ((token: string) => Html) | undefined;
      let id = 0;
      const after = await tried(async () => {
        const request = uploadIn(form, by);
        if (form.text('do') === 'preview') {
          const view = await desk.preview(request);
          dry = (token) => previewPage(view, token);
          return {};
        }
        const done = await desk.upload(request);
        id = done.id;
        return { told: done.text };
      });
      if (typeof dry === 'function') return page(c, 'Dry run', dry);
      return id > 0 ? contribution(c, id, after) : contributions(c, after);
    }),
  );
  app.post(
    '/directory/contributors',
    forOperator(async (c) => {
      const form = await readForm(c);
      const after = await tried(() => ({
        told: desk.contributor(
          form.text('id'),
          form.text('name').slice(0, 200),
          listOf(form.text('domains')),
          form.checked('approval'),
        ),
      }));
      return contributions(c, after);
    }),
  );
  app.get(
    '/directory/contributions/:id',
    forOperator((c) => contribution(c, numberIn(c))),
  );
  app.post(
    '/directory/contributions/:id',
    forOperator(async (c, by) => {
      const id = numberIn(c);
      const form = await readForm(c);
      const actions = { approve: desk.approve, refuse: desk.refuse, undo: desk.undo };
      const name = form.text('do');
      const action = name === 'approve' || name === 'refuse' || name === 'undo' ? actions[name] : undefined;
      if (!action) return contribution(c, id, { refused: 'Nothing was asked for.' });
      return contribution(c, id, await tried(async () => ({ told: await action(id, by) })));
    }),
  );

  app.get(
    '/directory/checks',
    forOperator((c) => page(c, 'Compliance checks', (token) => checksPage(desk.checks(), token))),
  );
  app.post(
    '/directory/checks',
    forOperator(async (c) => {
      const form = await readForm(c);
      let id = '';
      const after = await tried(() => {
        id = desk.startChecks({
          by: form.text('by') === 'hisp' ? 'hisp' : 'state',
          codes: form.all('code'),
          ...(form.text('day') === '' ? {} : { day: form.text('day') }),
        });
        return {};
      });
      return id === ''
        ? page(c, 'Compliance checks', (token) => checksPage(desk.checks(), token, after), 422)
        : c.redirect(`/directory/checks/${id}`, 303);
    }),
  );
  app.get(
    '/directory/checks/:id',
    forOperator((c) => {
      const view = desk.report(c.req.param('id') ?? '');
      return view
        ? page(c, 'Compliance checks', () => reportPage(view))
        : missing(c, 'There is no such run of checks');
    }),
  );
  app.get(
    '/directory/checks/:id/report.zip',
    forOperator((c) => {
      const found = desk.archive(c.req.param('id') ?? '');
      if (!found) return missing(c, 'There is no such run of checks');
      c.header('Content-Type', 'application/zip');
      c.header('Content-Disposition', `attachment; filename="${found.name}"`);
      c.header('Cache-Control', 'no-store');
      return c.body(new Uint8Array(found.bytes));
    }),
  );

  app.get(
    '/directory/reports',
    forOperator(async (c) => {
      const by = REPORTS.find((one) => one === c.req.query('by')) ?? 'state';
      const [before, after] = [c.req.query('before'), c.req.query('after')];
      let view = await desk.reports(by);
      const told = await tried(async () => {
        if (before && after) view = await desk.reports(by, { before, after });
        return {};
      });
      return page(c, 'Reports', () => reportsPage(view, told), statusOf(told));
    }),
  );

  const keys = (c: Context, after: Outcome = {}) =>
    page(c, 'Keys', (token) => keysPage(desk.keys(), token, after), statusOf(after));
  app.get(
    '/directory/keys',
    forOperator((c) => keys(c)),
  );
  app.post(
    '/directory/keys',
    forOperator(async (c, by) => {
      const form = await readForm(c);
      const after = await tried((): Outcome => {
        if (form.text('do') === 'revoke') {
          desk.revokeKey(form.text('id'), by);
          return { told: 'The key opens nothing any more.' };
        }
        const value = desk.makeKey(form.text('hisp'), form.text('label'), form.checked('bulk'), by);
        return { told: 'The key is made.', secret: { name: 'Key', value } };
      });
      return keys(c, after);
    }),
  );

  app.post(
    '/directory/:key/choice',
    forOperator(async (c, by) => {
      const address = (c.req.param('key') ?? '').toLowerCase();
      const form = await readForm(c);
      const after = await tried(() => {
        const choice = { choice: form.text('choice'), by, reason: form.text('reason') };
        desk.choose(address, form.text('subject'), choice);
        return { told: 'Who sees it was changed.' };
      });
      const view = directory.entry(directoryVisitor(c), address, {
        ...(after.told ? { told: after.told } : {}),
      });
      if (after.refused || !view || !('groups' in view))
        return missing(c, after.refused ?? 'There is no such entry');
      return page(c, view.address, (token) => entryPage(view, token, true));
    }),
  );
  return app;
}

/** @throws {DirectoryError} `source`: no file was chosen */
function uploadIn(form: Form, by: string): UploadRequest {
  const file = form.text('staged') || form.files('file')[0];
  if (!file) throw new DirectoryError('source', 'no file was chosen');
  const tolerate = Number(form.text('tolerate'));
  return {
    contributor: form.text('contributor'),
    file,
    kind: form.text('kind') === 'whole' ? 'whole' : 'incremental',
    tolerate: Number.isSafeInteger(tolerate) && tolerate > 0 ? Math.min(tolerate, 1_000_000) : 0,
    by,
    ...(form.text('format') === '' ? {} : { format: form.text('format') }),
  };
}

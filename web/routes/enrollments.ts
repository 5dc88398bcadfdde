import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { admit } from '../../src/hisp/enrollment/admission.ts';
import {
  depart,
  departure,
  departureInput,
  departures,
  exportedMailboxes,
  startDeparture,
  stopDeparture,
} from '../../src/hisp/enrollment/departure.ts';
import { makePasswordLink, openPasswordLink } from '../../src/hisp/enrollment/password-link.ts';
import { firstAddress } from '../../src/hisp/enrollment/request.ts';
import {
  acceptRequest,
  applicantToken,
  askApplicant,
  checkInput,
  checkItem,
  decisionInput,
  declineRequest,
  enrollment,
  enrollments,
  evidenceFile,
  uncheckItem,
} from '../../src/hisp/enrollment/review.ts';
import type { EnrollmentWorld } from '../../src/hisp/enrollment/world.ts';
import { type Actor, TenancyError } from '../../src/hisp/tenancy/actor.ts';
import { organizations } from '../../src/hisp/tenancy/organizations.ts';
import { accountByName } from '../../src/store/accounts.ts';
import { type Form, fitting, readForm } from '../desk/form.ts';
import { visitorOf } from '../desk/visitor.ts';
import type { Html } from '../layout.ts';
import { departurePage, departuresPage } from '../pages/enrollment/departures.ts';
import { enrollmentsPage, reviewPage } from '../pages/enrollment/review.ts';
import { errorPage } from '../pages/error.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

interface Operator {
  readonly world: EnrollmentWorld;
  readonly actor: Actor;
  readonly title: string;
  readonly id: string;
}

const here = 'admin' as const;

/** What operators do with requests to join, and with members who leave. */
export function enrollmentRoutes(tokens: Tokens): Hono {
  const app = new Hono();
  const page = (c: Context, title: string, body: (token: string) => Html, status?: 404 | 422) =>
    show(c, tokens, { title, here, body, ...(status ? { status } : {}) });
  const asOperator =
    (work: (c: Context, operator: Operator) => Promise<Response>) =>
    async (c: Context): Promise<Response> => {
      const session = visitorOf(c)?.session;
      if (!session) return c.redirect(`/sign-in?to=${encodeURIComponent(c.req.path)}`, 303);
      const { tenancy, actor } = session;
      const world = tenancy.enrollment;
      const none = (what: string, detail: string) => page(c, 'Not found', () => errorPage(what, detail), 404);
      if (actor.role !== 'operator' || !world) {
        return none('There is no such page for you', 'Only operators review requests.');
      }
      try {
        return await work(c, { world, actor, title: tenancy.title, id: tenancy.id });
      } catch (error) {
        if (!(error instanceof TenancyError)) throw error;
        return none('There is no such thing', error.message);
      }
    };
  /** What is wrong with what was asked; undefined when it was done. */
  const tried = async (
    work: () => Promise<string | undefined>,
  ): Promise<{ told?: string; problems: string[] }> => {
    try {
      const told = await work();
      return { ...(told === undefined ? {} : { told }), problems: [] };
    } catch (error) {
      if (error instanceof TenancyError) return { problems: [error.message] };
      throw error;
    }
  };
  const idOf = (c: Context): string => (c.req.param('id') ?? '').slice(0, 40);

  app.get(
    '/enrollments',
    asOperator(async (c, { world, actor, title, id }) => {
      const lines = await enrollments(world, actor);
      return page(c, 'Requests to join', () => enrollmentsPage(title, lines, `/join?hisp=${id}`));
    }),
  );
  const review = async (
    c: Context,
    { world, actor }: Operator,
    after: { readonly told?: string; readonly link?: string; readonly problems: readonly string[] },
  ) => {
    const view = await enrollment(world, actor, idOf(c), c.req.query('level'));
    const administrator =
      view.row.state === 'accepted' ? await accountByName(world.scope, firstAddress(view.form)) : undefined;
    const link = administrator && (await openPasswordLink(world, administrator.id));
    const shown = {
      ...view,
      ...after,
      checklist: world.seams.checklist,
      ...(link ? { password: link.token } : {}),
    };
    const status = after.problems.length > 0 ? (422 as const) : undefined;
    return page(c, view.form.name, (token) => reviewPage(shown, token), status);
  };
  app.get(
    '/enrollments/:id',
    asOperator((c, operator) => review(c, operator, { problems: [] })),
  );
  app.post(
    '/enrollments/:id',
    asOperator(async (c, operator) => {
      const form = await readForm(c);
      const action = REVIEWS[form.text('do')];
      let link: string | undefined;
      const after = await tried(async () => {
        if (form.text('do') !== 'reveal') return action?.(operator, idOf(c), form);
        link = await applicantToken(operator.world, operator.actor, idOf(c));
        return undefined;
      });
      return review(c, operator, { ...after, ...(link === undefined ? {} : { link }) });
    }),
  );
  app.get(
    '/enrollments/:id/evidence/:n',
    asOperator(async (c, { world, actor }) => {
      const n = Number(c.req.param('n'));
      const { row, bytes } = await evidenceFile(world, actor, idOf(c), Number.isInteger(n) ? n : 0);
      return saved(c, row.name, bytes);
    }),
  );

  const list = async (c: Context, { world, actor, title }: Operator, problems: readonly string[]) => {
    const all = await departures(world, actor);
    const gone = new Set(all.filter(({ row }) => row.state !== 'stopped').map(({ row }) => row.organization));
    const members = (await organizations(world, actor)).filter(({ id }) => !gone.has(id));
    const view = { title, list: all, members, problems };
    return page(
      c,
      'Departures',
      (token) => departuresPage(view, token),
      problems.length > 0 ? 422 : undefined,
    );
  };
  app.get(
    '/departures',
    asOperator((c, operator) => list(c, operator, [])),
  );
  app.post(
    '/departures',
    asOperator(async (c, operator) => {
      const form = await readForm(c);
      const startsOn = form.text('startsOn');
      try {
        const input = fitting(departureInput, {
          organization: form.text('organization'),
          reason: form.text('reason'),
          ...(startsOn === '' ? {} : { startsOn }),
        });
        return c.redirect(`/departures/${await startDeparture(operator.world, operator.actor, input)}`, 303);
      } catch (error) {
        if (error instanceof TenancyError) return list(c, operator, [error.message]);
        throw error;
      }
    }),
  );
  const one = async (
    c: Context,
    { world, actor }: Operator,
    after: { readonly told?: string; readonly problems: readonly string[] },
  ) => {
    const view = { ...(await departure(world, actor, idOf(c))), ...after };
    const status = after.problems.length > 0 ? (422 as const) : undefined;
    return page(c, `${view.name} leaves`, (token) => departurePage(view, token), status);
  };
  app.get(
    '/departures/:id',
    asOperator((c, operator) => one(c, operator, { problems: [] })),
  );
  app.post(
    '/departures/:id',
    asOperator(async (c, operator) => {
      const form = await readForm(c);
      const { world, actor } = operator;
      const id = idOf(c);
      await departure(world, actor, id);
      const after = await tried(async () => {
        if (form.text('do') === 'stop') {
          await stopDeparture(world, actor, id, form.text('why'));
          return 'The departure was stopped; everything is as it was.';
        }
        await depart(world, id);
        return undefined;
      });
      return one(c, operator, after);
    }),
  );
  app.get(
    '/departures/:id/mailboxes.zip',
    asOperator(async (c, { world, actor }) =>
      saved(c, `${idOf(c)}.zip`, fileStream(await exportedMailboxes(world, actor, idOf(c)))),
    ),
  );
  return app;
}

/** Whatever it is, it is saved, never shown: what others sent does not run here. */
function saved(c: Context, name: string, content: Uint8Array | ReadableStream): Response {
  c.header('Content-Type', 'application/octet-stream');
  c.header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
  c.header('Cache-Control', 'no-store');
  return c.body(content instanceof ReadableStream ? content : new Uint8Array(content));
}

/** It may be larger than what fits into memory. */
const fileStream = (path: string): ReadableStream => Readable.toWeb(createReadStream(path)) as ReadableStream;

const REVIEWS: Readonly<
  Record<string, (operator: Operator, id: string, form: Form) => Promise<string | undefined>>
> = {
  async check({ world, actor }, id, form) {
    const input = { item: form.text('item'), document: form.text('document'), note: form.text('note') };
    await checkItem(world, actor, id, fitting(checkInput, input));
    return undefined;
  },
  async uncheck({ world, actor }, id, form) {
    await uncheckItem(world, actor, id, form.text('item'));
    return undefined;
  },
  async ask({ world, actor }, id, form) {
    await askApplicant(world, actor, id, form.text('why'));
    return 'The applicant sees your question.';
  },
  async decline({ world, actor }, id, form) {
    await declineRequest(world, actor, id, form.text('why'));
    return 'The request was declined; the applicant sees why.';
  },
  async accept({ world, actor }, id, form) {
    const input = {
      level: form.text('level'),
      certificates: form.text('certificates'),
      why: form.text('why'),
    };
    const result = await acceptRequest(world, actor, id, fitting(decisionInput, input));
    return result === 'approved' ? 'Your yes was noted; another operator has to say so as well.' : undefined;
  },
  async again({ world, actor }, id) {
    await enrollment(world, actor, id);
    await admit(world, id);
    return undefined;
  },
  async link({ world, actor }, id) {
    const { form } = await enrollment(world, actor, id);
    await makePasswordLink(world, actor, firstAddress(form));
    return 'There is a new link; the one before opens nothing any more.';
  },
};

import { type Context, Hono } from 'hono';
import { admissionSteps } from '../../src/hisp/enrollment/admission.ts';
import {
  addEvidence,
  answerRequest,
  beginRequest,
  changeRequest,
  proveDomain,
  requestOfToken,
  submitRequest,
  withdrawRequest,
} from '../../src/hisp/enrollment/applicant.ts';
import { domainStanding } from '../../src/hisp/enrollment/domain-right.ts';
import { stepViews } from '../../src/hisp/enrollment/ordered-steps.ts';
import {
  accountOfLink,
  openPasswordLink,
  setPasswordByLink,
} from '../../src/hisp/enrollment/password-link.ts';
import { type Asked, countAsked, mustWait } from '../../src/hisp/enrollment/peer-limit.ts';
import { firstAddress, joinRequest, readRequest } from '../../src/hisp/enrollment/request.ts';
import type { EnrollmentWorld } from '../../src/hisp/enrollment/world.ts';
import { TenancyError } from '../../src/hisp/tenancy/actor.ts';
import { plainIssue } from '../../src/hisp/tenancy/input.ts';
import { readSettings } from '../../src/hisp/tenancy/settings.ts';
import type { Tenancy } from '../../src/hisp/tenancy/tenancy.ts';
import { accountByName } from '../../src/store/accounts.ts';
import { listDepartures } from '../../src/store/departures.ts';
import { enrollmentEvents, listEvidence } from '../../src/store/enrollments.ts';
import { type Form, readForm } from '../desk/form.ts';
import { formValues, requestOf } from '../desk/join-form.ts';
import { peerOf } from '../desk/visitor.ts';
import { joinPage } from '../pages/enrollment/join.ts';
import { setPasswordPage } from '../pages/enrollment/set-password.ts';
import { statusPage } from '../pages/enrollment/status.ts';
import { errorPage } from '../pages/error.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

interface Door {
  readonly tenancy: Tenancy;
  readonly world: EnrollmentWorld;
}

const here = 'connect' as const;

/** For organizations that want to join: without an account, each with a link of its own. */
export function joinRoutes(tenancies: readonly Tenancy[], tokens: Tokens): Hono {
  const app = new Hono();
  const doors = tenancies.flatMap((tenancy): Door[] =>
    tenancy.enrollment ? [{ tenancy, world: tenancy.enrollment }] : [],
  );
  const [first] = doors;
  if (!first) return app;

  const openDoors = async (): Promise<Door[]> => {
    const open: Door[] = [];
    for (const door of doors) {
      if ((await readSettings(door.world.scope))['enrollment.open']) open.push(door);
    }
    return open;
  };
  const join = async (
    c: Context,
    values: Readonly<Record<string, string>>,
    problems: readonly string[] = [],
  ) => {
    const hisps = (await openDoors()).map(({ tenancy, world }) => ({
      id: tenancy.id,
      title: tenancy.title,
      parents: world.seams.parents,
    }));
    const view = { hisps, values, problems };
    return show(c, tokens, {
      title: 'Ask to join',
      here,
      ...(problems.length > 0 ? { status: 422 as const } : {}),
      body: (token) => joinPage(view, token),
    });
  };
  const gone = async (c: Context) => {
    await countAsked(first.world, 'link', peerOf(c).host);
    return show(c, tokens, {
      title: 'Not found',
      here: '',
      status: 404,
      body: () => errorPage('This link opens nothing', 'It was mistyped, has ended, or was used up.'),
    });
  };
  /** Undefined when the caller may go on. */
  const limited = async (c: Context, what: Asked, world = first.world): Promise<Response | undefined> => {
    const waitMs = await mustWait(world, what, peerOf(c).host);
    if (waitMs === 0) return undefined;
    c.header('Retry-After', String(Math.ceil(waitMs / 1000)));
    return c.text('Too many requests from your address. Try again later.\n', 429);
  };

  app.get('/join', (c) => join(c, { hisp: c.req.query('hisp') ?? '' }));
  app.post('/join', async (c) => {
    const form = await readForm(c);
    const values = formValues(form);
    const door = (await openDoors()).find(({ tenancy }) => tenancy.id === form.text('hisp'));
    if (!door) return join(c, values, ['Choose the HISP that you ask.']);
    const wait = await limited(c, 'request', door.world);
    if (wait) return wait;
    const read = joinRequest.safeParse(requestOf(form));
    if (!read.success) return join(c, values, problems(read.error.issues));
    await countAsked(door.world, 'request', peerOf(c).host);
    try {
      const { token } = await beginRequest(door.world, read.data);
      return c.redirect(`/join/status/${token}`, 303);
    } catch (error) {
      if (error instanceof TenancyError) return join(c, values, [error.message]);
      throw error;
    }
  });

  const doorOf = async (link: string): Promise<Door | undefined> => {
    for (const door of doors) if (await requestOfToken(door.world, link)) return door;
    return undefined;
  };
  const status = async (
    c: Context,
    { tenancy, world }: Door,
    link: string,
    after: { told?: string; problems?: readonly string[]; values?: Readonly<Record<string, string>> } = {},
  ) => {
    const row = (await requestOfToken(world, link))!;
    const form = readRequest(row.form);
    const accepted = row.state === 'accepted';
    const account = accepted ? await accountByName(world.scope, firstAddress(form)) : undefined;
    const password = account && (await openPasswordLink(world, account.id));
    const leaves = (await listDepartures(world.scope, ['leaving', 'left', 'ended'])).find(
      ({ organization }) => organization === row.organization,
    );
    const view = {
      hisp: { id: tenancy.id, title: tenancy.title },
      link,
      row,
      form,
      values: after.values ?? formValues(form),
      events: await enrollmentEvents(world.scope, row.id),
      evidence: await listEvidence(world.scope, row.id),
      steps: accepted ? await stepViews(world, `enrollment/${row.id}`, admissionSteps) : [],
      standing: domainStanding(world.seams, form.domain),
      policy: world.seams.policy,
      nameServer: world.seams.nameServer,
      ...(password ? { password } : {}),
      ...(leaves ? { leftAt: leaves.closed_at ?? leaves.starts_at } : {}),
      problems: after.problems ?? [],
      ...(after.told === undefined ? {} : { told: after.told }),
    };
    return show(c, tokens, {
      title: form.name,
      here,
      ...(view.problems.length > 0 ? { status: 422 as const } : {}),
      body: (token) => statusPage(view, token),
    });
  };
  const withDoor =
    (work: (c: Context, door: Door, link: string) => Promise<Response>) =>
    async (c: Context): Promise<Response> => {
      const wait = await limited(c, 'link');
      if (wait) return wait;
      const link = c.req.param('link') ?? '';
      const door = await doorOf(link);
      return door ? work(c, door, link) : gone(c);
    };
  /** Does something with a request; says on its page what came of it. */
  const acting = (work: (c: Context, door: Door, link: string) => Promise<string>) =>
    withDoor(async (c, door, link) => {
      const wait = await limited(c, 'upload', door.world);
      if (wait) return wait;
      await countAsked(door.world, 'upload', peerOf(c).host);
      try {
        return await status(c, door, link, { told: await work(c, door, link) });
      } catch (error) {
        if (!(error instanceof TenancyError)) throw error;
        return status(c, door, link, { problems: error.message.split('\n') });
      }
    });

  app.get('/join/status/:link', withDoor(status));
  app.post(
    '/join/status/:link',
    acting(async (c, { world }, link) => {
      const form = await readForm(c);
      const action = ACTIONS[form.text('do')];
      if (!action) throw new TenancyError('invalid', 'This cannot be done here.');
      return action(world, link, form);
    }),
  );
  app.post(
    '/join/status/:link/evidence',
    acting(async (c, { world }, link) => {
      const [file] = (await readForm(c)).files('file');
      if (!file) throw new TenancyError('invalid', 'Choose a file.');
      const bytes = new Uint8Array(await file.arrayBuffer());
      const { name } = await addEvidence(world, link, { name: file.name, bytes });
      return `${name} was added.`;
    }),
  );

  const passwordDoor = async (link: string): Promise<(Door & { readonly name: string }) | undefined> => {
    for (const door of doors) {
      const name = await accountOfLink(door.world, link);
      if (name !== undefined) return { ...door, name };
    }
    return undefined;
  };
  const setPassword = (c: Context, link: string, name: string, refused?: string) =>
    show(c, tokens, {
      title: 'Set your password',
      here: 'sign-in',
      ...(refused === undefined ? {} : { status: 422 as const }),
      body: (token) => setPasswordPage({ link, name, ...(refused === undefined ? {} : { refused }) }, token),
    });
  app.get('/set-password/:link', async (c) => {
    const wait = await limited(c, 'link');
    if (wait) return wait;
    const link = c.req.param('link');
    const found = await passwordDoor(link);
    return found ? setPassword(c, link, found.name) : gone(c);
  });
  app.post('/set-password/:link', async (c) => {
    const wait = await limited(c, 'link');
    if (wait) return wait;
    const link = c.req.param('link');
    const found = await passwordDoor(link);
    if (!found) return gone(c);
    const form = await readForm(c);
    const password = form.exact('password');
    if (password !== form.exact('again')) {
      return setPassword(c, link, found.name, 'The two passwords are not the same.');
    }
    try {
      await setPasswordByLink(found.world, link, password);
      return c.redirect('/sign-in?to=/webmail', 303);
    } catch (error) {
      if (!(error instanceof TenancyError)) throw error;
      return error.code === 'invalid' ? setPassword(c, link, found.name, error.message) : gone(c);
    }
  });
  return app;
}

const problems = (issues: readonly { readonly path: PropertyKey[]; readonly message: string }[]): string[] =>
  issues.map(({ path, message }) => `${path.map(String).join(', ')}: ${plainIssue(message)}`);

const ACTIONS: Readonly<
  Record<string, (world: EnrollmentWorld, link: string, form: Form) => Promise<string>>
> = {
  async change(world, link, form) {
    const read = joinRequest.safeParse(requestOf(form));
    if (!read.success) throw new TenancyError('invalid', problems(read.error.issues).join('\n'));
    await changeRequest(world, link, read.data);
    return 'Your changes were kept.';
  },
  async prove(world, link) {
    await proveDomain(world, link);
    return 'The record was found: the domain is yours.';
  },
  async submit(world, link, form) {
    if (!form.checked('agree')) {
      throw new TenancyError('invalid', 'The organization has to agree to the participation policy.');
    }
    await submitRequest(world, link, { by: form.text('by'), sha256: form.text('policy') });
    return 'Your request was sent. You see here what becomes of it.';
  },
  async answer(world, link, form) {
    await answerRequest(world, link, form.text('answer'));
    return 'Your answer was sent.';
  },
  async withdraw(world, link, form) {
    await withdrawRequest(world, link, form.text('why'));
    return 'Your request was withdrawn.';
  },
};

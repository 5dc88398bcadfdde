import { type Context, Hono } from 'hono';
import { decide, type Question } from '../../src/directory/connect/decide.ts';
import { hispInput, productInput } from '../../src/directory/connect/product.ts';
import { DirectoryError } from '../../src/directory/error.ts';
import { TenancyError } from '../../src/hisp/tenancy/actor.ts';
import { writeAudit } from '../../src/store/audit.ts';
import type { ConnectRoom } from '../connect-room.ts';
import { type Form, fitting, readForm } from '../desk/form.ts';
import { type Session, visitorOf } from '../desk/visitor.ts';
import { connectPage, productsPage } from '../pages/enrollment/connect.ts';
import { errorPage } from '../pages/error.ts';
import { pathSteps } from '../present/connect.ts';
import type { Rooms } from '../rooms.ts';
import type { Tokens } from '../security.ts';
import { show } from './room.ts';

/** How somebody connects, and the register that says it. Absent where there is none. */
export const connectRoutes = (rooms: Rooms, tokens: Tokens): Hono => {
  const app = new Hono();
  const { connect } = rooms;
  if (!connect) return app;
  app.get('/connect', (c) => {
    const register = connect.register();
    const query = (name: string): string => (c.req.query(name) ?? '').trim().slice(0, 200);
    const asked = c.req.query('ehr') !== undefined;
    const chosen = { ehr: query('ehr') || 'none', hisp: query('hisp'), community: query('community') };
    const [, id, version] = /^(\S+) (.+)$/.exec(chosen.ehr) ?? [];
    const question: Question = {
      ...(chosen.ehr === 'none' ? {} : { product: { id: id ?? chosen.ehr, version: version ?? '' } }),
      ...(chosen.hisp === '' ? {} : { hisp: chosen.hisp }),
      ...(chosen.community === '' ? {} : { community: chosen.community }),
    };
    const answer = asked ? decide(register, question) : undefined;
    const best = answer?.found ? answer.paths[0] : undefined;
    const view = {
      register,
      chosen,
      question,
      ...(answer ? { answer } : {}),
      steps: best ? pathSteps(best, register, connect.places(best.hisp)) : [],
      operator: visitorOf(c)?.session?.actor.role === 'operator',
    };
    return show(c, tokens, { title: 'How do I connect?', here: 'connect', body: () => connectPage(view) });
  });
  const edit = (c: Context, problems: readonly string[], told?: string) => {
    const view = { register: connect.register(), problems, ...(told === undefined ? {} : { told }) };
    const body = (token: string) => productsPage(view, token);
    const status = problems.length > 0 ? { status: 422 as const } : {};
    return show(c, tokens, { title: 'Products and edges', here: 'admin', body, ...status });
  };
  const asOperator =
    (work: (c: Context, session: Session) => Promise<Response> | Response) => async (c: Context) => {
      const session = visitorOf(c)?.session;
      if (!session) return c.redirect(`/sign-in?to=${encodeURIComponent(c.req.path)}`, 303);
      if (session.actor.role === 'operator') return work(c, session);
      const body = () => errorPage('There is no such page for you', 'Only operators edit the register.');
      return show(c, tokens, { title: 'Not found', here: 'admin', body, status: 404 });
    };
  app.get(
    '/connect/products',
    asOperator((c) => edit(c, [])),
  );
  app.post(
    '/connect/products',
    asOperator(async (c, { actor, tenancy }) => {
      const form = await readForm(c);
      try {
        const [action, subject, told] = changed(connect, form, actor.name);
        const { host, scope } = tenancy.world;
        const at = host.now();
        await writeAudit(scope, { at, actor: actor.name, action, subject, organization: null, detail: {} });
        return edit(c, [], told);
      } catch (error) {
        if (error instanceof TenancyError || error instanceof DirectoryError) return edit(c, [error.message]);
        throw error;
      }
    }),
  );
  return app;
};

/** @returns for the audit log, and for the page @throws {TenancyError} @throws {DirectoryError} */
function changed(connect: ConnectRoom, form: Form, by: string): readonly [string, string, string] {
  switch (form.text('do')) {
    case 'product': {
      const product = fitting(productInput, {
        id: form.text('id'),
        version: form.text('version'),
        name: form.text('name'),
        relation: form.text('relation'),
        note: form.text('note'),
        edges: form.all('edges'),
        hisps: form.all('hisps'),
      });
      connect.putProduct(product, by);
      return [
        'connect.product',
        `${product.id} ${product.version}`,
        `${product.name} ${product.version} was kept.`,
      ];
    }
    case 'hisp': {
      const hisp = fitting(hispInput, {
        id: form.text('id'),
        edges: form.all('edges'),
        accepts: form.checked('accepts'),
        note: form.text('note'),
      });
      connect.putHisp(hisp, by);
      return ['connect.hisp', hisp.id, 'What the HISP offers was kept.'];
    }
    case 'remove': {
      const [id, version] = [form.text('id'), form.text('version')];
      connect.removeProduct(id, version, by);
      return ['connect.remove', `${id} ${version}`, `${id} ${version} was removed.`];
    }
    default:
      throw new TenancyError('invalid', 'This cannot be done here.');
  }
}

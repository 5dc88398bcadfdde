/**
 * The web application: pages for people, `/api` for programs, `/healthz` and `/readyz` for supervisors.
 *
 * @module
 */
import { Hono } from 'hono';
import type { Tenancy } from '../src/hisp/tenancy/tenancy.ts';
import { memberApi } from './api/app.ts';
import { asset } from './assets.ts';
import { visitorOf, withVisitors } from './desk/visitor.ts';
import { directoryApi } from './directory/api.ts';
import type { DirectoryDoor } from './directory/door.ts';
import { fhirApp } from './directory/fhir.ts';
import { page } from './layout.ts';
import { errorPage } from './pages/error.ts';
import type { Rooms } from './rooms.ts';
import { addressRoutes } from './routes/addresses.ts';
import { adminRoutes } from './routes/admin.ts';
import { apiRoutes } from './routes/api.ts';
import { connectRoutes } from './routes/connect.ts';
import { directoryRoutes } from './routes/directory.ts';
import { enrollmentRoutes } from './routes/enrollments.ts';
import { explainRoutes } from './routes/explain.ts';
import { homeRoutes } from './routes/home.ts';
import { joinRoutes } from './routes/join.ts';
import { mailboxRoutes } from './routes/mailboxes.ts';
import { ruleRoutes } from './routes/rules.ts';
import { scenarioRoutes } from './routes/scenarios.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { targetRoutes } from './routes/targets.ts';
import { trustRoutes } from './routes/trust.ts';
import { watchRoutes } from './routes/watch.ts';
import { webmailRoutes } from './routes/webmail.ts';
import { bounded, createTokens, knownHosts, securityHeaders } from './security.ts';

export interface AppOptions {
  /** Host names beyond loopback that the pages are served under. */
  readonly hosts?: readonly string[];
  /** What programs on this machine show to use `/api`; without it, `/api` is closed. */
  readonly apiToken?: string;
  /** Whose members may sign in; none: there are no accounts. */
  readonly tenancies?: readonly Tenancy[];
  /**
   * Every mailbox is a page that needs no password: for a demo network on this machine, whose mail is nobody's.
   * Default: only where nobody can sign in.
   */
  readonly openMailboxes?: boolean;
  /** The address directory, which programs read at `/fhir` and `/api/directory`. */
  readonly directory?: DirectoryDoor;
  /** For the description of the HTTP API. */
  readonly version?: string;
  /** Told of every request that failed inside. */
  readonly onError?: (error: Error, path: string) => void;
}

export function createApp(rooms: Rooms, options: AppOptions = {}): Hono {
  const app = new Hono();
  const tokens = createTokens();
  app.use(securityHeaders, knownHosts(options.hosts ?? []));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const missing = await rooms.ready();
    return c.json(
      { status: missing.length === 0 ? 'ready' : 'not ready', missing },
      missing.length === 0 ? 200 : 503,
    );
  });
  app.get('/static/:name', (c) => {
    const found = asset(c.req.param('name'));
    if (!found) return c.notFound();
    const fresh = c.req.query('v') === found.hash;
    c.header('Cache-Control', fresh ? 'public, max-age=31536000, immutable' : 'no-cache');
    return c.body(found.body, 200, { 'Content-Type': found.type });
  });
  const { tenancies = [], directory } = options;
  if (directory) {
    const { apiToken: token, version = '', onError = () => undefined } = options;
    app.route('/fhir', fhirApp(directory, { tenancies, token, version, onError }));
    app.route('/api/directory', directoryApi(directory, { tenancies, token, version, onError }));
  }
  if (tenancies.length > 0) {
    const { apiToken: token, version = '', onError = () => undefined } = options;
    app.route('/api', memberApi(tenancies, { token, version, onError }));
  }
  app.route('/api', apiRoutes(rooms, options.apiToken));
  app.use(bounded('/webmail/send', '/directory/contributions'), tokens.guard);
  if (tenancies.length > 0) {
    app.use(withVisitors(tenancies));
    app.route('/', signInRoutes(tenancies, tokens));
    app.route('/', webmailRoutes(tokens));
    app.route('/', adminRoutes(tokens));
    app.route('/', joinRoutes(tenancies, tokens));
    app.route('/', enrollmentRoutes(tokens));
  }
  if (!(options.openMailboxes ?? tenancies.length === 0)) {
    app.all('/mailbox/*', (c) =>
      c.redirect(visitorOf(c)?.session ? '/webmail' : '/sign-in?to=/webmail', 303),
    );
    // the directory knows who may see which address
    if (rooms.directory) app.get('/addresses', (c) => c.redirect('/directory', 303));
  }
  for (const routes of [
    homeRoutes,
    addressRoutes,
    directoryRoutes,
    connectRoutes,
    explainRoutes,
    trustRoutes,
    watchRoutes,
    mailboxRoutes,
    scenarioRoutes,
    targetRoutes,
    ruleRoutes,
  ]) {
    app.route('/', routes(rooms, tokens));
  }
  app.notFound((c) =>
    c.html(
      page({
        title: 'Not found',
        here: '',
        token: '',
        body: errorPage('There is no such page', `Nothing is at ${c.req.path}.`),
      }),
      404,
    ),
  );
  app.onError((error, c) => {
    options.onError?.(error, c.req.path);
    const body = errorPage('Something went wrong in Anchorage', error.message);
    return c.html(page({ title: 'Error', here: '', token: '', body }), 500);
  });
  return app;
}

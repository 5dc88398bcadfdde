/**
 * The directory alone over HTTP, without pages and accounts: FHIR, its API, and `/healthz`.
 *
 * @module
 */
import { Hono } from 'hono';
import { knownHosts, securityHeaders } from '../security.ts';
import { directoryApi } from './api.ts';
import type { DirectoryDoor } from './door.ts';
import { fhirApp } from './fhir.ts';

export interface DirectoryAppOptions {
  /** Host names beyond loopback that it is served under. */
  readonly hosts?: readonly string[];
  /** What programs on this machine show: they are operators. */
  readonly token?: string;
  readonly version: string;
  /** Told of every request that failed inside. */
  readonly onError?: (error: Error, path: string) => void;
}

export function directoryApp(door: DirectoryDoor, options: DirectoryAppOptions): Hono {
  const { hosts = [], token, version, onError = () => undefined } = options;
  const faces = { tenancies: [], token, version, onError };
  const app = new Hono();
  app.use(securityHeaders, knownHosts(hosts));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.route('/fhir', fhirApp(door, faces));
  app.route('/api/directory', directoryApi(door, faces));
  app.notFound((c) => c.text('Here are /fhir and /api/directory/v1.\n', 404));
  return app;
}

/**
 * Routes: where an address of the field (name or IP, well-known port) is really served, for example
 * `mx.b.example:25 → 127.0.0.1:2526`. Names, MX, SRV and URLs stay as in the field.
 *
 * @module
 */
import { canonicalHost } from './address.ts';
import type { Addr } from './host.ts';

export interface Route {
  /** Host `*` stands for every host; port 0 for every port. */
  readonly from: Addr;
  /** Port 0 keeps the port that was asked for. */
  readonly to: Addr;
}

export interface Routes {
  readonly entries: readonly Route[];
}

export const noRoutes: Routes = { entries: [] };

/** The real endpoint for `addr`: the most exact route (host before port, both before `*`), else `addr` itself. */
export function routed(routes: Routes, addr: Addr): Addr {
  if (routes.entries.length === 0) return addr;
  const host = canonicalHost(addr.host);
  let best: Route | undefined;
  let bestWeight = 0;
  for (const route of routes.entries) {
    const sameHost = canonicalHost(route.from.host) === host;
    const samePort = route.from.port === addr.port;
    if (!(sameHost || route.from.host === '*') || !(samePort || route.from.port === 0)) continue;
    const weight = 1 + (sameHost ? 2 : 0) + (samePort ? 1 : 0);
    if (weight > bestWeight) {
      best = route;
      bestWeight = weight;
    }
  }
  return best ? { host: best.to.host, port: best.to.port || addr.port } : addr;
}

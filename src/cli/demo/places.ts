/**
 * Where the servers of the field really are on this machine.
 *
 * @module
 */
import type { NetworkDefinition } from '../../config/network.ts';
import type { Addr } from '../../net/host.ts';
import type { Route, Routes } from '../../net/routes.ts';

/** Real endpoints, known once everything listens. */
export interface Places {
  readonly dns: Addr;
  readonly ldap: Addr;
  readonly http: Addr;
  /** By HISP. */
  readonly smtp: ReadonlyMap<string, Addr>;
}

/** Each name and address of the network with its well-known port, and the endpoint that serves it here. */
export function routesOf(network: NetworkDefinition, places: Places, more: readonly Route[] = []): Routes {
  const entries = Object.entries(network.hisps).flatMap(([id, { domain, addresses }]): Route[] => {
    const both = (name: keyof typeof addresses, port: number, to: Addr | undefined): Route[] =>
      to
        ? [
            { from: { host: `${name}.${domain}`, port }, to },
            { from: { host: addresses[name], port }, to },
          ]
        : [];
    return [
      ...both('ns', 53, places.dns),
      ...both('mx', 25, places.smtp.get(id)),
      ...both('ldap', 389, places.ldap),
      ...both('pki', 80, places.http),
    ];
  });
  return { entries: [...more, ...entries] };
}

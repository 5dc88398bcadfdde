/**
 * One HISP of the network as `createHisp` wants it.
 *
 * @module
 */
import type { Config } from '../../config/schema.ts';
import type { HispConfig, HispKey } from '../../hisp/config.ts';
import type { Addr } from '../../net/host.ts';
import type { Store } from '../../store/open.ts';
import type { AnchorSource } from '../../trust/anchors.ts';
import type { OpenNetwork } from '../demo/open.ts';

export function hispConfig(
  { network, material }: OpenNetwork,
  id: string,
  set: {
    readonly store: Store;
    readonly anchors: AnchorSource;
    readonly at: Addr;
    readonly limits: Config['limits'];
    /** Private addresses that issuers and revocation lists may be fetched from. */
    readonly mayFetch: (address: string) => boolean;
  },
): HispConfig {
  const definition = network.hisps[id]!;
  const { leaves } = material.get(id)!;
  const organizations = network.organizations.filter((one) => one.hisp === id);
  // Peers find the intermediate by its address in the certificate, as in the field; so it is not sent along.
  const keys = [...leaves].map(
    ([owner, { certificate, key }]): HispKey => ({ owner, certificate, privateKey: key.privateKey }),
  );
  return {
    name: id,
    hostname: `mx.${definition.domain}`,
    domains: organizations.map((one) => ({ name: one.domain })),
    addresses: organizations.flatMap((one) =>
      one.addresses.map((person) => ({ address: `${person.local}@${one.domain}`, displayName: person.name })),
    ),
    keys,
    anchors: set.anchors,
    smtp: {
      listen: [set.at],
      limits: {
        connections: set.limits.connections,
        recipients: set.limits.recipients,
        messageOctets: set.limits.messageBytes,
      },
    },
    store: set.store,
    fetch: { allowPrivate: set.mayFetch },
  };
}

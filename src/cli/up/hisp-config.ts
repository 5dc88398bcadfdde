/**
 * One HISP of the network as `createHisp` wants it.
 *
 * @module
 */
import type { Config } from '../../config/schema.ts';
import type { HispConfig } from '../../hisp/config.ts';
import type { StoredMembers } from '../../hisp/tenancy/members.ts';
import type { Addr } from '../../net/host.ts';
import type { Store } from '../../store/open.ts';
import type { AnchorSource } from '../../trust/anchors.ts';
import type { OpenNetwork } from '../demo/open.ts';

export function hispConfig(
  { network }: OpenNetwork,
  id: string,
  set: {
    readonly store: Store;
    readonly members: StoredMembers;
    readonly anchors: AnchorSource;
    readonly at: Addr;
    readonly limits: Config['limits'];
    /** Private addresses that issuers and revocation lists may be fetched from. */
    readonly mayFetch: (address: string) => boolean;
  },
): HispConfig {
  const definition = network.hisps[id]!;
  return {
    name: id,
    hostname: `mx.${definition.domain}`,
    domains: set.members.domains,
    addresses: set.members.addresses,
    // peers find the intermediate by its address in the certificate, as in the field; so it is not sent along
    keys: set.members.keys,
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

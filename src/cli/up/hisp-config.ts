/**
 * One HISP of the network as `createHisp` wants it.
 *
 * @module
 */
import type { Config } from '../../config/schema.ts';
import type { Accounts } from '../../edge/accounts.ts';
import type { HispConfig } from '../../hisp/config.ts';
import type { StoredMembers } from '../../hisp/tenancy/members.ts';
import type { Addr } from '../../net/host.ts';
import type { SecureServerOptions } from '../../net/tls.ts';
import type { Store } from '../../store/open.ts';
import type { AnchorSource } from '../../trust/anchors.ts';
import { bundles } from '../demo/explain.ts';
import type { OpenNetwork } from '../demo/open.ts';

/** With STARTTLS, and with TLS from the first octet. */
export interface EdgePlace {
  readonly at: Addr;
  readonly secure: Addr;
}

export function hispConfig(
  opened: OpenNetwork,
  id: string,
  set: {
    readonly store: Store;
    readonly members: StoredMembers;
    readonly anchors: AnchorSource;
    readonly at: Addr;
    /** Where its users hand in their mail and read it: with STARTTLS, and with TLS from the first octet. */
    readonly submission: EdgePlace;
    readonly pop3: EdgePlace;
    readonly imap: EdgePlace;
    readonly accounts: Accounts;
    readonly tls: SecureServerOptions;
    readonly limits: Config['limits'];
    /** Private addresses that issuers and revocation lists may be fetched from. */
    readonly mayFetch: (address: string) => boolean;
  },
): HispConfig {
  const definition = opened.network.hisps[id]!;
  const limits = {
    connections: set.limits.connections,
    recipients: set.limits.recipients,
    messageOctets: set.limits.messageBytes,
  };
  const edge = ({ at, secure }: EdgePlace) => ({
    listen: [at],
    secure: [secure],
    tls: set.tls,
    accounts: set.accounts,
  });
  return {
    name: id,
    hostname: `mx.${definition.domain}`,
    domains: set.members.domains,
    addresses: set.members.addresses,
    // peers find the intermediate by its address in the certificate, as in the field; so it is not sent along
    keys: set.members.keys,
    anchors: set.anchors,
    left: set.members.left,
    // so that a notice can name the bundle that would make it pass
    elsewhere: () => bundles(opened),
    smtp: {
      listen: [set.at],
      tls: set.tls,
      limits,
    },
    edges: {
      submission: { ...edge(set.submission), limits },
      pop3: { ...edge(set.pop3), limits: { connections: limits.connections } },
      imap: {
        ...edge(set.imap),
        limits: { connections: limits.connections, messageOctets: limits.messageOctets },
      },
    },
    store: set.store,
    fetch: { allowPrivate: set.mayFetch },
  };
}

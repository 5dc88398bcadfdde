/**
 * A host that calls public addresses only, for work whose addresses come from strangers: their name servers, mail
 * servers and directories may be named anywhere, also inside our own network.
 *
 * @module
 */
import { canonicalHost, ipVersion } from './address.ts';
import { scopeOf } from './address-scope.ts';
import { type Addr, type Host, NetError, type UdpPort } from './host.ts';

/**
 * The same host; it refuses to call an address that is not public (private, loopback, link-local, …) unless it is
 * allowed or is one of the host's own resolvers. A refused datagram is a lost one.
 *
 * @param allowed IP literals in canonical form, or names that routes know
 */
export function publicOnly(host: Host, allowed: (address: string) => boolean): Host {
  const refusal = ({ host: to, port }: Addr): string | undefined => {
    const address = canonicalHost(to);
    if (allowed(address)) return undefined;
    if (host.resolvers.some((one) => canonicalHost(one.host) === address && one.port === port))
      return undefined;
    if (ipVersion(address) === 0) return 'only addresses are called, not names';
    const scope = scopeOf(address);
    return scope === 'public' ? undefined : `a ${scope} address, which is not called`;
  };
  return {
    ...host,
    dial(to, options) {
      const why = refusal(to);
      return why === undefined
        ? host.dial(to, options)
        : Promise.reject(new NetError('unreachable', to, why));
    },
    async udp(at) {
      const port = await host.udp(at);
      const guarded: UdpPort = {
        addr: port.addr,
        onMessage: (receive) => port.onMessage(receive),
        send(bytes, to) {
          if (refusal(to) === undefined) port.send(bytes, to);
        },
        close: () => port.close(),
      };
      return guarded;
    },
  };
}

/**
 * The processes of the directory benchmark: LDAP of the directory, DNS of the certificates that stand in its store, or
 * look-ups and searches. Each has the file open for reading. Tells its port, or what it measured; tells its memory when
 * asked; ends when its parent goes.
 */
import { openDirectory } from '../../src/directory/directory.ts';
import { lookUp } from '../../src/directory/entries.ts';
import { hostedZones } from '../../src/directory/hosting/zones.ts';
import { serveDirectoryLdap } from '../../src/directory/ldap/server.ts';
import { search } from '../../src/directory/search.ts';
import { createAuthority } from '../../src/dns/answer.ts';
import { serveDns } from '../../src/dns/server.ts';
import { realHost } from '../../src/net/real.ts';

export type ServerOrder =
  | { readonly kind: 'ldap' | 'dns'; readonly file: string }
  | {
      readonly kind: 'read';
      readonly file: string;
      readonly addresses: readonly string[];
      readonly queries: readonly string[];
    };

/** Milliseconds, sorted; and processor time of one look-up, µs. */
export interface ReadTimes {
  readonly lookUps: readonly number[];
  readonly searches: readonly number[];
  readonly lookUpUs: number;
}

const AT = { host: '127.0.0.1', port: 0 };

async function serve(order: ServerOrder): Promise<number | ReadTimes> {
  const host = realHost();
  const directory = await openDirectory(host, { file: order.file, readOnly: true });
  switch (order.kind) {
    case 'ldap': {
      const { addr } = await serveDirectoryLdap(host, directory, {
        at: AT,
        searchesPerMinute: Number.POSITIVE_INFINITY,
      });
      return addr.port;
    }
    case 'dns': {
      const zones = hostedZones(directory);
      const authority = createAuthority([], zones);
      const { addrs } = await serveDns(host, {
        at: [AT],
        answer: (query, { transport }) => authority.answer(query, transport),
        repeatable: zones.version,
        certificatesAt: zones.certificatesAt,
      });
      return addrs[0]!.port;
    }
    case 'read': {
      const before = process.cpuUsage();
      const lookUps = times(order.addresses, (address) => lookUp(directory, address));
      const { user, system } = process.cpuUsage(before);
      return {
        lookUps,
        lookUpUs: (user + system) / order.addresses.length,
        searches: times(order.queries, (query) => search(directory, query)),
      };
    }
  }
}

function times(asked: readonly string[], work: (one: string) => unknown): number[] {
  return asked
    .map((one) => {
      const started = performance.now();
      work(one);
      return performance.now() - started;
    })
    .sort((a, b) => a - b);
}

process.on('disconnect', () => process.exit());
process.on('message', (order: ServerOrder | 'memory' | 'processor') => {
  const { user, system } = process.cpuUsage();
  if (order === 'memory') process.send!(process.resourceUsage().maxRSS / 1024);
  else if (order === 'processor') process.send!((user + system) / 1e6);
  else void serve(order).then((said) => process.send!(said));
});

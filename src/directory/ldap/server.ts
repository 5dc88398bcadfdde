/**
 * The directory over LDAP: white pages for HISPs that participate (directory §2.4). The LDAP of certificates is another
 * server and stays anonymous.
 *
 * @module
 */
import { formatFilter } from '../../ldap/filter.ts';
import { serveLdap } from '../../ldap/server.ts';
import type { Addr, Host } from '../../net/host.ts';
import type { SecureServerOptions } from '../../net/tls.ts';
import { mayTakeAll, type Reader, readerOf } from '../access.ts';
import type { Asked } from '../audit.ts';
import type { Directory } from '../directory.ts';
import { networkOf } from '../quota.ts';
import { directoryLogin } from './login.ts';
import type { CertificatesOf } from './nodes.ts';
import { directoryTrees, type Standing, WORK } from './tree.ts';

export interface DirectoryLdapOptions {
  readonly at: Addr;
  /** Offers StartTLS. Without it, keys are taken from this machine only. */
  readonly tls?: SecureServerOptions;
  /** A second place where every connection begins with TLS. */
  readonly secure?: Addr;
  readonly certificatesOf?: CertificatesOf;
  /** Searches of one HISP in a minute. Default 3,000. */
  readonly searchesPerMinute?: number;
  /** Told of each search, for the record. */
  readonly asked?: (reader: Reader, asked: Asked) => void;
}

export interface DirectoryLdap {
  readonly addr: Addr;
  readonly secure: Addr | undefined;
  /** Certificates are other ones. */
  forget(): void;
  close(): Promise<void>;
}

const SEARCHES_PER_MINUTE = 3000;
const CONNECTIONS = 500;
/** Octets of ready entries that are kept. */
const READY_OCTETS = 16 * 1024 * 1024;
/** More entries than this count as taking the directory, and not as looking for somebody. */
const MANY = 500;

/**
 * @param directory may be open for reading only; nothing is written
 * @throws {NetError} when an address cannot be listened on
 */
export async function serveDirectoryLdap(
  host: Host,
  directory: Directory,
  options: DirectoryLdapOptions,
): Promise<DirectoryLdap> {
  const { at, tls, secure, certificatesOf, asked } = options;
  const trees = directoryTrees(directory, certificatesOf ? { certificatesOf } : {});
  const login = directoryLogin(host, (key, id) => {
    const reader = readerOf(directory, key, id);
    return reader && { reader, again: () => readerOf(directory, key, id) };
  });
  const serve = (where: Addr, ldaps: boolean) =>
    serveLdap(host, {
      at: where,
      ...(tls && { tls }),
      ldaps,
      tree: ({ who }) => trees.treeFor(who as Standing | undefined),
      bind: login,
      client: ({ who, peer }) =>
        who ? `participant ${idOf((who as Standing).reader)}` : `network ${networkOf(peer.host)}`,
      limits: {
        searchesPerMinute: options.searchesPerMinute ?? SEARCHES_PER_MINUTE,
        connections: CONNECTIONS,
        readyOctets: READY_OCTETS,
        work: WORK,
      },
      ...(asked && {
        answer: (search, reference, { who }) => {
          const reader = (who as Standing | undefined)?.reader;
          const results = reference.entries.length;
          if (reader && search.base !== '') {
            const query = `${search.base} ${search.scope} ${formatFilter(search.filter)}`;
            const kind = results > MANY && mayTakeAll(reader) ? 'bulk' : 'search';
            asked(reader, { face: 'ldap', kind, query, results });
          }
          return reference;
        },
      }),
    });
  const plain = await serve(at, false);
  try {
    const second = secure && tls ? await serve(secure, true) : undefined;
    return {
      addr: plain.addr,
      secure: second?.addr,
      forget: trees.forget,
      async close() {
        await plain.close();
        await second?.close();
      },
    };
  } catch (error) {
    await plain.close();
    throw error;
  }
}

const idOf = (reader: Reader): string => (reader.kind === 'participant' ? reader.id : reader.kind);

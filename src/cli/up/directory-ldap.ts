/**
 * The directory over LDAP, in a thread of its own that opens the directory's file for reading.
 *
 * @module
 */
import type { Reader } from '../../directory/access.ts';
import type { Asked } from '../../directory/audit.ts';
import type { Addr, Host } from '../../net/host.ts';
import type { Published } from '../demo/zones.ts';
import { serveInThread } from './served-thread.ts';

export interface DirectoryLdapContent {
  /** The directory's file. */
  readonly file: string;
  /** PEM of the server's key and certificate. */
  readonly tls: { readonly key: string; readonly cert: string };
  /** Certificates that are shown in DNS: DER by address or domain, or those that the directory's file has itself. */
  readonly certificates: CertificatesShown | 'hosted';
}

export type CertificatesShown = ReadonlyMap<string, readonly Uint8Array[]>;

/** A search, told so that it is kept on record. */
export interface DirectoryAsked {
  readonly reader: Reader;
  readonly asked: Asked;
}

export interface DirectoryLdapService {
  /** StartTLS is offered. */
  readonly addr: Addr;
  /** TLS from the start. */
  readonly secure: Addr;
  up(): boolean;
  /** Certificates are other ones. */
  update(certificates: CertificatesShown): Promise<void>;
  close(): Promise<void>;
}

export interface DirectoryLdapStart extends DirectoryLdapContent {
  readonly at: Addr;
  readonly secure: Addr;
  readonly lost: (why: string) => void;
  readonly asked: (what: DirectoryAsked) => void;
}

/** The certificates that a network shows, DER, by address or domain. */
export const certificatesIn = (published: Published): CertificatesShown =>
  new Map(
    [...published.values()]
      .flat()
      .flatMap(({ owners }) => owners)
      .map(({ owner, certificates }) => [owner.toLowerCase(), certificates.map(({ der }) => der)] as const),
  );

const HEAP_MB = 256;

/** @throws {NetError} when an address cannot be listened on */
export async function startDirectoryLdap(
  host: Pick<Host, 'timer'>,
  { at, secure, lost, asked, ...content }: DirectoryLdapStart,
): Promise<DirectoryLdapService> {
  const thread = await serveInThread<DirectoryLdapContent, DirectoryAsked>(host, {
    module: 'directory-ldap-thread',
    heapMb: HEAP_MB,
    content,
    at: [at, secure],
    lost,
    heard: asked,
  });
  return {
    addr: thread.addrs[0]!,
    secure: thread.addrs[1]!,
    up: thread.up,
    update: (certificates) => thread.update({ ...content, certificates }),
    close: thread.close,
  };
}

/**
 * The LDAP of certificates, in a thread of its own.
 *
 * @module
 */
import type { Addr, Host } from '../../net/host.ts';
import type { DirectoryContent } from '../demo/directory.ts';
import { serveInThread } from './served-thread.ts';

export interface LdapWork {
  readonly content: DirectoryContent;
  readonly at: Addr;
}

export interface LdapService {
  readonly addr: Addr;
  up(): boolean;
  /** Resolves once the content is served; at once while the thread is down, which starts again with it. */
  update(content: DirectoryContent): Promise<void>;
  close(): Promise<void>;
}

const HEAP_MB = 256;

/**
 * @param lost told when the thread died and is started again
 * @throws {NetError} when the address cannot be listened on
 */
export async function startLdap(
  host: Pick<Host, 'timer'>,
  { content, at }: LdapWork,
  lost: (why: string) => void,
): Promise<LdapService> {
  const work = { module: 'ldap-thread', heapMb: HEAP_MB, content, at: [at], lost };
  const { addrs, ...thread } = await serveInThread(host, work);
  return { ...thread, addr: addrs[0]! };
}

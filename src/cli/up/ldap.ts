/**
 * Starts the LDAP thread, and starts it again when it dies.
 *
 * @module
 */
import { Worker } from 'node:worker_threads';
import { type Addr, type Host, NetError, type NetErrorCode } from '../../net/host.ts';
import type { DirectoryContent } from '../demo/directory.ts';

export interface LdapWork {
  readonly content: DirectoryContent;
  readonly at: Addr;
}

/** Told to the thread: what it serves from now on. */
export interface LdapUpdate {
  readonly n: number;
  readonly content: DirectoryContent;
}

export type LdapNews =
  | { readonly kind: 'listening'; readonly addr: Addr }
  | { readonly kind: 'updated'; readonly n: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: NetErrorCode };

export interface LdapService {
  readonly addr: Addr;
  up(): boolean;
  /** Resolves once the content is served; at once while the thread is down, which starts again with it. */
  update(content: DirectoryContent): Promise<void>;
  close(): Promise<void>;
}

const HEAP_MB = 256;
/** Until the next try when the port cannot be had again. */
const RETRY_MS = 1000;

/**
 * @param lost told when the thread died and is started again
 * @throws {NetError} when the address cannot be listened on
 */
export async function startLdap(
  host: Pick<Host, 'timer'>,
  work: LdapWork,
  lost: (why: string) => void,
): Promise<LdapService> {
  let closing = false;
  let serving = false;
  let thread: Worker;
  let { content } = work;
  let n = 0;
  const waiting = new Map<number, () => void>();
  const release = (): void => {
    for (const done of waiting.values()) done();
    waiting.clear();
  };
  const begin = (at: Addr): Promise<Addr> =>
    new Promise((resolve, reject) => {
      const file = import.meta.url.endsWith('.ts') ? './ldap-thread.ts' : './ldap-thread.js';
      let why = 'it ended';
      thread = new Worker(new URL(file, import.meta.url), {
        workerData: { content, at } satisfies LdapWork,
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      });
      thread.on('message', (news: LdapNews) => {
        if (news.kind === 'failed') {
          reject(news.code ? new NetError(news.code, at) : new Error(news.message));
          return;
        }
        if (news.kind === 'updated') {
          waiting.get(news.n)?.();
          waiting.delete(news.n);
          return;
        }
        serving = true;
        resolve(news.addr);
      });
      thread.on('error', (error) => {
        why = error.message;
      });
      thread.on('exit', () => {
        const was = serving;
        serving = false;
        release();
        if (closing || !was) return;
        lost(why);
        again();
      });
    });
  const again = (): void => {
    begin(addr).catch((error: Error) => {
      lost(error.message);
      if (!closing) host.timer(RETRY_MS, again);
    });
  };
  const addr = await begin(work.at);
  return {
    addr,
    up: () => serving,
    update(changed) {
      content = changed;
      if (!serving) return Promise.resolve();
      const told = (n += 1);
      return new Promise((resolve) => {
        waiting.set(told, resolve);
        thread.postMessage({ n: told, content } satisfies LdapUpdate);
      });
    },
    async close() {
      closing = true;
      await thread.terminate();
    },
  };
}

/**
 * A server in a thread of its own with a bounded heap, which is started again when it dies: whatever a client makes of
 * it, everything else goes on.
 *
 * @module
 */
import { Worker } from 'node:worker_threads';
import { type Addr, type Host, NetError, type NetErrorCode } from '../../net/host.ts';

/** What a thread is begun with. */
export interface ThreadWork<C> {
  /** What it serves until it is told of something else. */
  readonly content: C;
  readonly at: readonly Addr[];
}

/** Told to the thread: what it serves from now on. */
export interface ThreadUpdate<C> {
  readonly n: number;
  readonly content: C;
}

/** What a thread tells; `heard` is its own business. */
export type ThreadNews<H = never> =
  | { readonly kind: 'listening'; readonly addrs: readonly Addr[] }
  | { readonly kind: 'updated'; readonly n: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: NetErrorCode }
  | { readonly kind: 'heard'; readonly what: H };

export interface ThreadOptions<C, H> extends ThreadWork<C> {
  /** Module of the thread, beside this one, without its ending. */
  readonly module: string;
  readonly heapMb: number;
  /** Told when the thread died and is started again. */
  readonly lost: (why: string) => void;
  readonly heard?: (what: H) => void;
}

export interface ServedThread<C> {
  readonly addrs: readonly Addr[];
  up(): boolean;
  /** Resolves once the content is served; at once while the thread is down, which starts again with it. */
  update(content: C): Promise<void>;
  close(): Promise<void>;
}

/** Until the next try when the port cannot be had again. */
const RETRY_MS = 1000;

/** @throws {NetError} when an address cannot be listened on */
export async function serveInThread<C, H = never>(
  host: Pick<Host, 'timer'>,
  options: ThreadOptions<C, H>,
): Promise<ServedThread<C>> {
  const { module, heapMb, lost, heard } = options;
  let closing = false;
  let serving = false;
  let thread: Worker;
  let { content } = options;
  let n = 0;
  const waiting = new Map<number, () => void>();
  const release = (): void => {
    for (const done of waiting.values()) done();
    waiting.clear();
  };
  const begin = (at: readonly Addr[]): Promise<readonly Addr[]> =>
    new Promise((resolve, reject) => {
      const file = `./${module}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`;
      let why = 'it ended';
      thread = new Worker(new URL(file, import.meta.url), {
        workerData: { content, at } satisfies ThreadWork<C>,
        resourceLimits: { maxOldGenerationSizeMb: heapMb },
      });
      thread.on('message', (news: ThreadNews<H>) => {
        switch (news.kind) {
          case 'failed':
            reject(news.code ? new NetError(news.code, at[0]!) : new Error(news.message));
            return;
          case 'updated':
            waiting.get(news.n)?.();
            waiting.delete(news.n);
            return;
          case 'heard':
            heard?.(news.what);
            return;
          case 'listening':
            serving = true;
            resolve(news.addrs);
        }
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
    begin(addrs).catch((error: Error) => {
      lost(error.message);
      if (!closing) host.timer(RETRY_MS, again);
    });
  };
  const addrs = await begin(options.at);
  return {
    addrs,
    up: () => serving,
    update(changed) {
      content = changed;
      if (!serving) return Promise.resolve();
      const told = (n += 1);
      return new Promise((resolve) => {
        waiting.set(told, resolve);
        thread.postMessage({ n: told, content } satisfies ThreadUpdate<C>);
      });
    },
    async close() {
      closing = true;
      await thread.terminate();
    },
  };
}

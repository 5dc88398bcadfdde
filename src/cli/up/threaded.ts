/**
 * The other side of `served-thread.ts`: what runs in the thread.
 *
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type Addr, NetError } from '../../net/host.ts';
import type { ThreadNews, ThreadUpdate, ThreadWork } from './served-thread.ts';

/** What a thread serves with. */
export interface Threaded<C> {
  readonly addrs: readonly Addr[];
  update(content: C): void;
}

/** Tells whoever began the thread. */
export const tell = <H>(news: ThreadNews<H>): void => parentPort?.postMessage(news);

/** Begins to serve, and goes on with other content when it is told to. A thread that cannot serve says why and ends. */
export async function runThread<C>(start: (work: ThreadWork<C>) => Promise<Threaded<C>>): Promise<void> {
  try {
    const serving = await start(workerData as ThreadWork<C>);
    parentPort?.on('message', ({ n, content }: ThreadUpdate<C>) => {
      serving.update(content);
      tell({ kind: 'updated', n });
    });
    tell({ kind: 'listening', addrs: serving.addrs });
  } catch (error) {
    tell({
      kind: 'failed',
      message: (error as Error).message,
      ...(error instanceof NetError ? { code: error.code } : {}),
    });
    parentPort?.close();
  }
}

import { createHook } from 'node:async_hooks';
import type { SimNetwork } from '../../src/net/sim/network.ts';

/** Work that was begun during a simulated run while no `host.hold` was open. */
export interface UnheldWork {
  /** Node's name for the kind of resource, for example `FSREQPROMISE` or `PBKDF2REQUEST`. */
  readonly type: string;
  /** Where it was begun: the frames that are not Node's own. */
  readonly stack: readonly string[];
}

/** What goes on in other threads, in the kernel or in other processes, so that the simulated network cannot see it. */
const INVISIBLE =
  /^(FSREQ|FSEVENT|FILEHANDLECLOSEREQ|STATWATCHER|ZLIB|BROTLI|ZSTD|WORKER$|PROCESSWRAP|BLOBREADER|GETADDRINFOREQWRAP|GETNAMEINFOREQWRAP|QUERYWRAP|[A-Z0-9]+REQUEST$)/;

interface MaybeJob {
  readonly ondone?: unknown;
}

/**
 * Runs `work` (a `network.run` and nothing else) and collects what it begins outside of a hold. What is begun while
 * somebody else's hold is open is not found: let each scenario hold little. A run that fails is reported too, because
 * such work is what makes runs stick.
 */
export async function unheldWork<T>(
  network: Pick<SimNetwork, 'holding'>,
  work: () => Promise<T>,
): Promise<{ readonly outcome: PromiseSettledResult<T>; readonly found: readonly UnheldWork[] }> {
  const found = new Map<string, UnheldWork>();
  const judge = (type: string, trace: string, resource: MaybeJob) => {
    if (network.holding > 0 || isSync(type, trace, resource)) return;
    const stack = ownFrames(trace);
    found.set(`${type} ${stack[0] ?? ''}`, { type, stack });
  };
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (!INVISIBLE.test(type) || network.holding > 0) return;
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 40;
      const trace = new Error(type).stack ?? '';
      Error.stackTraceLimit = stackTraceLimit;
      // `host.hold(readFile(…))` begins the work first and holds it in the same breath.
      queueMicrotask(() => judge(type, trace, resource));
    },
  });
  hook.enable();
  try {
    const [outcome] = await Promise.allSettled([work()]);
    return { outcome, found: [...found.values()] };
  } finally {
    hook.disable();
  }
}

/** Synchronous calls make the same resources and are done with them before they return. */
function isSync(type: string, trace: string, resource: MaybeJob): boolean {
  if (/^\s*at .*(\bsync|Sync)\w*\b.*\(node:/m.test(trace)) return true;
  // Not every synchronous call of node:crypto says so in its name; WebCrypto is never synchronous.
  return type.endsWith('REQUEST') && typeof resource.ondone !== 'function' && !/ jobPromise /.test(trace);
}

const ownFrames = (trace: string): string[] =>
  trace
    .split('\n')
    .slice(1)
    .map((line) => line.trim().replace(/^at /, ''))
    .filter((line) => !/\(?node:|<anonymous>\)?$|test\/net\/unheld-work\.ts|emitInitNative/.test(line));

/** For messages of failing tests. */
export const describeUnheld = (found: readonly UnheldWork[]): string[] =>
  found.map(({ type, stack }) => `${type} begun without hold at ${stack[0] ?? 'an unknown place'}`);

/**
 * One step of a fetch: find the address, call it, ask, read; all within one deadline.
 *
 * @module
 */
import type { Host, Socket } from '../net/host.ts';
import { peerCertificates, secureClient } from '../net/tls.ts';
import { HttpError, httpError } from './error.ts';
import { type Answer, type Exchange, exchange } from './exchange.ts';
import { locate, type Target, type TargetRules } from './target.ts';

/** Judges the certificates of a server (DER, leaf first) at `at` (ms UTC): a text is the reason to refuse. */
export type JudgeServer = (chain: readonly Uint8Array[], hostname: string, at: number) => string | undefined;

export interface HopLimits extends TargetRules {
  readonly maxBytes: number;
  readonly judgeServer: JudgeServer | undefined;
}

/** What the deadline ends when it comes. */
export interface Deadline {
  /** Rejects with `timeout` when the time is over. */
  readonly over: Promise<never>;
  readonly leftMs: () => number;
}

/** Gives `work` so much time; what it races against `over` ends then. */
export async function withDeadline<T>(
  host: Host,
  ms: number,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const end = host.mono() + ms;
  let cancel = () => {};
  const over = new Promise<never>((_resolve, reject) => {
    cancel = host.timer(ms, () => reject(new HttpError('timeout', `no complete answer in ${ms} ms`)));
  });
  // Whoever races against it hears of it; when nobody does at that moment it is no error.
  over.catch(() => undefined);
  try {
    return await work({ over, leftMs: () => Math.max(0, end - host.mono()) });
  } finally {
    cancel();
  }
}

/** Asks one URL once. @param send what is not a GET @throws {HttpError | NetError} */
export async function askOnce(
  host: Host,
  url: URL,
  headers: Readonly<Record<string, string>>,
  limits: HopLimits,
  deadline: Deadline,
  send: Pick<Exchange, 'method' | 'body'> = {},
): Promise<Answer> {
  const target = await Promise.race([locate(url, limits), deadline.over]);
  let socket: Socket = await host.dial(target.addr, { deadlineMs: deadline.leftMs() });
  const plain = socket;
  try {
    if (target.secure) socket = await upgrade(host, socket, target, limits, deadline);
    const asked = exchange(socket, {
      path: `${url.pathname}${url.search}`,
      headers,
      maxBytes: limits.maxBytes,
      ...send,
    });
    return await Promise.race([asked, deadline.over]);
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

async function upgrade(
  host: Host,
  socket: Socket,
  target: Target,
  limits: HopLimits,
  deadline: Deadline,
): Promise<Socket> {
  const judge = limits.judgeServer;
  const secure = await secureClient(host, socket, {
    servername: target.hostname,
    rejectUnauthorized: judge === undefined,
    deadlineMs: deadline.leftMs(),
  }).catch((error: unknown) => {
    const { code, message } = httpError(error);
    throw new HttpError(code === 'timeout' ? 'timeout' : 'tls', message);
  });
  const refusal = judge?.(peerCertificates(secure), target.hostname, host.now());
  if (refusal !== undefined) {
    secure.destroy();
    throw new HttpError('tls', `certificate of ${target.hostname}: ${refusal}`);
  }
  return secure;
}

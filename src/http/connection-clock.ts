/**
 * The deadlines of one server connection: for each request to come in whole, for each answer to be taken, and for the
 * next request to begin. A request that drips in byte by byte does not move its deadline.
 *
 * @module
 */
import type { Cancel, Host, Socket } from '../net/host.ts';

export interface ConnectionClock {
  /** The header of a request is in. Returns what to call when its body is, too. */
  request(): Cancel;
  /** An answer is being sent. */
  sending(): Cancel;
  /** An answer is out, or its request has died. */
  answered(): void;
  stop(): void;
}

export interface ConnectionLimits {
  readonly requestMs: number;
  readonly idleMs: number;
  readonly sendMs: number;
}

const TIMEOUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

export function connectionClock(host: Host, socket: Socket, limits: ConnectionLimits): ConnectionClock {
  const running = new Set<Cancel>();
  let open = 0;
  let idle: Cancel | undefined;

  const deadline = (ms: number, fire: () => void): Cancel => {
    const take = () => {
      cancel();
      running.delete(take);
    };
    const cancel = host.timer(ms, () => {
      running.delete(take);
      fire();
    });
    running.add(take);
    return take;
  };
  const hangUp = () => void socket.destroy();
  const late = () => {
    if (socket.writable && socket.bytesRead > 0) socket.end(TIMEOUT, hangUp);
    else hangUp();
  };

  idle = deadline(limits.requestMs, late);
  return {
    request() {
      open++;
      idle?.();
      idle = undefined;
      return deadline(limits.requestMs, late);
    },
    sending: () => deadline(limits.sendMs, hangUp),
    answered() {
      open--;
      if (open === 0 && !socket.destroyed) idle = deadline(limits.idleMs, hangUp);
    },
    stop() {
      for (const cancel of [...running]) cancel();
    },
  };
}

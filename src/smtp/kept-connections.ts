/**
 * Connections to servers that took a message, open for a short while: the next message to the same server goes in
 * another transaction (RFC 5321 §3.3), without a connection, a greeting and a handshake of its own.
 *
 * @module
 */
import { type Addr, type Cancel, formatAddr, type Host } from '../net/host.ts';
import type { ClientConnection } from './client-connection.ts';

/** Who we said that we are, and how it is protected, belong to a connection. */
interface Manner {
  readonly helo: string;
  readonly tls?: 'opportunistic' | 'never' | 'required';
}

/** What a server said that it can do. */
export interface Offer {
  readonly keywords: ReadonlySet<string>;
  readonly sizeLimit?: number;
}

export interface KeptConnection {
  readonly server: Addr;
  readonly manner: Manner;
  readonly smtp: ClientConnection;
  readonly offer: Offer;
  /** That it carried so far. */
  readonly messages: number;
}

export interface KeptConnections {
  /** One that is open to this server. It is the caller's until it is kept again. */
  take(server: Addr, manner: Manner): KeptConnection | undefined;
  /** Takes a connection between two transactions. False: it is not kept, and is the caller's to close. */
  keep(connection: KeptConnection): boolean;
  /** Takes leave of all servers and keeps nothing any more. */
  close(): Promise<void>;
}

const IDLE_MS = 5_000;
/** Open ones that nobody uses, all together. */
const MOST = 32;
/** Servers count, and end the connection. */
const MOST_MESSAGES = 100;
const GOODBYE_MS = 1_000;

export function keptConnections(host: Pick<Host, 'timer' | 'mono'>): KeptConnections {
  const idle = new Map<KeptConnection, Cancel>();
  let closed = false;
  const leave = (one: KeptConnection): Promise<void> => {
    idle.get(one)?.();
    idle.delete(one);
    one.smtp.until(host.mono() + GOODBYE_MS);
    return one.smtp.quit();
  };
  return {
    take(server, manner) {
      const wanted = nameOf(server, manner);
      for (const [one, cancel] of idle) {
        if (nameOf(one.server, one.manner) !== wanted) continue;
        cancel();
        idle.delete(one);
        if (one.smtp.usable) return one;
        one.smtp.destroy();
      }
      return undefined;
    },
    keep(one) {
      if (closed || one.messages >= MOST_MESSAGES || idle.size >= MOST || !one.smtp.usable) return false;
      idle.set(
        one,
        host.timer(IDLE_MS, () => void leave(one)),
      );
      return true;
    },
    async close() {
      closed = true;
      await Promise.all([...idle.keys()].map(leave));
    },
  };
}

const nameOf = (server: Addr, { helo, tls = 'opportunistic' }: Manner): string =>
  `${formatAddr(server)} ${helo} ${tls}`;

/**
 * What one machine of the network can do: tell the time, wait, open sockets, draw random numbers and leave evidence.
 *
 * All code above `net/` gets its clock, sockets and chance from a `Host` and from nowhere else, so that the same code
 * runs on the real network (`real.ts`) and on a virtual one with a virtual clock (`sim/`).
 *
 * @module
 */
import type { Socket } from 'node:net';
import type { Random } from './random.ts';

export type { Socket } from 'node:net';
export type { Random } from './random.ts';

/**
 * An IP literal (or a name known to the routes) and a port, as the field knows them: virtual in a simulation. On the real
 * machine a host that begins with a slash is the file of a Unix socket.
 */
export interface Addr {
  readonly host: string;
  readonly port: number;
}

/** Takes back a timer; harmless after it fired. */
export type Cancel = () => void;

/** A socket that accepts connections. */
export interface Listener {
  readonly addr: Addr;
  /** Stops accepting and ends the open connections. */
  close(): Promise<void>;
}

/** A bound datagram socket. */
export interface UdpPort {
  readonly addr: Addr;
  /** Sets the one receiver of datagrams. `from` is the address to answer to. */
  onMessage(receive: (bytes: Uint8Array, from: Addr) => void): void;
  /** Fire and forget, as datagrams are: a failure to send is a lost datagram, never a throw. */
  send(bytes: Uint8Array, to: Addr): void;
  /**
   * How many datagrams the system has not taken yet: their bytes must stay as they are. Absent: `send` copies them.
   */
  pending?(): number;
  close(): Promise<void>;
}

export interface DialOptions {
  /** Give up after this many milliseconds (of `now()` time) with `NetError` code `timeout`. Default 10,000. */
  readonly deadlineMs?: number;
}

export interface Host {
  /** Name in the evidence, for example `sut` or `dns`. */
  readonly name: string;
  /** Milliseconds since 1970 UTC; the only clock. */
  now(): number;
  /** Milliseconds of a clock that never jumps, for durations. */
  mono(): number;
  /** Calls `fire` once after `ms` milliseconds. */
  timer(ms: number, fire: () => void): Cancel;
  /**
   * Announces work that the network cannot see (file system, WebCrypto, zlib, worker, database over a socket of its
   * own), so that a virtual clock waits for it. Returns the same promise.
   */
  hold<T>(work: Promise<T>): Promise<T>;
  /** @throws {NetError} refused, unreachable, timeout, closed */
  dial(to: Addr, options?: DialOptions): Promise<Socket>;
  /** Port 0 takes any free port; `Listener.addr` tells which. */
  listen(at: Addr, onConnection: (socket: Socket) => void): Promise<Listener>;
  /** Without `at`: any free port, unpredictable. */
  udp(at?: Addr): Promise<UdpPort>;
  readonly random: Random;
  /** Recursive name servers to ask, in order. */
  readonly resolvers: readonly Addr[];
  /** Where evidence goes. */
  readonly events: Sink;
}

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** The kinds of evidence; `scenario/transcript.ts` fixes what each summary holds. */
export type ObservationKind =
  | 'run'
  | 'dns'
  | 'ldap'
  | 'http'
  | 'smtp'
  | 'pop3'
  | 'imap'
  | 'cert'
  | 'message'
  | 'decision'
  | 'step'
  | 'clock'
  | 'end';

/** One thing that happened, as the code that saw it tells it. The sink adds number, time and host. */
export interface Observation {
  readonly kind: ObservationKind;
  /** For protocol events: `in` = a server of ours was asked, `out` = we asked. */
  readonly dir?: 'in' | 'out';
  readonly peer?: Addr;
  /** Number of the connection, where there is one. */
  readonly conn?: number;
  /** Number of the event that led to this one. */
  readonly cause?: number;
  /** Bytes worth keeping whole: a message, a certificate, a list. */
  readonly blob?: Uint8Array;
  readonly summary: Json;
}

export interface Sink {
  /** Returns the number of the event, for `cause` and for the evidence lists of findings. 0 when nothing is kept. */
  emit(observation: Observation): number;
  /** It looks at a blob while it is told of it and never after: the memory may be used for something else then. */
  readonly keepsNoBlobs?: true;
}

/** A sink that keeps nothing. */
export const noEvents: Sink = { emit: () => 0, keepsNoBlobs: true };

export type NetErrorCode = 'refused' | 'unreachable' | 'timeout' | 'closed' | 'address-in-use' | 'permission';

/** The only error that `Host` sockets give for what the network did. */
export class NetError extends Error {
  override readonly name = 'NetError';
  readonly code: NetErrorCode;
  readonly addr: Addr;
  constructor(code: NetErrorCode, addr: Addr, detail?: string) {
    super(`${addr.host}:${addr.port}: ${NET_ERROR_TEXT[code]}${detail ? ` (${detail})` : ''}`);
    this.code = code;
    this.addr = addr;
  }
}

const NET_ERROR_TEXT: Record<NetErrorCode, string> = {
  refused: 'connection refused',
  unreachable: 'no route to host',
  timeout: 'no answer in time',
  closed: 'connection closed',
  'address-in-use': 'address is in use by another program',
  permission: 'not permitted (ports below 1024 need privileges)',
};

/** `192.0.2.1:53`, `[2001:db8::1]:53`. */
export const formatAddr = (addr: Addr): string =>
  addr.host.includes(':') ? `[${addr.host}]:${addr.port}` : `${addr.host}:${addr.port}`;

/**
 * What is under way between the two ends of a connection: bytes that one end wrote and the other has not read, an end
 * that the other has not seen, a close that is not done.
 *
 * @module
 */
import type { Socket } from 'node:net';
import { type Addr, formatAddr } from '../host.ts';

export interface End {
  readonly host: string;
  readonly addr: Addr;
  readonly socket: Socket;
  /** The TLS socket over it, if any: it sees the end of the stream in place of `socket`. */
  upper: Socket | undefined;
}

export interface Connection {
  readonly id: number;
  readonly near: End;
  readonly far: End;
  /** What each direction looked like when it was given up as stalled; counts as quiet until it changes. */
  readonly stalled: [near: string | undefined, far: string | undefined];
}

export interface Unread {
  readonly connection: Connection;
  /** 0: written by the near end (the one that dialled), 1: by the far end. */
  readonly direction: 0 | 1;
  readonly bytes: number;
  /** The same text as long as nothing moves in this direction. */
  readonly mark: string;
}

/** Bytes that have moved so far, both ways and counted at both ends: grows with each step, never shrinks. */
export function moved({ near, far }: Connection): number {
  return near.socket.bytesRead + near.socket.bytesWritten + far.socket.bytesRead + far.socket.bytesWritten;
}

export const isOver = ({ near, far }: Connection): boolean => near.socket.closed && far.socket.closed;

/** The directions in which something is still on its way. */
export function underWay(connection: Connection): Unread[] {
  const { near, far } = connection;
  const found: Unread[] = [];
  look(connection, 0, near, far, found);
  look(connection, 1, far, near, found);
  return found;
}

/** The same question as `underWay`, without the lists: it is asked at every turn. */
export function isQuiet({ near, far, stalled }: Connection): boolean {
  return arrived(near, far, stalled[0]) && arrived(far, near, stalled[1]);
}

function look(connection: Connection, direction: 0 | 1, writer: End, reader: End, found: Unread[]): void {
  if (arrived(writer, reader, connection.stalled[direction])) return;
  const bytes = writer.socket.bytesWritten - reader.socket.bytesRead;
  found.push({ connection, direction, bytes, mark: markOf(writer, reader) });
}

function arrived(writer: End, reader: End, stalled: string | undefined): boolean {
  const quiet =
    reader.socket.destroyed || (reader.upper?.destroyed ?? false)
      ? reader.socket.closed
      : sawEnd(reader) || (writer.socket.bytesWritten === reader.socket.bytesRead && !hasEnded(writer));
  return quiet || (stalled !== undefined && stalled === markOf(writer, reader));
}

const markOf = (writer: End, reader: End): string =>
  `${writer.socket.bytesWritten}/${reader.socket.bytesRead}/${hasEnded(writer)}/${reader.socket.destroyed}`;

const hasEnded = ({ socket, upper }: End): boolean =>
  socket.destroyed ||
  socket.writableFinished ||
  (upper !== undefined && (upper.destroyed || upper.writableFinished));

/** Whether the end of the stream has come in, also where nobody reads on and `end` is not emitted yet. */
const sawEnd = ({ socket, upper }: End): boolean =>
  endCameIn(socket) || (upper !== undefined && (endCameIn(upper) || upper.destroyed));

interface ReadState {
  readonly _readableState?: { readonly ended: boolean };
}

const endCameIn = (socket: Socket): boolean =>
  socket.readableEnded || ((socket as unknown as ReadState)._readableState?.ended ?? false);

/** One line for each end that is open, saying what it waits for. */
export function describe(connection: Connection): string[] {
  const line = (self: End, other: End): string => {
    const name = `${self.host} ${formatAddr(self.addr)}`;
    const peer = `${other.host} ${formatAddr(other.addr)}`;
    const unread = other.socket.bytesWritten - self.socket.bytesRead;
    const what =
      unread > 0
        ? `has left ${unread} bytes unread from ${peer}`
        : `waits for data from ${peer} (so far ${self.socket.bytesRead} bytes read, ${self.socket.bytesWritten} written)`;
    return `${name} ${what}`;
  };
  const { near, far } = connection;
  const lines: string[] = [];
  if (!near.socket.destroyed) lines.push(line(near, far));
  if (!far.socket.destroyed) lines.push(line(far, near));
  return lines;
}

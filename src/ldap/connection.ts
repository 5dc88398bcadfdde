/**
 * One connection of the server: whole messages through the guard, one after another, and all answers to what came in
 * one piece in one write.
 *
 * @module
 */
import { noEvents, type Socket } from '../net/host.ts';
import { frameEnd } from './ber-cursor.ts';
import { createDispatcher, type Outlet } from './dispatch.ts';
import { encodeNotice } from './encode.ts';
import { LdapError } from './error.ts';
import { requestSummary } from './evidence.ts';
import { checkRequest, type Verdict } from './guard.ts';
import { Inbox } from './inbox.ts';
import { RESULT } from './result.ts';
import type { LdapService } from './settings.ts';

export interface ConnectionOptions {
  /** Number of the connection. */
  readonly conn: number;
  readonly tls: boolean;
  /** Takes the socket over. */
  readonly startTls: () => void;
}

/** Octets that may wait while expensive searches of the same connection are spread over time. */
const WAITING_OCTETS = 256 * 1024;

/** Serves `socket` until it closes. */
export function serveConnection(service: LdapService, socket: Socket, options: ConnectionOptions): void {
  const { host, limits } = service;
  const peer = { host: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0 };
  const inbox = new Inbox();
  const out: Buffer[] = [];
  let open = true;
  let lastRequest = host.mono();
  let cancelResume: (() => void) | undefined;

  const outlet: Outlet = {
    session: { peer, conn: options.conn, tls: options.tls, bound: false },
    recording: host.events !== noEvents,
    send: (bytes) => out.push(bytes),
    flush() {
      if (out.length === 0 || !open) return;
      socket.write(out.length === 1 ? out[0]! : Buffer.concat(out));
      out.length = 0;
      if (socket.writableLength > limits.backlogOctets) socket.destroy();
    },
    record(summary) {
      if (outlet.recording) host.events.emit({ kind: 'ldap', dir: 'in', peer, conn: options.conn, summary });
    },
    following: () => inbox.size,
  };
  const attached = service.operations.attach(socket, () => service.tree(outlet.session));
  const dispatcher = createDispatcher(service, attached, outlet);

  const stop = (): void => {
    open = false;
    cancelIdle();
    cancelResume?.();
    dispatcher.end();
    inbox.clear();
    socket.off('data', onData);
  };
  const disconnect = (code: number, why: string): void => {
    outlet.send(encodeNotice(code, why));
    outlet.flush();
    stop();
    socket.destroySoon();
  };

  const drain = (): void => {
    cancelResume = undefined;
    while (open) {
      const verdict = nextVerdict(inbox, limits.requestOctets);
      if (!verdict) break;
      lastRequest = host.mono();
      if (!verdict.ok) refuse(verdict);
      else {
        const next = dispatcher.take(verdict, inbox.bytes);
        if (next !== 'go-on') leave(next);
      }
      if (dispatcher.takeWork() > limits.work / 2 && open) {
        // Others' requests come first.
        cancelResume = host.timer(0, drain);
        break;
      }
    }
    inbox.release();
    outlet.flush();
  };

  const leave = (next: 'end' | 'tls'): void => {
    outlet.flush();
    stop();
    if (next === 'tls') options.startTls();
    else socket.destroySoon();
  };

  /** When only the operation is wrong, the connection goes on; when the lengths lie, nothing after them counts. */
  const refuse = ({ id, op, result, why, fatal }: Verdict & { readonly ok: false }): void => {
    if (op && !fatal) dispatcher.reply({ id, op }, result, why);
    else {
      outlet.record(requestSummary(op ?? 'message', result, why));
      disconnect(result, why);
    }
  };

  const onData = (chunk: Buffer): void => {
    inbox.add(chunk);
    if (!cancelResume) drain();
    else if (inbox.size > WAITING_OCTETS) disconnect(RESULT.busy, 'too many requests wait');
  };

  // One timer that looks when the last whole request came: half a request at a time keeps nobody alive.
  const checkIdle = (): void => {
    const left = lastRequest + limits.idleMs - host.mono();
    if (left <= 0) disconnect(RESULT.unavailable, `no request for ${limits.idleMs} ms`);
    else cancelIdle = host.timer(left, checkIdle);
  };
  let cancelIdle = host.timer(limits.idleMs, checkIdle);

  socket.on('data', onData);
  socket.once('close', stop);
  if (!options.tls || service.options.ldaps) outlet.record(requestSummary('connect', RESULT.success));
}

/** The next whole message, judged; undefined when more octets are needed. */
function nextVerdict(inbox: Inbox, most: number): Verdict | undefined {
  let end: number;
  try {
    end = frameEnd(inbox.bytes, inbox.start, inbox.stop, most);
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
    return { ok: false, id: 0, result: RESULT.protocolError, why: error.message, fatal: true };
  }
  if (end === 0) return undefined;
  const verdict = checkRequest(inbox.bytes, inbox.start, end);
  inbox.start = end;
  return verdict;
}

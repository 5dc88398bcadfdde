/**
 * One question to one server over one transport.
 *
 * @module
 */
import { canonicalHost } from '../net/address.ts';
import { type Addr, type Cancel, type Host, NetError } from '../net/host.ts';
import { DnsError } from './error.ts';
import { framed, messageFramer } from './framing.ts';
import { CLASS_IN, type DnsMessage, decodeMessage, encodeMessage, makeQuery } from './message.ts';
import { sameName } from './names.ts';
import type { TypeName } from './records.ts';
import type { Attempt, ResolverParts } from './resolver-parts.ts';

export type Received =
  | { readonly message: DnsMessage; readonly ignored: readonly string[] }
  /** `timeout`, another code of `NetError`, or `malformed: why`. */
  | { readonly error: string; readonly ignored: readonly string[] };

/**
 * Sends the question and waits for its answer. What is not from the server asked, or has another id or question, is
 * ignored (RFC 5452 §9), and `ignored` says so.
 */
export async function exchange(
  host: Host,
  attempt: Attempt,
  name: string,
  type: TypeName,
  believes: ResolverParts['believes'] = () => false,
): Promise<Received & { readonly id: number }> {
  const id = host.random.int(0x10000);
  const query = makeQuery(id, { name, type, class: CLASS_IN }, edns(attempt.edns));
  const ignored: string[] = [];
  const ask = attempt.transport === 'udp' ? askDatagram : askStream;
  try {
    const take = (bytes: Uint8Array) => accept(bytes, query, ignored, believes);
    const stray = (): boolean => {
      const counts = believes('source');
      if (!counts) ignored.push('from another address or port');
      return counts;
    };
    const result = await ask(host, attempt, encodeMessage(query), take, stray);
    return { ...result, ignored, id };
  } catch (error) {
    if (error instanceof NetError) return { error: error.code, ignored, id };
    throw error;
  }
}

const edns = (udpSize: number | null) =>
  udpSize === null ? {} : { edns: { udpSize, version: 0, dnssecOk: false, options: [] } };

type Taken = { readonly message: DnsMessage } | { readonly error: string };

/** Undefined: not the answer to this query. */
function accept(
  bytes: Uint8Array,
  query: DnsMessage,
  ignored: string[],
  believes: ResolverParts['believes'],
): Taken | undefined {
  if (bytes.length < 12 || (((bytes[0]! << 8) | bytes[1]!) !== query.id && !believes('id'))) {
    ignored.push('another id');
    return undefined;
  }
  if ((bytes[2]! & 0x80) === 0) {
    ignored.push('a query, not an answer');
    return undefined;
  }
  let message: DnsMessage;
  try {
    message = decodeMessage(bytes);
  } catch (error) {
    if (error instanceof DnsError) return { error: `malformed: ${error.message}` };
    throw error;
  }
  const { question } = message;
  const wanted = query.question!;
  // A server that cannot read a question does not repeat it.
  const bare = question === undefined && message.rcode !== 'NOERROR' && message.rcode !== 'NXDOMAIN';
  const same =
    question !== undefined &&
    sameName(question.name, wanted.name) &&
    question.type === wanted.type &&
    question.class === wanted.class;
  if (!bare && !same && !believes('question')) {
    ignored.push('another question');
    return undefined;
  }
  return { message };
}

type Take = (bytes: Uint8Array) => Taken | undefined;

async function askDatagram(
  host: Host,
  attempt: Attempt,
  query: Uint8Array,
  take: Take,
  countsFromElsewhere: () => boolean,
): Promise<Taken> {
  const port = await host.udp();
  let cancel: Cancel = () => undefined;
  try {
    return await new Promise<Taken>((resolve, reject) => {
      cancel = host.timer(attempt.timeoutMs, () => resolve({ error: 'timeout' }));
      port.onMessage((bytes, from) => {
        if (!sameAddr(from, attempt.server) && !countsFromElsewhere()) return;
        try {
          const taken = take(bytes);
          if (taken) resolve(taken);
        } catch (error) {
          reject(error);
        }
      });
      port.send(query, attempt.server);
    });
  } finally {
    cancel();
    await port.close();
  }
}

const sameAddr = (a: Addr, b: Addr): boolean =>
  a.port === b.port && (a.host === b.host || canonicalHost(a.host) === canonicalHost(b.host));

async function askStream(host: Host, attempt: Attempt, query: Uint8Array, take: Take): Promise<Taken> {
  const start = host.now();
  const socket = await host.dial(attempt.server, { deadlineMs: attempt.timeoutMs });
  let cancel: Cancel = () => undefined;
  try {
    return await new Promise<Taken>((resolve, reject) => {
      const left = Math.max(1, attempt.timeoutMs - (host.now() - start));
      cancel = host.timer(left, () => resolve({ error: 'timeout' }));
      const push = messageFramer(0xffff, (message) => {
        try {
          const taken = take(message);
          if (taken) resolve(taken);
        } catch (error) {
          reject(error);
        }
      });
      socket.on('data', (chunk: Buffer) => {
        if (!push(chunk)) resolve({ error: 'malformed: a message of no octets' });
      });
      socket.on('error', () => resolve({ error: 'closed' }));
      socket.on('close', () => resolve({ error: 'closed' }));
      socket.write(framed(query));
    });
  } finally {
    cancel();
    socket.destroy();
  }
}

/**
 * Keys that an external signer holds, as `HeldKey`s. One connection, many questions under way at once; after a failure the
 * next question opens a new one.
 *
 * @module
 */
import { createPublicKey } from 'node:crypto';
import type { z } from 'zod';
import { type Addr, type Host, NetError, type Socket } from '../net/host.ts';
import type { SignatureAlgorithm } from '../pki/algorithms.ts';
import type { HeldKey } from '../pki/private-key.ts';
import { CustodyError } from './error.ts';
import {
  contentKeySchema,
  keysSchema,
  LINE_LIMIT,
  lineReader,
  replySchema,
  type SignerRequest,
  signatureSchema,
} from './signer-protocol.ts';

export interface SignerKey extends HeldKey {
  readonly name: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

export interface Signer {
  /** What the signer holds. @throws {CustodyError} */
  readonly keys: () => Promise<readonly SignerKey[]>;
  /** One of them. @throws {CustodyError} `unknown-key` */
  readonly key: (name: string) => Promise<SignerKey>;
  readonly close: () => void;
}

export interface SignerOptions {
  /** A port of this machine, or `{ host: '/run/signer.sock', port: 0 }`. */
  readonly at: Addr;
  /** What the signer wants to be shown first. */
  readonly token?: string;
  /** For one answer. Default 10 seconds. */
  readonly timeoutMs?: number;
}

type Question = SignerRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

interface Waiting {
  readonly resolve: (ok: unknown) => void;
  readonly reject: (error: CustodyError) => void;
}

interface Line {
  readonly socket: Socket;
  readonly waiting: Map<number, Waiting>;
}

/** Dials nothing until something is asked. */
export function createSigner(host: Host, options: SignerOptions): Signer {
  const timeoutMs = options.timeoutMs ?? 10_000;
  let line: Promise<Line> | undefined;
  let lastId = 0;

  const drop = (failed: Line, error: CustodyError): void => {
    line = undefined;
    failed.socket.destroy();
    const all = [...failed.waiting.values()];
    failed.waiting.clear();
    for (const { reject } of all) reject(error);
  };

  const send = (on: Line, question: Question): Promise<unknown> => {
    const id = ++lastId;
    const text = `${JSON.stringify({ id, ...question })}\n`;
    if (text.length > LINE_LIMIT)
      return Promise.reject(new CustodyError('refused', 'that is more than a signer takes in one request'));
    return new Promise((resolve, reject) => {
      const cancel = host.timer(timeoutMs, () => {
        on.waiting.delete(id);
        reject(new CustodyError('timeout', `the signer did not answer within ${timeoutMs} ms`));
      });
      on.waiting.set(id, {
        resolve: (ok) => {
          cancel();
          resolve(ok);
        },
        reject: (error) => {
          cancel();
          reject(error);
        },
      });
      on.socket.write(text);
    });
  };

  const open = async (): Promise<Line> => {
    const socket = await dialled(host, options.at, timeoutMs);
    const opened: Line = { socket, waiting: new Map() };
    socket.on(
      'data',
      lineReader(LINE_LIMIT, (text) => {
        const wrong = settle(opened, text);
        if (wrong) drop(opened, wrong);
      }),
    );
    socket.once('close', () =>
      drop(opened, new CustodyError('unreachable', 'the signer closed the connection')),
    );
    if (options.token !== undefined) await send(opened, { op: 'hello', token: options.token });
    return opened;
  };

  const ask = async <T>(question: Question, schema: z.ZodType<T>): Promise<T> => {
    line ??= open().catch((error: unknown) => {
      line = undefined;
      throw error;
    });
    const parsed = schema.safeParse(await send(await line, question));
    if (parsed.success) return parsed.data;
    throw new CustodyError('protocol', `the signer's answer to ${question.op} is not of the protocol`);
  };

  const held = (name: string, spki: Uint8Array): SignerKey => ({
    held: true,
    name,
    spki,
    publicKey: publicKeyOf(spki),
    async sign(algorithm, data) {
      const question = { op: 'sign', key: name, algorithm: wired(algorithm), data: base64(data) } as const;
      return Buffer.from((await ask(question, signatureSchema)).signature, 'base64');
    },
    async decrypt({ scheme, digest, maskDigest, label }, data) {
      if (scheme === 'unknown') return undefined;
      const transport = {
        scheme,
        ...(digest && { digest }),
        ...(maskDigest && { maskDigest }),
        ...(label && { label: base64(label) }),
      };
      const question = { op: 'decrypt', key: name, transport, data: base64(data) } as const;
      const { contentKey } = await ask(question, contentKeySchema);
      return contentKey === null ? undefined : Buffer.from(contentKey, 'base64');
    },
  });

  const keys = async (): Promise<readonly SignerKey[]> =>
    (await ask({ op: 'keys' }, keysSchema)).keys.map(({ name, spki }) =>
      held(name, Buffer.from(spki, 'base64')),
    );
  return {
    keys,
    async key(name) {
      const known = await keys();
      const found = known.find((one) => one.name === name);
      if (found) return found;
      const there = known.map((one) => one.name).join(', ') || 'none';
      throw new CustodyError('unknown-key', `the signer holds no key ${name}; it holds ${there}`);
    },
    close() {
      void line?.then(
        (opened) => drop(opened, new CustodyError('unreachable', 'the connection to the signer was closed')),
        () => undefined,
      );
    },
  };
}

async function dialled(host: Host, at: Addr, deadlineMs: number): Promise<Socket> {
  try {
    return await host.dial(at, { deadlineMs });
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    const code = error.code === 'timeout' ? 'timeout' : 'unreachable';
    throw new CustodyError(code, `the signer cannot be reached: ${error.message}`, { cause: error });
  }
}

/** Hands an answer to whoever waits for it. What is no answer ends the connection. */
function settle({ waiting }: Line, text: string | undefined): CustodyError | undefined {
  const reply = replySchema.safeParse(text === undefined ? undefined : json(text));
  if (!reply.success || reply.data.id === null)
    return new CustodyError('protocol', 'the signer sent what is no answer of the protocol');
  const { id } = reply.data;
  const asked = waiting.get(id);
  waiting.delete(id);
  // late, after its time was up: nobody waits
  if (!asked) return undefined;
  if ('error' in reply.data) asked.reject(refusal(reply.data.error));
  else asked.resolve(reply.data.ok);
  return undefined;
}

function refusal({ code, detail }: { readonly code: string; readonly detail: string }): CustodyError {
  if (code === 'unknown-key') return new CustodyError('unknown-key', detail);
  if (code === 'malformed') return new CustodyError('protocol', detail);
  return new CustodyError('refused', detail);
}

function publicKeyOf(spki: Uint8Array): HeldKey['publicKey'] {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (error) {
    throw new CustodyError('protocol', 'the signer names a public key that cannot be loaded', {
      cause: error,
    });
  }
}

function wired({ scheme, digest, saltLength, name }: SignatureAlgorithm) {
  if (scheme === 'dsa' || scheme === 'unknown')
    throw new CustodyError('refused', `a signer does not sign with ${name}`);
  return { scheme, ...(digest && { digest }), ...(saltLength !== undefined && { saltLength }) };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

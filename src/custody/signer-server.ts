/**
 * A reference signer: holds keys and uses them for whoever may ask. A module of hardware behind a small program that
 * speaks the same protocol takes its place.
 *
 * @module
 */
import { createHash, createPublicKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { unwrapKey } from '../cms/key-transport.ts';
import type { Addr, Host, Listener, Socket } from '../net/host.ts';
import { type SignatureAlgorithm, signatureAlgorithm, signData } from '../pki/algorithms.ts';
import { PkiError } from '../pki/error.ts';
import {
  LINE_LIMIT,
  lineReader,
  PROTOCOL,
  requestSchema,
  type SignerCode,
  type SignerReply,
  type SignerRequest,
} from './signer-protocol.ts';

export interface ServedKey {
  readonly name: string;
  readonly privateKey: KeyObject;
  /** Default both. */
  readonly uses?: readonly ('sign' | 'decrypt')[];
}

export interface SignerServerOptions {
  readonly at: Addr;
  readonly keys: readonly ServedKey[];
  /** What whoever asks must show first. On a Unix socket the permissions of the file may be enough. */
  readonly token?: string;
  /** Open connections. Default 20. */
  readonly connections?: number;
  /** Hears of every use, before it is answered. */
  readonly used?: (use: { readonly op: 'sign' | 'decrypt'; readonly key: string }) => void;
}

/** @throws {NetError} */
export async function serveSigner(host: Host, options: SignerServerOptions): Promise<Listener> {
  const keys = new Map(options.keys.map((key) => [key.name, key]));
  let open = 0;
  return host.listen(options.at, (socket) => {
    if (open >= (options.connections ?? 20)) {
      socket.destroy();
      return;
    }
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    converse(socket, keys, options);
  });
}

class Refusal extends Error {
  readonly code: SignerCode;
  constructor(code: SignerCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

function converse(socket: Socket, keys: ReadonlyMap<string, ServedKey>, options: SignerServerOptions): void {
  let known = options.token === undefined;
  const reply = (answer: SignerReply): void => {
    // whoever does not read its answers is not asked further
    if (!socket.write(`${JSON.stringify(answer)}\n`)) {
      socket.pause();
      socket.once('drain', () => socket.resume());
    }
  };
  const refuse = (id: number | null, code: SignerCode, detail: string): void =>
    reply({ id, error: { code, detail } });
  socket.on(
    'data',
    lineReader(LINE_LIMIT, (text) => {
      if (text === undefined) {
        refuse(null, 'limit', `a line of more than ${LINE_LIMIT} octets`);
        socket.end();
        return;
      }
      const request = parsed(text);
      if (!request) {
        refuse(null, 'malformed', 'this is no request of the protocol');
        socket.end();
        return;
      }
      const { id } = request;
      try {
        if (request.op === 'hello') known ||= sameToken(request.token, options.token ?? '');
        if (!known) {
          refuse(id, 'refused', 'the token is missing or wrong');
          socket.end();
          return;
        }
        reply({ id, ok: answer(request, keys, options) });
      } catch (error) {
        if (error instanceof Refusal) refuse(id, error.code, error.message);
        else refuse(id, 'failed', 'the key could not be used');
      }
    }),
  );
}

function answer(
  request: SignerRequest,
  keys: ReadonlyMap<string, ServedKey>,
  { used }: SignerServerOptions,
): unknown {
  switch (request.op) {
    case 'hello':
      return { protocol: PROTOCOL };
    case 'keys':
      return {
        keys: [...keys.values()].map(({ name, privateKey }) => ({
          name,
          spki: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64'),
        })),
      };
    case 'sign': {
      const key = keyFor(keys, request.key, 'sign');
      const algorithm = algorithmOf(key, request.algorithm);
      used?.({ op: 'sign', key: request.key });
      const signature = signData(algorithm, Buffer.from(request.data, 'base64'), key);
      return { signature: Buffer.from(signature).toString('base64') };
    }
    case 'decrypt': {
      const key = keyFor(keys, request.key, 'decrypt');
      used?.({ op: 'decrypt', key: request.key });
      const { label, ...transport } = request.transport;
      const contentKey = unwrapKey(Buffer.from(request.data, 'base64'), key, {
        ...transport,
        oid: '',
        name: transport.scheme,
        label: Buffer.from(label ?? '', 'base64'),
      });
      return { contentKey: contentKey ? Buffer.from(contentKey).toString('base64') : null };
    }
  }
}

function keyFor(keys: ReadonlyMap<string, ServedKey>, name: string, use: 'sign' | 'decrypt'): KeyObject {
  const found = keys.get(name);
  if (!found) throw new Refusal('unknown-key', `there is no key ${name}`);
  if (found.uses && !found.uses.includes(use))
    throw new Refusal('refused', `the key ${name} does not ${use}`);
  return found.privateKey;
}

/** The algorithm that fits key and wish; nothing weaker than SHA-1 is signed. */
function algorithmOf(
  key: KeyObject,
  wanted: Extract<SignerRequest, { op: 'sign' }>['algorithm'],
): SignatureAlgorithm {
  if (wanted.digest === 'md5') throw new Refusal('refused', 'MD5 is not signed');
  try {
    const pss = wanted.scheme === 'rsa-pss';
    const found = signatureAlgorithm(key, { digest: wanted.digest, pss });
    if (found.scheme !== wanted.scheme)
      throw new Refusal('refused', `the key does not sign ${wanted.scheme}`);
    return wanted.saltLength === undefined ? found : { ...found, saltLength: wanted.saltLength };
  } catch (error) {
    if (error instanceof PkiError) throw new Refusal('refused', error.message);
    throw error;
  }
}

function parsed(text: string): SignerRequest | undefined {
  try {
    const found = requestSchema.safeParse(JSON.parse(text));
    return found.success ? found.data : undefined;
  } catch {
    return undefined;
  }
}

/** In the same time whatever is shown. */
const sameToken = (shown: string, wanted: string): boolean =>
  timingSafeEqual(createHash('sha256').update(shown).digest(), createHash('sha256').update(wanted).digest());

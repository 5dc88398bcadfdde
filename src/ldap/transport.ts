/**
 * The stream that ldapts reads and writes: a socket with a guard in front. ldapts gets whole, checked messages, one
 * at a time, without controls; and as it throws entries away that came before a result other than success, every
 * search seems to succeed to it: the true result is told beside it.
 *
 * @module
 */
import { Duplex } from 'node:stream';
import { encode } from '../asn1/write.ts';
import type { Socket } from '../net/host.ts';
import { BER, frameEnd } from './ber-cursor.ts';
import { LdapError } from './error.ts';
import { Inbox } from './inbox.ts';
import { type CheckedResponse, checkResponse } from './responses.ts';

export interface TransportLimits {
  /** Octets of one message. */
  readonly messageOctets: number;
  /** Octets of all answers to one operation. */
  readonly answerOctets: number;
  /** Entries and references of one operation. */
  readonly entries: number;
}

export interface DoneResult {
  readonly code: number;
  readonly diagnostic: string;
  readonly referrals: readonly string[];
}

export class LdapTransport extends Duplex {
  // ldapts looks at these to learn that the connection stands.
  readonly connecting = false;
  readonly readyState = 'open';
  /** Result of the last search that ended. */
  done: DoneResult | undefined;
  /** What ended the connection, when we or a notice of the server did. */
  fault: LdapError | undefined;
  readonly #limits: TransportLimits;
  readonly #inbox = new Inbox();
  #socket: Socket;
  #octets = 0;
  #entries = 0;
  readonly #onData = (chunk: Buffer): void => this.#take(chunk);
  readonly #onClose = (): void => {
    this.fault ??= new LdapError('closed', 'the server closed the connection');
    this.destroy();
  };

  constructor(socket: Socket, limits: TransportLimits) {
    super({ readableObjectMode: true, allowHalfOpen: true });
    this.#socket = socket;
    this.#limits = limits;
    this.#listen(socket);
  }

  /** Goes on over another socket, which reads and writes through the first. */
  replaceSocket(upgrade: (socket: Socket) => Promise<Socket>): Promise<void> {
    const plain = this.#socket;
    plain.off('data', this.#onData);
    return upgrade(plain).then((secure) => {
      plain.off('close', this.#onClose);
      this.#socket = secure;
      this.#listen(secure);
    });
  }

  /** Starts counting for the next operation. */
  begin(): void {
    this.#octets = 0;
    this.#entries = 0;
    this.done = undefined;
  }

  /** Resolves when the socket is closed; `destroy` first. */
  socketClosed(): Promise<void> {
    const socket = this.#socket;
    return socket.closed
      ? Promise.resolve()
      : new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** Ends the connection for this reason. */
  fail(fault: LdapError): void {
    this.fault ??= fault;
    this.destroy();
  }

  override _read(): void {
    // Messages are pushed as they come; the limits bound them.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(_error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroySoon();
    done(null);
  }

  #listen(socket: Socket): void {
    socket.on('data', this.#onData);
    socket.once('close', this.#onClose);
    socket.on('error', this.#onClose);
  }

  #take(chunk: Buffer): void {
    const inbox = this.#inbox;
    inbox.add(chunk);
    try {
      this.#octets += chunk.length;
      if (this.#octets > this.#limits.answerOctets) {
        throw new LdapError('limit', `answer of more than ${this.#limits.answerOctets} octets`);
      }
      for (;;) {
        const end = frameEnd(inbox.bytes, inbox.start, inbox.stop, this.#limits.messageOctets);
        if (end === 0) return;
        const response = checkResponse(inbox.bytes, inbox.start, end);
        inbox.start = end;
        this.#pass(response);
      }
    } catch (error) {
      if (!(error instanceof LdapError)) throw error;
      this.fail(error);
    }
  }

  #pass(response: CheckedResponse): void {
    if (response.id === 0) {
      const { diagnostic = '' } = response.result ?? {};
      throw new LdapError('closed', `the server ends the connection: ${diagnostic || 'no reason given'}`);
    }
    if (response.op === 'other') return;
    if (response.op === 'entry' || response.op === 'reference') {
      if (++this.#entries > this.#limits.entries) {
        throw new LdapError('limit', `more than ${this.#limits.entries} entries`);
      }
    }
    const operation = Buffer.from(this.#inbox.bytes.subarray(response.start, response.end));
    if (response.op === 'done' && response.result) {
      const { codeStart, codeEnd } = response.result;
      this.done = response.result;
      operation.fill(0, codeStart - response.start, codeEnd - response.start);
    }
    const id = Buffer.alloc(4);
    id.writeInt32BE(response.id);
    this.push(Buffer.from(encode(BER.sequence, encode(BER.integer, id), operation)));
  }
}

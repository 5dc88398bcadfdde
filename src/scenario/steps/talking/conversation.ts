/**
 * The user's end of a submission connection: says what it is told, in any order, and notes what it hears.
 *
 * @module
 */
import { type Addr, type Host, NetError, type Socket } from '../../../net/host.ts';
import { secureClient, type TlsVersion } from '../../../net/tls.ts';
import { dotStuffed } from '../../../smtp/dot-stuffing.ts';
import { SmtpError } from '../../../smtp/error.ts';
import { createReplyReader, replyText, type SmtpReply } from '../../../smtp/reply.ts';

/** How a user's mail program reaches the submission server. */
export interface SubmissionAccess {
  readonly at: Addr;
  readonly tls: 'starttls' | 'tls' | 'none';
  readonly user: string;
  readonly password: string;
}

export interface Heard {
  /** Code of the reply; `closed`, `silent`, `no-smtp`, `no-tls`, or `tls` for a handshake that went well. */
  readonly code: string;
  readonly text: string;
}

export interface Conversation {
  say(line: string, as: string | undefined): Promise<Heard>;
  octets(text: string, apart: boolean, as: string | undefined): Promise<Heard>;
  startTls(as: string | undefined, inject?: string, only?: TlsVersion): Promise<Heard>;
  /** TLS as the server has it, and EHLO in it. */
  secure(): Promise<void>;
  logIn(password: string, mechanism: 'PLAIN' | 'LOGIN', as: string | undefined): Promise<Heard>;
  /** MAIL, RCPT, DATA and the message; gives the last reply that it came to. */
  hand(from: string, to: readonly string[], bytes: Uint8Array, as: string | undefined): Promise<Heard>;
  /** Waits for the server to speak first. */
  listen(ms: number, as: string | undefined): Promise<Heard>;
  end(): void;
}

/** For one reply. A server may think for long, and one that says nothing is found out. */
const PATIENCE_MS = 60_000;
/** Between two octets that travel apart. */
const APART_MS = 20;

/** @param note hears what was said (nothing secret) and what came of it */
export async function converse(
  host: Host,
  access: SubmissionAccess,
  note: (said: string, as: string | undefined, heard: Heard) => void,
): Promise<Conversation> {
  let socket: Socket;
  let secured = false;
  let reader = createReplyReader();
  let replies: SmtpReply[] = [];
  let over: Heard | undefined;
  let wake = (): void => undefined;

  const stop = (heard: Heard): void => {
    over ??= heard;
    wake();
  };
  const receive = (bytes: Uint8Array): void => {
    try {
      replies.push(...reader.push(bytes));
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error;
      stop({ code: 'no-smtp', text: error.message });
    }
    wake();
  };
  const attach = (): void => {
    socket.on('data', receive);
    socket.on('error', () => undefined);
    socket.on('close', () => stop({ code: 'closed', text: 'the connection ended' }));
  };
  const hear = async (ms = PATIENCE_MS): Promise<Heard> => {
    if (replies.length === 0 && !over) {
      await new Promise<void>((resolve) => {
        const cancel = host.timer(ms, resolve);
        wake = () => {
          if (replies.length === 0 && !over) return;
          cancel();
          resolve();
        };
      });
    }
    const reply = replies.shift();
    if (reply) return { code: String(reply.code), text: replyText(reply) };
    return over ?? { code: 'silent', text: `nothing within ${ms / 1000} s` };
  };
  const write = (text: string | Uint8Array): void => {
    if (!socket.destroyed && !socket.writableEnded) socket.write(text);
  };
  const told = async (said: string, as: string | undefined, heard: Heard): Promise<Heard> => {
    note(said, as, heard);
    return heard;
  };
  const say = async (line: string, as: string | undefined, shown = line): Promise<Heard> => {
    write(Buffer.from(`${line}\r\n`, 'utf8'));
    return told(shown, as, await hear());
  };
  const shake = async (only?: TlsVersion): Promise<Heard> => {
    socket.removeAllListeners('data');
    socket.removeAllListeners('close');
    reader = createReplyReader();
    replies = [];
    try {
      socket = await secureClient(host, socket, {
        servername: access.at.host,
        rejectUnauthorized: false,
        ...(only ? { only } : {}),
      });
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      over = { code: 'closed', text: 'the connection ended' };
      return { code: 'no-tls', text: error.message };
    }
    secured = true;
    attach();
    return { code: 'tls', text: 'the handshake went well' };
  };
  const startTls: Conversation['startTls'] = async (as, inject = '', only) => {
    write(Buffer.from(`STARTTLS\r\n${inject}`, 'latin1'));
    const go = await hear();
    if (go.code !== '220') return told('STARTTLS', as, go);
    return told('STARTTLS', as, await shake(only));
  };

  socket = await host.dial(access.at);
  if (access.tls === 'tls') note('TLS', undefined, await shake());
  else attach();
  note('(connects)', undefined, await hear());
  await say('EHLO tester.invalid', undefined);
  return {
    say: (line, as) => say(line, as),
    async octets(text, apart, as) {
      const bytes = Buffer.from(text, 'latin1');
      for (const octet of apart ? bytes : []) {
        write(Uint8Array.of(octet));
        await new Promise<void>((resolve) => void host.timer(APART_MS, resolve));
      }
      if (!apart) write(bytes);
      return told(JSON.stringify(text.slice(0, 200)), as, await hear());
    },
    startTls,
    async secure() {
      if (secured || access.tls === 'none') return;
      await startTls(undefined);
      await say('EHLO tester.invalid', undefined);
    },
    async logIn(password, mechanism, as) {
      if (mechanism === 'PLAIN') {
        const response = Buffer.from(`\0${access.user}\0${password}`).toString('base64');
        return say(`AUTH PLAIN ${response}`, as, 'AUTH PLAIN …');
      }
      const asked = await say('AUTH LOGIN', undefined);
      if (asked.code !== '334') return told('AUTH LOGIN', as, asked);
      await say(Buffer.from(access.user).toString('base64'), undefined, '(the name)');
      return say(Buffer.from(password).toString('base64'), as, '(the password)');
    },
    async hand(from, to, bytes, as) {
      for (const line of [`MAIL FROM:<${from}>`, ...to.map((rcpt) => `RCPT TO:<${rcpt}>`), 'DATA']) {
        const heard = await say(line, undefined);
        // a recipient that is refused keeps the others waiting for nothing
        if (!/^[23]/.test(heard.code)) return told('(the message)', as, heard);
      }
      write(dotStuffed(bytes));
      return told('(the message)', as, await hear(10 * PATIENCE_MS));
    },
    listen: async (ms, as) => told('(nothing)', as, await hear(ms)),
    end: () => socket.destroy(),
  };
}

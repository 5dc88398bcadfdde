/**
 * One SMTP conversation, as the server sees it: octets in, replies out. Knows no socket, so that every order and
 * segmentation of octets can be tried on it.
 *
 * Commands are answered one after the other, also when they come together (RFC 2920). What the client sent behind
 * STARTTLS in clear is thrown away (RFC 3207 §6), and whatever ends a conversation early leaves no message behind.
 *
 * @module
 */
import { MAX_RESPONSE } from './auth.ts';
import { takeLine } from './command-lines.ts';
import type { ContentRoom } from './content-room.ts';
import type { DataReader } from './data-reader.ts';
import { SmtpError } from './error.ts';
import type { SmtpDelivery, SmtpHandlers, SmtpSession, SmtpTransaction } from './handlers.ts';
import type { ReceiverLimits } from './limits.ts';
import { createLogin } from './login.ts';
import { extensions, mailParameters, readPath, tooLarge } from './parameters.ts';
import { type Command, parseCommand } from './path.ts';
import { formatReply, isPermanent, isPositive, type SmtpReply, smtpReply } from './reply.ts';
import { referenceWire, type SmtpWire } from './wire.ts';

export interface SessionPort {
  write(text: string): void;
  /** Ends the connection once everything is written. */
  end(): void;
  /** Reads nothing more from the client, or goes on. */
  readonly hold?: (isHeld: boolean) => void;
  /** Starts the TLS handshake; resolves when octets may flow again. Undefined when TLS is not on offer. */
  readonly startTls?: () => Promise<void>;
}

export interface SessionOptions {
  readonly hostname: string;
  readonly id: number;
  readonly peer: SmtpSession['peer'];
  readonly limits: ReceiverLimits;
  readonly handlers: SmtpHandlers;
  readonly port: SessionPort;
  /** Shared by the connections of a server. Default: there is always room. */
  readonly room?: ContentRoom;
  /** TLS is on from the first octet. */
  readonly secure?: boolean;
  /** Default: the reference. */
  readonly wire?: SmtpWire;
}

export interface ServerSession {
  greet(): void;
  /** Resolves when everything that came so far is answered. */
  push(bytes: Uint8Array): Promise<void>;
  /** Answers 421 and ends; for time limits and shut-down. A message that is being stored is answered first. */
  dismiss(text: string): void;
  /** The connection is gone. */
  gone(): void;
}

const NOTHING = new Uint8Array(0);

export function createServerSession(options: SessionOptions): ServerSession {
  const { limits, handlers, port, hostname, wire = referenceWire } = options;
  const login = createLogin(handlers.onCredentials);
  const claim = options.room?.claim();
  let input: Uint8Array = NOTHING;
  let crowded = false;
  let data: DataReader | undefined;
  let helo = '';
  let tls = options.secure ?? false;
  let transaction: { mailFrom: string; rcptTo: string[]; announced: number } | undefined;
  let commands = 0;
  let errors = 0;
  let ended = false;
  let working = false;
  let work: Promise<void> = Promise.resolve();
  let dismissal: string | undefined;

  const session = (): SmtpSession => ({
    id: options.id,
    peer: options.peer,
    helo,
    tls,
    ...(login.user ? { user: login.user } : {}),
  });
  const snapshot = (): SmtpTransaction | undefined =>
    transaction && { mailFrom: transaction.mailFrom, rcptTo: [...transaction.rcptTo] };

  const end = (): void => {
    if (ended) return;
    ended = true;
    input = NOTHING;
    data = undefined;
    claim?.release();
    port.end();
  };
  const answer = (proposed: SmtpReply, stage: string, argument = ''): SmtpReply => {
    const current = snapshot();
    const reply =
      handlers.reply?.(proposed, {
        stage,
        argument,
        session: session(),
        ...(current ? { transaction: current } : {}),
      }) ?? proposed;
    if (ended) return reply;
    port.write(formatReply(reply));
    if (isPermanent(reply) && ++errors >= limits.errors) {
      port.write(formatReply(smtpReply(421, '4.7.0 Too many errors')));
      end();
    } else if (reply.code === 421) end();
    return reply;
  };

  async function content(reader: DataReader): Promise<void> {
    const current = { mailFrom: transaction!.mailFrom, rcptTo: [...transaction!.rcptTo] };
    const delivery = { ...current, session: session() };
    const bytes = reader.content();
    let proposed: SmtpReply;
    if (reader.bareLineEnd) proposed = smtpReply(550, '5.5.2 Line ends other than CRLF are not accepted');
    else if (reader.size > limits.messageOctets) proposed = tooLarge(limits.messageOctets);
    else if (crowded) proposed = smtpReply(452, '4.3.1 Too many large messages at once, try later');
    else proposed = await stored({ ...delivery, bytes });
    const reply = answer(proposed, 'content');
    claim?.release();
    crowded = false;
    transaction = undefined;
    handlers.onAnswered?.(delivery, bytes, reader.size, reply);
    // after a doubtful line end nobody knows what the rest was meant to be
    if (reader.bareLineEnd) end();
  }
  async function stored(delivery: SmtpDelivery): Promise<SmtpReply> {
    try {
      return await handlers.onMessage(delivery);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return smtpReply(451, `4.3.0 Not accepted for now: ${why.slice(0, 200)}`);
    }
  }

  async function command({ verb, argument }: Command): Promise<void> {
    const say = (proposed: SmtpReply): SmtpReply => answer(proposed, verb, argument);
    switch (verb) {
      case 'EHLO':
      case 'HELO': {
        if (!/^[\x21-\x7e]{1,255}$/.test(argument)) {
          say(smtpReply(501, `5.5.4 ${verb} takes the name of the client`));
          return;
        }
        const offer = { tls: port.startTls !== undefined && !tls, auth: login.wanted && tls };
        const offered = verb === 'EHLO' ? extensions(limits, offer) : [];
        if (isPositive(say(smtpReply(250, hostname, ...offered)))) {
          helo = argument;
          transaction = undefined;
        }
        return;
      }
      case 'MAIL':
        return mail(argument, say);
      case 'RCPT':
        return recipient(argument, say);
      case 'DATA': {
        if (argument !== '') say(smtpReply(501, '5.5.4 DATA takes nothing'));
        else if (!transaction) say(smtpReply(503, '5.5.1 MAIL first'));
        else if (transaction.rcptTo.length === 0) say(smtpReply(554, '5.5.1 No valid recipients'));
        else if (say(smtpReply(354, 'End data with <CR><LF>.<CR><LF>')).code === 354) {
          data = wire.content(limits.messageOctets, transaction.announced);
        }
        return;
      }
      case 'RSET':
        transaction = undefined;
        say(smtpReply(250, '2.0.0 Ok'));
        return;
      case 'NOOP':
        say(smtpReply(250, '2.0.0 Ok'));
        return;
      case 'VRFY':
        say(smtpReply(252, '2.1.5 Send the message and see'));
        return;
      case 'HELP':
        say(smtpReply(214, '2.0.0 See RFC 5321'));
        return;
      case 'STARTTLS':
        return startTls(argument, say);
      case 'AUTH':
        // the argument may hold a password: nobody else sees it
        loginAnswer(await login.begin(argument, session()));
        return;
      case 'QUIT':
        say(smtpReply(221, '2.0.0 Bye'));
        end();
        return;
      default:
        say(smtpReply(500, '5.5.1 Unknown command'));
    }
  }

  function loginAnswer(proposed: SmtpReply): void {
    answer(proposed, 'AUTH');
    if (login.refused >= limits.logins) {
      answer(smtpReply(421, '4.7.0 Too many logins that failed'), '');
      end();
    }
  }

  function mail(argument: string, say: (reply: SmtpReply) => SmtpReply): void {
    if (helo === '') {
      say(smtpReply(503, '5.5.1 EHLO first'));
      return;
    }
    if (login.wanted && !login.user) {
      say(smtpReply(530, tls ? '5.7.0 Log in first' : '5.7.0 STARTTLS and log in first'));
      return;
    }
    if (transaction) {
      say(smtpReply(503, '5.5.1 One message at a time'));
      return;
    }
    const path = readPath(argument, 'FROM:');
    if ('code' in path) {
      say(path);
      return;
    }
    const refusal =
      mailParameters(path, limits, login.wanted) ?? handlers.onSender?.(path.mailbox, session());
    if (refusal) {
      say(refusal);
      return;
    }
    if (isPositive(say(smtpReply(250, '2.1.0 Ok')))) {
      const announced = Number(path.parameters.get('SIZE') ?? 0);
      transaction = { mailFrom: path.mailbox, rcptTo: [], announced };
    }
  }

  async function recipient(argument: string, say: (reply: SmtpReply) => SmtpReply): Promise<void> {
    if (!transaction) {
      say(smtpReply(503, '5.5.1 MAIL first'));
      return;
    }
    const path = readPath(argument, 'TO:');
    if ('code' in path) {
      say(path);
      return;
    }
    const { mailFrom, rcptTo } = transaction;
    const [parameter] = path.parameters.keys();
    let proposed: SmtpReply;
    if (parameter) proposed = smtpReply(555, `5.5.4 Parameter ${parameter} is not known`);
    else if (rcptTo.length >= limits.recipients) proposed = smtpReply(452, '4.5.3 Too many recipients');
    else {
      proposed =
        (await handlers.onRecipient(mailFrom, path.mailbox, session())) ?? smtpReply(250, '2.1.5 Ok');
    }
    const reply = say(proposed);
    if (!isPositive(reply)) handlers.onRefusedRecipient?.(mailFrom, path.mailbox, reply, session());
    else if (!rcptTo.includes(path.mailbox)) rcptTo.push(path.mailbox);
  }

  async function startTls(argument: string, say: (reply: SmtpReply) => SmtpReply): Promise<void> {
    if (argument !== '') say(smtpReply(501, '5.5.4 STARTTLS takes nothing'));
    else if (tls) say(smtpReply(503, '5.5.1 TLS is on already'));
    else if (!port.startTls) say(smtpReply(502, '5.5.1 TLS is not on offer'));
    else {
      // nothing that came before the handshake may count (RFC 3207 §4.2, §6)
      const clear = input;
      input = NOTHING;
      transaction = undefined;
      if (say(smtpReply(220, '2.0.0 Go ahead')).code !== 220) return;
      helo = '';
      login.forget();
      input = wire.afterStartTls(clear);
      await port.startTls();
      tls = true;
    }
  }

  async function line(): Promise<boolean> {
    const taken = takeLine(input, login.waits ? MAX_RESPONSE : limits.commandOctets);
    if (!taken) return false;
    input = taken.rest;
    if (taken.line.kind !== 'line') {
      const what = taken.line.kind === 'too-long' ? 'Line too long' : 'Line ends other than CRLF';
      answer(smtpReply(500, `5.5.2 ${what}`), '');
      end();
      return false;
    }
    if (++commands > limits.commands) {
      answer(smtpReply(421, '4.7.0 Too many commands'), '');
      return false;
    }
    if (login.waits) {
      loginAnswer(await login.respond(Buffer.from(taken.line.bytes).toString('latin1'), session()));
      return true;
    }
    let parsed: Command;
    try {
      parsed = parseCommand(taken.line.bytes);
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error;
      answer(smtpReply(500, `5.5.2 ${error.message}`), '');
      return true;
    }
    await command(parsed);
    return true;
  }

  /** One command, or as much content as came. False when there is nothing to do before more comes. */
  async function step(): Promise<boolean> {
    if (!data) return line();
    if (input.length === 0) return false;
    const reader = data;
    if (!crowded && claim && !claim.has(octetsOf(reader))) await findRoom(reader);
    // it went away while it waited
    if (ended) return false;
    const rest = reader.push(input);
    input = rest ?? NOTHING;
    if (rest) {
      data = undefined;
      await content(reader);
      return true;
    }
    if (reader.size > limits.messageOctets * 4) {
      answer(tooLarge(limits.messageOctets), 'content');
      end();
    }
    return false;
  }
  /** What is kept of it at most, with what came just now. */
  const octetsOf = (reader: DataReader): number => Math.min(reader.size + input.length, limits.messageOctets);

  /** The client waits as well, because nothing is read from it. */
  async function findRoom(reader: DataReader): Promise<void> {
    port.hold?.(true);
    crowded = !(await claim!.upTo(octetsOf(reader), transaction?.announced ?? 0));
    port.hold?.(false);
    if (crowded) reader.discard?.();
  }
  const leave = (text: string): void => {
    answer(smtpReply(421, text), '');
    end();
  };
  async function run(): Promise<void> {
    working = true;
    try {
      while (!ended && dismissal === undefined && (await step()));
    } catch {
      // a handshake that failed or a handler that broke: the client learns it by the end of the connection
      end();
    } finally {
      working = false;
    }
    if (dismissal !== undefined) leave(dismissal);
  }

  return {
    gone() {
      ended = true;
      claim?.release();
    },
    greet: () => void answer(smtpReply(220, `${hostname} ESMTP`), 'connect'),
    async push(bytes) {
      if (ended) return;
      input = input.length === 0 ? bytes : Buffer.concat([input, bytes]);
      if (!working) work = run();
      else if (input.length > MAX_WAITING && !data) end();
      await work;
    },
    dismiss(text) {
      if (ended || dismissal !== undefined) return;
      dismissal = text;
      if (!working) leave(text);
    },
  };
}

/** Octets that may wait while a command is being answered. */
const MAX_WAITING = 1024 * 1024;

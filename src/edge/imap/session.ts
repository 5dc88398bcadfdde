/**
 * One IMAP conversation, as the server sees it (RFC 3501): octets in, responses out. Knows no socket, so that every
 * order and segmentation of octets can be tried on it.
 *
 * Commands are answered one after the other, also when they come together. What a client sent behind STARTTLS in clear
 * is thrown away. Before TLS there is no login.
 *
 * @module
 */
import type { Addr } from '../../net/host.ts';
import { beginAuth } from '../../smtp/auth.ts';
import type { Accounts } from '../accounts.ts';
import { type Opened, openMailbox } from '../login.ts';
import type { Mailboxes } from '../mailboxes.ts';
import type { EdgeReply, ReadingParts } from '../reading.ts';
import type { EdgePort, EdgeSession } from '../server.ts';
import { type CommandReader, commandReader } from './command-reader.ts';
import type { ImapCommand, Parsed } from './commands.ts';
import { readContent } from './content.ts';
import { runFolderCommand, runSelected } from './dispatch.ts';
import type { ImapLimits } from './limits.ts';
import { parseCommand } from './parse.ts';
import { bad, no, ok, type Talk } from './talk.ts';
import type { View } from './view.ts';
import { oneLine } from './write.ts';

export interface ImapSessionOptions {
  readonly hostname: string;
  readonly peer: Addr;
  readonly limits: ImapLimits;
  readonly accounts: Accounts;
  readonly mailboxes: Mailboxes;
  readonly reply: ReadingParts['reply'];
  readonly port: EdgePort;
  /** Hears how each command ended: no content, no password. */
  readonly onCommand?: (told: {
    readonly command: string;
    readonly status: EdgeReply['status'];
    readonly user?: string;
    readonly tls: boolean;
  }) => void;
}

const BEFORE_LOGIN = 'IMAP4rev1 LITERAL+ SASL-IR ID';
const AFTER_LOGIN = 'IMAP4rev1 LITERAL+ SASL-IR ID IDLE NAMESPACE CHILDREN UIDPLUS MOVE UNSELECT';
/** Of a client that has not logged in. */
const SMALL_LITERAL = 4096;

export function createImapSession(options: ImapSessionOptions): EdgeSession {
  const { limits, port, hostname } = options;
  const reader: CommandReader = commandReader(limits);
  let opened: Opened | undefined;
  let view: View | undefined;
  let awaiting: { readonly kind: 'idle' | 'auth'; readonly tag: string } | undefined;
  let errors = 0;
  let ended = false;
  let working = false;
  let stale = false;
  let dismissal: string | undefined;
  let unwatch = (): void => undefined;
  let cancelLook = (): void => undefined;
  let last: { readonly key: string; readonly content: Awaited<ReturnType<typeof readContent>> } | undefined;

  const talk = (): Talk => ({
    mailbox: opened!.mailbox,
    view,
    select(next) {
      view = next;
      last = undefined;
    },
    async untagged(...chunks) {
      if (ended) throw new HungUp();
      port.write('* ', ...chunks, '\r\n');
      await port.drained();
    },
    async content(uid) {
      if (ended) throw new HungUp();
      const key = `${view!.folder.id}.${uid}`;
      if (last?.key === key) return last.content;
      last = { key, content: await readContent(opened!.mailbox, view!.folder, uid) };
      return last.content;
    },
    breathe: () => port.breathe(),
    now: () => port.now(),
  });

  const end = (): void => {
    if (ended) return;
    ended = true;
    reader.clear();
    unwatch();
    cancelLook();
    last = undefined;
    port.end();
  };
  const bye = (text: string): void => {
    if (!ended) port.write(`* BYE ${text}\r\n`);
    end();
  };
  const capability = (): string => {
    if (opened) return AFTER_LOGIN;
    if (port.secure) return `${BEFORE_LOGIN} AUTH=PLAIN`;
    return `${BEFORE_LOGIN}${port.startTls ? ' STARTTLS' : ''} LOGINDISABLED`;
  };
  /** Ends a command: what changed meanwhile, then the tagged response. */
  const finish = async (
    tag: string,
    command: string,
    proposed: EdgeReply,
    expunges: boolean,
  ): Promise<EdgeReply> => {
    const reply = options.reply(proposed, { protocol: 'imap', command, loggedIn: opened !== undefined });
    if (view) await tellChanges(expunges);
    if (ended) return reply;
    port.write(
      tag === '*' ? `* ${reply.status} ${reply.text}\r\n` : `${tag} ${reply.status} ${reply.text}\r\n`,
    );
    const user = opened ? { user: opened.address } : {};
    options.onCommand?.({ command, status: reply.status, tls: port.secure, ...user });
    if (reply.status === 'BAD' && ++errors >= limits.errors) bye('Too many errors');
    return reply;
  };
  async function tellChanges(expunges: boolean): Promise<void> {
    stale = false;
    const told = await view!.catchUp({ expunges });
    if (told) {
      for (const line of told) port.write(`${line}\r\n`);
      await port.drained();
    } else bye('The folder was removed');
  }

  async function login(tag: string, name: string, user: string, password: string): Promise<void> {
    const answer = await openMailbox(options, { name: user, password, edge: 'imap', peer: options.peer });
    if ('status' in answer) {
      await finish(tag, name, answer, false);
      if (++errors >= limits.errors) bye('Too many errors');
      return;
    }
    opened = answer;
    await finish(tag, name, ok(`[CAPABILITY ${AFTER_LOGIN}] Logged in`), false);
  }

  /** A response of AUTHENTICATE PLAIN, Base64. */
  async function credentials(tag: string, response: string): Promise<void> {
    const step = beginAuth(`PLAIN ${response === '' ? '=' : response}`)!.first;
    if (response === '*') await finish(tag, 'AUTHENTICATE', bad('Taken back'), false);
    else if (step.kind !== 'credentials') {
      await finish(tag, 'AUTHENTICATE', bad('PLAIN takes NUL name NUL password, in Base64'), false);
    } else await login(tag, 'AUTHENTICATE', step.credentials.name, step.credentials.password);
  }

  async function command(tag: string, name: string, given: ImapCommand): Promise<void> {
    const say = (reply: EdgeReply, expunges = true) => finish(tag, name, reply, expunges);
    switch (given.name) {
      case 'CAPABILITY':
        port.write(`* CAPABILITY ${capability()}\r\n`);
        return void (await say(ok('CAPABILITY completed')));
      case 'NOOP':
      case 'CHECK':
        if (given.name === 'CHECK' && !view) return void (await say(bad('Select a folder first')));
        return void (await say(ok(`${name} completed`)));
      case 'ID':
        port.write('* ID ("name" "Anchorage")\r\n');
        return void (await say(ok('ID completed')));
      case 'LOGOUT':
        port.write('* BYE Until next time\r\n');
        await say(ok('LOGOUT completed'));
        return end();
      case 'STARTTLS':
        return startTls(tag);
      case 'LOGIN':
      case 'AUTHENTICATE':
        return enter(tag, given);
      default:
    }
    if (!opened) return void (await say(bad('Log in first')));
    switch (given.name) {
      case 'NAMESPACE':
        port.write('* NAMESPACE (("" "/")) NIL NIL\r\n');
        return void (await say(ok('NAMESPACE completed')));
      case 'IDLE':
        return idle(tag);
      case 'FETCH':
      case 'STORE':
      case 'SEARCH':
        if (!view) return void (await say(bad('Select a folder first')));
        return void (await say(await runSelected(talk(), view, given), given.uid));
      case 'COPY':
      case 'MOVE':
      case 'EXPUNGE':
      case 'CLOSE':
      case 'UNSELECT':
        if (!view) return void (await say(bad('Select a folder first')));
        return void (await say(await runSelected(talk(), view, given)));
      default:
        return void (await say(await runFolderCommand(talk(), given)));
    }
  }

  async function enter(
    tag: string,
    given: Extract<ImapCommand, { name: 'LOGIN' | 'AUTHENTICATE' }>,
  ): Promise<void> {
    const { name } = given;
    if (opened) await finish(tag, name, bad('Logged in already'), false);
    else if (!port.secure) {
      const text = port.startTls ? 'STARTTLS first' : 'No login without TLS';
      await finish(tag, name, no(`[PRIVACYREQUIRED] ${text}`), false);
    } else if (given.name === 'LOGIN') await login(tag, name, given.user, given.password);
    else if (given.mechanism !== 'PLAIN') await finish(tag, name, no('The mechanism is PLAIN'), false);
    else if (given.initial !== undefined) await credentials(tag, given.initial === '=' ? '' : given.initial);
    else {
      awaiting = { kind: 'auth', tag };
      port.write('+ \r\n');
    }
  }

  async function startTls(tag: string): Promise<void> {
    if (port.secure) await finish(tag, 'STARTTLS', bad('TLS is on already'), false);
    else if (!port.startTls) await finish(tag, 'STARTTLS', bad('TLS is not on offer'), false);
    else {
      // nothing that came before the handshake may count (RFC 3501 §6.2.1)
      reader.clear();
      const reply = await finish(tag, 'STARTTLS', ok('Begin'), false);
      if (reply.status === 'OK' && !(await port.startTls())) end();
    }
  }

  /** RFC 2177. Other processes change the store too, so it is looked at now and then. */
  function idle(tag: string): void {
    awaiting = { kind: 'idle', tag };
    port.write('+ idling\r\n');
    const hear = (): void => {
      stale = true;
      if (!working) void push(NOTHING);
    };
    const look = (): void => {
      cancelLook = port.timer(limits.lookMs, () => {
        hear();
        look();
      });
    };
    unwatch = opened!.mailbox.watch(hear);
    look();
    hear();
  }

  async function goOn(
    waiting: { readonly kind: 'idle' | 'auth'; readonly tag: string },
    line: Buffer,
  ): Promise<void> {
    awaiting = undefined;
    const text = line.toString('latin1');
    if (waiting.kind === 'auth') return credentials(waiting.tag, text);
    unwatch();
    cancelLook();
    const done = /^done$/i.test(text);
    await finish(waiting.tag, 'IDLE', done ? ok('IDLE completed') : bad('IDLE ends with DONE'), true);
  }

  async function parsed(given: Parsed): Promise<void> {
    if ('command' in given) return command(given.tag, given.name, given.command);
    if ('charset' in given) {
      await finish(
        given.tag,
        given.name,
        no('[BADCHARSET (US-ASCII UTF-8)] That charset is not known'),
        false,
      );
    } else await finish(given.tag, given.name, bad(oneLine(given.wrong)), false);
  }

  /** Whether a literal is taken; says so to a client that waits. */
  async function literal(octets: number, waits: boolean, soFar: Buffer): Promise<void> {
    const appends = opened !== undefined && /^[^ ]+ append /i.test(soFar.toString('latin1', 0, 128));
    const most = appends ? limits.messageOctets : opened ? limits.commandOctets : SMALL_LITERAL;
    if (awaiting || octets > most || soFar.length > limits.commandOctets) {
      // who does not wait sends it all the same, and where it ends the next command would begin
      if (!waits) return bye('[TOOBIG] The literal is too long');
      reader.refuse();
      const tag = /^[^\x00-\x20\x7f-\xff(){%*"\\+]{1,100}(?= )/.exec(soFar.toString('latin1'))?.[0] ?? '*';
      await finish(tag, appends ? 'APPEND' : '', no(`[TOOBIG] At most ${most} octets`), false);
      return;
    }
    reader.accept();
    if (waits) port.write('+ Go ahead\r\n');
  }

  async function step(): Promise<boolean> {
    const next = reader.next();
    if (!next) return false;
    if (next.kind === 'broken') bye(`Cannot read on: ${next.why}`);
    else if (next.kind === 'literal') await literal(next.octets, next.waits, next.soFar);
    else if (awaiting) await goOn(awaiting, next.bytes);
    else await parsed(parseCommand(next.bytes));
    return !ended;
  }

  async function run(): Promise<void> {
    working = true;
    try {
      while (!ended && dismissal === undefined && (await step()));
      while (!ended && stale && awaiting?.kind === 'idle') {
        stale = false;
        if (view) await tellChanges(true);
      }
    } catch (error) {
      // a client that hung up ends what is under way for it
      if (!ended) port.broke(error);
      bye('[UNAVAILABLE] Something broke here, try again later');
    } finally {
      working = false;
    }
    if (dismissal !== undefined) bye(dismissal);
  }

  let work: Promise<void> = Promise.resolve();
  async function push(bytes: Uint8Array): Promise<void> {
    if (ended) return;
    if (bytes.length > 0) reader.push(bytes);
    if (!working) work = run();
    else if (reader.waiting > limits.waitingOctets) end();
    await work;
  }
  return {
    greet: () => port.write(`* OK [CAPABILITY ${capability()}] ${hostname} IMAP4rev1\r\n`),
    push,
    dismiss(text) {
      if (ended || dismissal !== undefined) return;
      dismissal = text;
      if (!working) bye(text);
    },
    closed() {
      ended = true;
      unwatch();
      cancelLook();
      last = undefined;
    },
    settled: () => work,
    get loggedIn() {
      return opened !== undefined;
    },
  };
}

/** The client is gone, and with it the command that was under way. */
class HungUp extends Error {}

const NOTHING = new Uint8Array(0);

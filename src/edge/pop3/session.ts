/**
 * One POP3 conversation, as the server sees it (RFC 1939, RFC 2449, RFC 2595). Knows no socket.
 *
 * Commands are answered one after the other, also when they come together. What a client sent behind STLS in clear is
 * thrown away. Before TLS there is no login. Only QUIT removes anything.
 *
 * @module
 */
import type { Addr } from '../../net/host.ts';
import { beginAuth } from '../../smtp/auth.ts';
import { takeLine } from '../../smtp/command-lines.ts';
import type { Accounts } from '../accounts.ts';
import { openMailbox } from '../login.ts';
import type { Mailboxes, MessageHead } from '../mailboxes.ts';
import type { EdgeReply, ReadingParts } from '../reading.ts';
import type { EdgePort, EdgeSession } from '../server.ts';
import type { Pop3Limits } from './limits.ts';
import { type Maildrop, openMaildrop } from './maildrop.ts';
import { stuffed, topOf } from './multi-line.ts';

export interface Pop3SessionOptions {
  readonly hostname: string;
  readonly peer: Addr;
  readonly limits: Pop3Limits;
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

const ok = (text: string): EdgeReply => ({ status: 'OK', text });
const err = (text: string): EdgeReply => ({ status: 'BAD', text });
const NOTHING: Uint8Array = new Uint8Array(0);

export function createPop3Session(options: Pop3SessionOptions): EdgeSession {
  const { limits, port, hostname } = options;
  let input: Uint8Array = NOTHING;
  let drop: Maildrop | undefined;
  let address: string | undefined;
  let name: string | undefined;
  let authenticating = false;
  let errors = 0;
  let ended = false;
  let working = false;
  let dismissal: string | undefined;

  const end = (): void => {
    if (ended) return;
    ended = true;
    input = NOTHING;
    port.end();
  };
  const leave = (text: string): void => {
    if (!ended) port.write(`-ERR ${text}\r\n`);
    end();
  };
  /** Sends the reply, and after `+OK` what belongs to it. */
  const answer = async (
    command: string,
    proposed: EdgeReply,
    more: readonly (string | Uint8Array)[] = [],
  ): Promise<EdgeReply> => {
    const reply = options.reply(proposed, { protocol: 'pop3', command, loggedIn: drop !== undefined });
    if (ended) return reply;
    const positive = reply.status === 'OK';
    port.write(`${positive ? '+OK' : '-ERR'} ${reply.text}\r\n`, ...(positive ? more : []));
    options.onCommand?.({
      command,
      status: reply.status,
      tls: port.secure,
      ...(address ? { user: address } : {}),
    });
    if (proposed.status !== 'OK' && ++errors >= limits.errors) leave('Too many errors');
    await port.drained();
    return reply;
  };

  async function login(command: string, user: string, password: string): Promise<void> {
    const opened = await openMailbox(options, { name: user, password, edge: 'pop3', peer: options.peer });
    if ('status' in opened) {
      // RFC 3206 has codes of its own for what RFC 5530 tells in IMAP
      const text = opened.text
        .replace('[AUTHENTICATIONFAILED]', '[AUTH]')
        .replace('[UNAVAILABLE]', '[SYS/TEMP]');
      await answer(command, { ...opened, text });
      return;
    }
    drop = await openMaildrop(opened.mailbox);
    address = opened.address;
    await answer(command, ok(`${drop.listed().length} messages`));
  }

  async function credentials(response: string): Promise<void> {
    const step = beginAuth(`PLAIN ${response === '' ? '=' : response}`)!.first;
    if (response === '*') await answer('AUTH', err('Taken back'));
    else if (step.kind !== 'credentials') {
      await answer('AUTH', err('PLAIN takes NUL name NUL password, in Base64'));
    } else await login('AUTH', step.credentials.name, step.credentials.password);
  }

  const capabilities = (): string =>
    [
      'CAPA',
      'TOP',
      'UIDL',
      'RESP-CODES',
      'AUTH-RESP-CODE',
      'PIPELINING',
      'IMPLEMENTATION Anchorage',
      ...(port.secure ? ['USER', 'SASL PLAIN'] : port.startTls ? ['STLS'] : []),
      '.',
      '',
    ].join('\r\n');

  async function command(verb: string, args: readonly string[]): Promise<void> {
    const say = (reply: EdgeReply, ...more: (string | Uint8Array)[]) => answer(verb, reply, more);
    const [first] = args;
    switch (verb) {
      case 'CAPA':
        return void (await say(ok('Capabilities'), capabilities()));
      case 'QUIT':
        return quit();
      case 'STLS':
      case 'USER':
      case 'PASS':
      case 'AUTH':
        if (drop) return void (await say(err('Logged in already')));
        return enter(verb, args);
      case 'STAT':
      case 'LIST':
      case 'UIDL':
      case 'RETR':
      case 'TOP':
      case 'DELE':
      case 'RSET':
      case 'NOOP':
        if (!drop) return void (await say(err('Log in first')));
        return transaction(drop, verb, first, args[1]);
      default:
        await say(err('Unknown command'));
    }
  }

  async function enter(verb: 'STLS' | 'USER' | 'PASS' | 'AUTH', args: readonly string[]): Promise<void> {
    const [first, second] = args;
    if (verb === 'STLS') return startTls();
    if (!port.secure) {
      await answer(verb, err(port.startTls ? 'STLS first' : 'No login without TLS'));
      return;
    }
    if (verb === 'USER') {
      name = args.join(' ');
      await answer(verb, name === '' ? err('USER takes a name') : ok('Now the password'));
    } else if (verb === 'PASS') {
      const user = name;
      name = undefined;
      if (user === undefined || user === '') await answer(verb, err('USER first'));
      // a password may hold blanks (RFC 1939 §7)
      else await login(verb, user, args.join(' '));
    } else if (first === undefined) await answer(verb, ok('Mechanisms'), ['PLAIN\r\n.\r\n']);
    else if (first.toUpperCase() !== 'PLAIN') await answer(verb, err('The mechanism is PLAIN'));
    else if (second !== undefined) await credentials(second === '=' ? '' : second);
    else {
      authenticating = true;
      port.write('+ \r\n');
    }
  }

  async function startTls(): Promise<void> {
    if (port.secure) await answer('STLS', err('TLS is on already'));
    else if (!port.startTls) await answer('STLS', err('TLS is not on offer'));
    else {
      // nothing that came before the handshake may count (RFC 2595 §4)
      input = NOTHING;
      name = undefined;
      const reply = await answer('STLS', ok('Begin'));
      if (reply.status === 'OK' && !(await port.startTls())) end();
    }
  }

  async function transaction(
    mail: Maildrop,
    verb: 'STAT' | 'LIST' | 'UIDL' | 'RETR' | 'TOP' | 'DELE' | 'RSET' | 'NOOP',
    first: string | undefined,
    second: string | undefined,
  ): Promise<void> {
    const say = (reply: EdgeReply, ...more: (string | Uint8Array)[]) => answer(verb, reply, more);
    const listed = mail.listed();
    const octets = listed.reduce((sum, { head }) => sum + head.size, 0);
    const given = first === undefined ? undefined : messageOf(mail, first);
    switch (verb) {
      case 'STAT':
        return void (await say(ok(`${listed.length} ${octets}`)));
      case 'NOOP':
        return void (await say(ok('Still here')));
      case 'RSET':
        mail.reset();
        return void (await say(ok(`${mail.listed().length} messages`)));
      case 'LIST':
      case 'UIDL': {
        const value = (head: MessageHead) => (verb === 'LIST' ? String(head.size) : mail.uidl(head));
        if (first === undefined) {
          const lines = listed.map(({ number, head }) => `${number} ${value(head)}\r\n`);
          return void (await say(ok(`${listed.length} messages`), `${lines.join('')}.\r\n`));
        }
        return void (await say(given ? ok(`${given.number} ${value(given.head)}`) : NO_SUCH));
      }
      case 'DELE':
        if (given) mail.remove(given.number);
        return void (await say(given ? ok('Will be removed at QUIT') : NO_SUCH));
      case 'RETR':
      case 'TOP': {
        const lines = verb === 'TOP' ? wholeNumber(second) : Number.POSITIVE_INFINITY;
        if (lines === undefined) return void (await say(err('TOP takes a message and a number of lines')));
        if (!given) return void (await say(NO_SUCH));
        const bytes = await mail.read(given.head);
        if (!bytes) return void (await say(err('Another session removed that message')));
        const shown = verb === 'TOP' ? topOf(bytes, lines) : bytes;
        return void (await say(ok(`${given.head.size} octets`), stuffed(shown)));
      }
    }
  }

  async function quit(): Promise<void> {
    try {
      await drop?.update();
    } catch (error) {
      port.broke(error);
      await answer('QUIT', err('[SYS/TEMP] Some messages could not be removed'));
      return end();
    }
    await answer('QUIT', ok(`${hostname} says goodbye`));
    end();
  }

  async function step(): Promise<boolean> {
    const taken = takeLine(input, limits.commandOctets);
    if (!taken) return false;
    input = taken.rest;
    if (taken.line.kind !== 'line') {
      leave(taken.line.kind === 'too-long' ? 'The line is too long' : 'A line ends with CRLF');
      return false;
    }
    const text = Buffer.from(taken.line.bytes).toString('utf8');
    if (authenticating) {
      authenticating = false;
      await credentials(text);
    } else {
      const [verb = '', ...args] = text.split(' ');
      await command(/^[A-Za-z]{3,4}$/.test(verb) ? verb.toUpperCase() : '', args);
    }
    return !ended;
  }

  async function run(): Promise<void> {
    working = true;
    try {
      while (!ended && dismissal === undefined && (await step()));
    } catch (error) {
      if (!ended) port.broke(error);
      leave('[SYS/TEMP] Something broke here, try again later');
    } finally {
      working = false;
    }
    if (dismissal !== undefined) leave(dismissal);
  }

  let work: Promise<void> = Promise.resolve();
  return {
    greet: () => port.write(`+OK ${hostname} POP3\r\n`),
    async push(bytes) {
      if (ended) return;
      input = input.length === 0 ? bytes : Buffer.concat([input, bytes]);
      if (!working) work = run();
      else if (input.length > limits.waitingOctets) end();
      await work;
    },
    dismiss(text) {
      if (ended || dismissal !== undefined) return;
      dismissal = text;
      if (!working) leave(text);
    },
    closed() {
      ended = true;
    },
    settled: () => work,
    get loggedIn() {
      return drop !== undefined;
    },
  };
}

const NO_SUCH = err('There is no such message');

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

function messageOf(mail: Maildrop, text: string): { number: number; head: MessageHead } | undefined {
  const number = wholeNumber(text);
  const head = number === undefined ? undefined : mail.head(number);
  return head && { number: number!, head };
}

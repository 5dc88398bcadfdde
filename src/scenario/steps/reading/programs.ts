/**
 * A user's mail program in two tongues: POP3 and IMAP. It notes what it says and hears, and no password.
 *
 * @module
 */
import type { Host } from '../../../net/host.ts';
import { type Answer, imapAnswer, pop3Answer } from './answer.ts';
import { type Line, openLine, type ReadingAccess } from './line.ts';

export interface MailProgram {
  say(command: string, as: string | undefined): Promise<Answer>;
  /** TLS as the server has it. */
  secure(): Promise<void>;
  logIn(password: string, as: string | undefined): Promise<Answer>;
  /** Every message of INBOX. */
  fetchAll(as: string | undefined): Promise<readonly Buffer[]>;
  end(): void;
}

type Note = (said: string, as: string | undefined, heard: Answer) => void;
type Said = (command: string, as: string | undefined, shown?: string) => Promise<Answer>;

/** Messages that one step fetches: the newest. */
const MOST = 1000;

/** @throws {NetError} when the server cannot be reached */
export async function openProgram(
  protocol: 'pop3' | 'imap',
  host: Host,
  access: ReadingAccess,
  note: Note,
): Promise<MailProgram> {
  const line = await openLine(host, access);
  if (access.tls === 'tls') note('(TLS)', undefined, await line.shake());
  note('(connects)', undefined, await line.hear(protocol === 'pop3' ? pop3Answer(false) : imapAnswer('*')));
  const secured = async (say: Said, command: string): Promise<void> => {
    if (access.tls !== 'starttls') return;
    const begin = await say(command, undefined);
    if (begin.code === 'OK') note('(TLS)', undefined, await line.shake());
  };
  return protocol === 'pop3' ? pop3(line, access, note, secured) : imap(line, access, note, secured);
}

type Secured = (say: Said, command: string) => Promise<void>;

function pop3(line: Line, { user }: ReadingAccess, note: Note, secured: Secured): MailProgram {
  const say: Said = async (command, as, shown = command) => {
    line.write(`${command}\r\n`);
    const multi = /^(CAPA|RETR .*|TOP .*|LIST|UIDL)$/i.test(command);
    const heard = await line.hear(pop3Answer(multi));
    note(shown, as, heard);
    return heard;
  };
  return {
    say,
    secure: () => secured(say, 'STLS'),
    async logIn(password, as) {
      const named = await say(`USER ${user}`, undefined);
      if (named.code === 'OK') return say(`PASS ${password}`, as, 'PASS …');
      note('PASS …', as, named);
      return named;
    },
    async fetchAll(as) {
      const list = await say('LIST', as);
      const numbers = [...(list.literals[0]?.toString('latin1') ?? '').matchAll(/^(\d{1,9}) /gm)].map(
        ([, n]) => n!,
      );
      const mails: Buffer[] = [];
      for (const number of numbers.slice(-MOST))
        mails.push(...(await say(`RETR ${number}`, undefined)).literals);
      return mails;
    },
    end: () => line.end(),
  };
}

function imap(line: Line, { user }: ReadingAccess, note: Note, secured: Secured): MailProgram {
  let count = 0;
  const say: Said = async (command, as, shown = command) => {
    const tag = `a${++count}`;
    line.write(`${tag} ${command}\r\n`);
    const heard = await line.hear(imapAnswer(tag));
    note(shown, as, heard);
    return heard;
  };
  return {
    say,
    secure: () => secured(say, 'STARTTLS'),
    logIn: (password, as) => say(`LOGIN ${quoted(user)} ${quoted(password)}`, as, 'LOGIN …'),
    async fetchAll(as) {
      const opened = await say('SELECT INBOX', as);
      if (opened.code !== 'OK') return [];
      const found = await say('UID SEARCH ALL', undefined);
      const list = /^\* SEARCH([ \d]*)\r$/m.exec(found.octets.toString('latin1'))?.[1] ?? '';
      const mails: Buffer[] = [];
      for (const uid of list.split(' ').filter(Boolean).slice(-MOST)) {
        mails.push(...(await say(`UID FETCH ${uid} BODY.PEEK[]`, undefined)).literals);
      }
      return mails;
    },
    end: () => line.end(),
  };
}

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

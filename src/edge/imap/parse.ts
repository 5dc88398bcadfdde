/**
 * Octets of one command to a command. Total: whatever comes, it is a command or a reason.
 *
 * @module
 */
import type { ImapCommand, Parsed, StatusItem } from './commands.ts';
import { type Cursor, createCursor } from './cursor.ts';
import { readDateTime } from './dates.ts';
import { ImapError } from './error.ts';
import { decodeFolderName } from './modified-utf7.ts';
import { readFetchItems } from './parse-fetch.ts';
import { readSearch, UnknownCharset } from './parse-search.ts';
import { readSequenceSet } from './sequence.ts';

const TAG = /[^\x00-\x20\x7f-\xff(){%*"\\+]+/y;
const STATUS_ITEMS: readonly StatusItem[] = ['MESSAGES', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN'];
const MAX_TAG = 100;
const MAX_FLAGS = 100;

/** Never throws. */
export function parseCommand(bytes: Buffer): Parsed {
  const cursor = createCursor(bytes);
  let tag = '*';
  let name = '';
  try {
    const read = cursor.match(TAG, 'a tag');
    if (read.length > MAX_TAG) throw new ImapError('limit', 'the tag is too long');
    tag = read;
    cursor.space();
    name = cursor.match(/[A-Za-z]+/y, 'a command').toUpperCase();
    return { tag, name, command: readCommand(name, cursor) };
  } catch (error) {
    if (error instanceof UnknownCharset) return { tag, name, charset: error.charset };
    if (error instanceof ImapError) return { tag, name, wrong: error.message };
    throw error;
  }
}

function readCommand(name: string, cursor: Cursor): ImapCommand {
  if (name === 'UID') {
    cursor.space();
    const inner = cursor.match(/[A-Za-z]+/y, 'a command').toUpperCase();
    if (inner === 'EXPUNGE') {
      cursor.space();
      return ended(cursor, { name: inner, uids: readSequenceSet(cursor) });
    }
    const numbered = readNumbered(inner, true, cursor);
    if (!numbered) throw new ImapError('syntax', `UID ${inner} is not known`);
    return numbered;
  }
  return readNumbered(name, false, cursor) ?? readOther(name, cursor);
}

/** Commands that take message numbers. */
function readNumbered(name: string, uid: boolean, cursor: Cursor): ImapCommand | undefined {
  switch (name) {
    case 'SEARCH':
      cursor.space();
      return { name, uid, key: readSearch(cursor) };
    case 'FETCH': {
      cursor.space();
      const set = readSequenceSet(cursor);
      cursor.space();
      return ended(cursor, { name, uid, set, items: readFetchItems(cursor) });
    }
    case 'STORE': {
      cursor.space();
      const set = readSequenceSet(cursor);
      cursor.space();
      const how = cursor.take('+') ? 'add' : cursor.take('-') ? 'remove' : 'set';
      cursor.expect('FLAGS');
      const silent = cursor.take('.SILENT');
      cursor.space();
      return ended(cursor, { name, uid, set, how, silent, flags: readFlags(cursor) });
    }
    case 'COPY':
    case 'MOVE': {
      cursor.space();
      const set = readSequenceSet(cursor);
      cursor.space();
      return ended(cursor, { name, uid, set, folder: cursor.folderName() });
    }
    default:
      return undefined;
  }
}

function readOther(name: string, cursor: Cursor): ImapCommand {
  switch (name) {
    case 'CAPABILITY':
    case 'NOOP':
    case 'LOGOUT':
    case 'STARTTLS':
    case 'NAMESPACE':
    case 'CHECK':
    case 'CLOSE':
    case 'UNSELECT':
    case 'EXPUNGE':
    case 'IDLE':
      return ended(cursor, { name });
    case 'ID':
      cursor.space();
      if (!cursor.take('NIL') && !cursor.take('()')) {
        cursor.list(() => (cursor.take('NIL') ? undefined : cursor.string()));
      }
      return ended(cursor, { name });
    case 'LOGIN': {
      cursor.space();
      const user = cursor.astringBytes().toString('utf8');
      cursor.space();
      return ended(cursor, { name, user, password: cursor.astringBytes().toString('utf8') });
    }
    case 'AUTHENTICATE': {
      cursor.space();
      const mechanism = cursor.atom().toUpperCase();
      if (cursor.atEnd) return { name, mechanism };
      cursor.space();
      const initial = cursor.match(/[A-Za-z0-9+/=]+/y, 'Base64');
      return ended(cursor, { name, mechanism, initial });
    }
    case 'SELECT':
    case 'EXAMINE':
    case 'CREATE':
    case 'DELETE':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      cursor.space();
      return ended(cursor, { name, folder: cursor.folderName() });
    case 'RENAME': {
      cursor.space();
      const folder = cursor.folderName();
      cursor.space();
      return ended(cursor, { name, folder, to: cursor.folderName() });
    }
    case 'LIST':
    case 'LSUB': {
      cursor.space();
      const reference = cursor.folderName();
      cursor.space();
      return ended(cursor, { name, reference, pattern: readPattern(cursor) });
    }
    case 'STATUS': {
      cursor.space();
      const folder = cursor.folderName();
      cursor.space();
      const items = cursor.list(() => {
        const word = cursor.match(/[A-Za-z]+/y, 'a status item').toUpperCase();
        const item = STATUS_ITEMS.find((one) => one === word);
        if (!item) throw new ImapError('syntax', `${word} is no status item`);
        return item;
      });
      return ended(cursor, { name, folder, items: [...new Set(items)] });
    }
    case 'APPEND': {
      cursor.space();
      const folder = cursor.folderName();
      cursor.space();
      const flags = cursor.peek() === '(' ? readFlags(cursor) : [];
      if (flags.length > 0 || cursor.peek() === ' ') cursor.space();
      const date = cursor.peek() === '"' ? readDateTime(cursor) : undefined;
      if (date !== undefined) cursor.space();
      const bytes = cursor.literal();
      return ended(cursor, { name, folder, flags, bytes, ...(date === undefined ? {} : { date }) });
    }
    default:
      throw new ImapError('syntax', `${name} is not known`);
  }
}

function ended<C extends ImapCommand>(cursor: Cursor, command: C): C {
  cursor.end();
  return command;
}

/** A pattern of LIST: like a folder name, and `%` and `*` may stand in an atom. */
function readPattern(cursor: Cursor): string {
  if (/["{]/.test(cursor.peek())) return decodeFolderName(cursor.astring());
  return decodeFolderName(cursor.match(/[^\x00-\x20\x7f-\xff(){"\\]+/y, 'a pattern'));
}

const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

/** `(\Seen urgent)` or, in STORE, without parentheses. System flags are spelled as RFC 3501 does; `\Recent` is not ours to set. */
function readFlags(cursor: Cursor): string[] {
  const flag = (): string => {
    if (!cursor.take('\\')) return cursor.atom();
    const word = `\\${cursor.atom()}`;
    const known = SYSTEM_FLAGS.find((one) => one.toLowerCase() === word.toLowerCase());
    if (!known) throw new ImapError('syntax', `${word} is no flag that can be set`);
    return known;
  };
  const flags: string[] = [];
  if (cursor.take('()')) return flags;
  if (cursor.peek() === '(') flags.push(...cursor.list(flag));
  else {
    flags.push(flag());
    while (cursor.take(' ')) flags.push(flag());
  }
  if (flags.length > MAX_FLAGS) throw new ImapError('limit', `over ${MAX_FLAGS} flags`);
  if (flags.some((one) => one.length > 100)) throw new ImapError('limit', 'a keyword over 100 octets');
  return [...new Set(flags)];
}

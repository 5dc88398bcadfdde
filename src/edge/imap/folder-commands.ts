/**
 * Commands about folders: LIST, LSUB, STATUS, SELECT, CREATE, DELETE, RENAME, SUBSCRIBE, APPEND.
 *
 * @module
 */
import { toCrlf } from '../../mail/canonical.ts';
import {
  DELIMITER,
  type Folder,
  type FolderAnswer,
  type FolderEntry,
  type MessageHead,
} from '../mailboxes.ts';
import type { EdgeReply } from '../reading.ts';
import type { Named, StatusItem } from './commands.ts';
import { bad, no, ok, type Talk } from './talk.ts';
import { openView } from './view.ts';
import { folderString } from './write.ts';

/** Levels and length that a new name may have. */
const MAX_LEVELS = 20;
const MAX_NAME = 255;

export async function list(
  talk: Talk,
  { name, reference, pattern }: Named<'LIST' | 'LSUB'>,
): Promise<EdgeReply> {
  if (pattern === '' && name === 'LIST') {
    await talk.untagged(`LIST (\\Noselect) "${DELIMITER}" ""`);
    return ok('LIST completed');
  }
  const folders = await talk.mailbox.folders();
  const fits = matcher(reference + pattern);
  for (const folder of folders) {
    if (!fits(folder.name) || (name === 'LSUB' && !folder.subscribed)) continue;
    const attributes = name === 'LSUB' ? [] : [childrenOf(folder, folders)];
    if (!folder.selectable) attributes.unshift('\\Noselect');
    await talk.untagged(`${name} (${attributes.join(' ')}) "${DELIMITER}" ${folderString(folder.name)}`);
  }
  return ok(`${name} completed`);
}

const childrenOf = (folder: FolderEntry, all: readonly FolderEntry[]): string =>
  all.some(({ name }) => name.startsWith(folder.name + DELIMITER)) ? '\\HasChildren' : '\\HasNoChildren';

/**
 * Whether a name fits a pattern (RFC 3501 §6.3.8): `*` is anything, `%` anything on one level. Without backtracking
 * over the whole name: the places that the pattern may stand at are carried along.
 */
export function matcher(pattern: string): (name: string) => boolean {
  const signs = [...pattern.replace(/^inbox(?=$|[/%*])/i, 'INBOX').replace(/\*+/g, '*')];
  return (name) => {
    // a wildcard may stand for nothing
    const spread = (at: number): number[] => {
      const out = [at];
      for (let i = at; signs[i] === '*' || signs[i] === '%'; i++) out.push(i + 1);
      return out;
    };
    let places = new Set(spread(0));
    for (const character of name) {
      const next = new Set<number>();
      for (const at of places) {
        const sign = signs[at];
        if (sign === '*' || (sign === '%' && character !== DELIMITER))
          for (const to of spread(at)) next.add(to);
        else if (sign === character) for (const to of spread(at + 1)) next.add(to);
      }
      places = next;
    }
    return places.has(signs.length);
  };
}

export async function select(
  talk: Talk,
  { name, folder: wanted }: Named<'SELECT' | 'EXAMINE'>,
): Promise<EdgeReply> {
  // whatever comes of it, the folder of before is left (RFC 3501 §6.3.1)
  talk.select(undefined);
  const folder = await talk.mailbox.folder(wanted);
  if (!folder) return no('[NONEXISTENT] There is no such folder');
  const view = await openView(talk.mailbox, folder, name === 'EXAMINE');
  talk.select(view);
  const { heads } = view;
  const keywords = new Set(heads.flatMap(({ flags }) => flags.filter((flag) => !flag.startsWith('\\'))));
  const flags = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft', ...keywords].join(' ');
  await talk.untagged(`FLAGS (${flags})`);
  await talk.untagged(`OK [PERMANENTFLAGS (${view.readOnly ? '' : `${flags} \\*`})] Flags that are kept`);
  await talk.untagged(`${heads.length} EXISTS`);
  await talk.untagged(`${heads.filter(({ uid }) => view.isRecent(uid)).length} RECENT`);
  const unseen = heads.findIndex((head) => !head.flags.includes('\\Seen'));
  if (unseen >= 0) await talk.untagged(`OK [UNSEEN ${unseen + 1}] The first that was not read`);
  await talk.untagged(`OK [UIDVALIDITY ${folder.uidValidity}] Identifiers hold`);
  await talk.untagged(`OK [UIDNEXT ${folder.uidNext}] The next identifier`);
  return ok(`[${view.readOnly ? 'READ-ONLY' : 'READ-WRITE'}] ${name} completed`);
}

export async function status(talk: Talk, { folder: wanted, items }: Named<'STATUS'>): Promise<EdgeReply> {
  const folder = await talk.mailbox.folder(wanted);
  if (!folder) return no('[NONEXISTENT] There is no such folder');
  const heads = await talk.mailbox.list(folder);
  const values = items.map((item) => `${item} ${statusValue(item, folder, heads)}`);
  await talk.untagged(`STATUS ${folderString(folder.name)} (${values.join(' ')})`);
  return ok('STATUS completed');
}

function statusValue(item: StatusItem, folder: Folder, heads: readonly MessageHead[]): number {
  switch (item) {
    case 'MESSAGES':
      return heads.length;
    case 'RECENT':
      return heads.filter(({ uid }) => uid >= folder.recentFrom).length;
    case 'UIDNEXT':
      return folder.uidNext;
    case 'UIDVALIDITY':
      return folder.uidValidity;
    case 'UNSEEN':
      return heads.filter(({ flags }) => !flags.includes('\\Seen')).length;
  }
}

export async function create(talk: Talk, { folder }: Named<'CREATE'>): Promise<EdgeReply> {
  // a delimiter at the end says that there will be folders below (RFC 3501 §6.3.3)
  const name = folder.endsWith(DELIMITER) ? folder.slice(0, -1) : folder;
  return usable(name) ?? answer(await talk.mailbox.create(name), 'CREATE');
}

export async function remove(talk: Talk, { folder }: Named<'DELETE'>): Promise<EdgeReply> {
  return answer(await talk.mailbox.remove(folder), 'DELETE');
}

export async function rename(talk: Talk, { folder, to }: Named<'RENAME'>): Promise<EdgeReply> {
  return usable(to) ?? answer(await talk.mailbox.rename(folder, to), 'RENAME');
}

export async function subscribe(talk: Talk, command: Named<'SUBSCRIBE' | 'UNSUBSCRIBE'>): Promise<EdgeReply> {
  return answer(await talk.mailbox.subscribe(command.folder, command.name === 'SUBSCRIBE'), command.name);
}

/** The reply that refuses a new name, if any. */
function usable(name: string): EdgeReply | undefined {
  const levels = name.split(DELIMITER);
  if (name === '' || name.length > MAX_NAME || levels.length > MAX_LEVELS || levels.includes('')) {
    return no(
      `[CANNOT] A name has 1 to ${MAX_NAME} characters and at most ${MAX_LEVELS} levels, none of them empty`,
    );
  }
  if (/[\x00-\x1f\x7f*%]/.test(name)) return no('[CANNOT] A name has no control characters, "*" or "%"');
  return undefined;
}

function answer(done: FolderAnswer, command: string): EdgeReply {
  switch (done) {
    case 'done':
      return ok(`${command} completed`);
    case 'none':
      return no('[NONEXISTENT] There is no such folder');
    case 'exists':
      return no('[ALREADYEXISTS] There is such a folder');
    case 'limit':
      return no('[LIMIT] There are too many folders');
    case 'inbox':
      return no('[CANNOT] INBOX stays');
  }
}

export async function append(
  talk: Talk,
  { folder: wanted, flags, date, bytes }: Named<'APPEND'>,
): Promise<EdgeReply> {
  if (bytes.includes(0)) return bad('A message has no NUL octets');
  if (bytes.length === 0) return no('[CANNOT] A message has at least a header');
  const folder = await talk.mailbox.folder(wanted);
  if (!folder) return no('[TRYCREATE] There is no such folder');
  const added = await talk.mailbox.append(folder, {
    bytes: toCrlf(bytes),
    flags,
    internalDate: date ?? talk.now(),
  });
  if (added === 'quota') return no('[OVERQUOTA] The mailbox is full');
  return ok(`[APPENDUID ${folder.uidValidity} ${added.uid}] APPEND completed`);
}

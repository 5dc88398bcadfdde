/**
 * Commands about the messages of the selected folder: FETCH, SEARCH, STORE, COPY, MOVE, EXPUNGE, CLOSE.
 *
 * @module
 */
import type { Copied, MessageHead } from '../mailboxes.ts';
import type { EdgeReply } from '../reading.ts';
import type { Named } from './commands.ts';
import { fetchMessages } from './fetch.ts';
import { isDear, searchTest } from './search.ts';
import { chosen, formatSet, type SequenceSet } from './sequence.ts';
import { bad, no, ok, type Talk } from './talk.ts';
import type { View } from './view.ts';

/** Flags and keywords of one message at most. */
const MAX_FLAGS = 100;

/** The messages of a set, in order; undefined when it names a number that no message has. */
function picked(view: View, set: SequenceSet, uid: boolean): MessageHead[] | undefined {
  const { heads } = view;
  if (uid) {
    const uids = new Set(
      chosen(
        set,
        heads.map((head) => head.uid),
      ),
    );
    return heads.filter((head) => uids.has(head.uid));
  }
  const beyond = set.some(
    ([a, b]) => (a !== '*' && a > heads.length && b !== '*') || (b !== '*' && b > heads.length),
  );
  if (beyond) return undefined;
  const numbers = new Set(
    chosen(
      set,
      [...heads.keys()].map((index) => index + 1),
    ),
  );
  return heads.filter((_, index) => numbers.has(index + 1));
}

const NO_SUCH = bad('There is no message of that number');

export async function fetch(talk: Talk, view: View, command: Named<'FETCH'>): Promise<EdgeReply> {
  const heads = picked(view, command.set, command.uid);
  return heads ? fetchMessages(talk, view, heads, command) : NO_SUCH;
}

export async function store(talk: Talk, view: View, command: Named<'STORE'>): Promise<EdgeReply> {
  if (view.readOnly) return no('[READ-ONLY] The folder was opened for looking only');
  const heads = picked(view, command.set, command.uid);
  if (!heads) return NO_SUCH;
  const { how, flags } = command;
  const named = new Set(flags.map((flag) => flag.toLowerCase()));
  if (how !== 'remove' && heads.some((head) => union(head.flags, flags).length > MAX_FLAGS)) {
    return no(`[LIMIT] A message has at most ${MAX_FLAGS} flags`);
  }
  const fresh = await talk.mailbox.flag(
    view.folder,
    heads.map(({ uid }) => uid),
    (old) => {
      if (how === 'set') return flags;
      return how === 'add' ? union(old, flags) : old.filter((flag) => !named.has(flag.toLowerCase()));
    },
  );
  view.learn(fresh);
  if (!command.silent) {
    for (const head of fresh) {
      const uid = command.uid ? `UID ${head.uid} ` : '';
      await talk.untagged(`${view.numberOf(head.uid)} FETCH (${uid}FLAGS ${view.flagsOf(head)})`);
    }
  }
  return fresh.length < heads.length
    ? no('[EXPUNGEISSUED] Some of the messages are gone')
    : ok('STORE completed');
}

/** Keywords are the same in any case; the first spelling stays. */
function union(old: readonly string[], more: readonly string[]): string[] {
  const known = new Set(old.map((flag) => flag.toLowerCase()));
  return [...old, ...more.filter((flag) => !known.has(flag.toLowerCase()))];
}

export async function copy(talk: Talk, view: View, command: Named<'COPY' | 'MOVE'>): Promise<EdgeReply> {
  const { name } = command;
  if (name === 'MOVE' && view.readOnly) return no('[READ-ONLY] The folder was opened for looking only');
  const heads = picked(view, command.set, command.uid);
  if (!heads) return NO_SUCH;
  const target = await talk.mailbox.folder(command.folder);
  if (!target) return no('[TRYCREATE] There is no such folder');
  const uids = heads.map(({ uid }) => uid);
  if (uids.length === 0) return ok(`${name} completed`);
  const done =
    name === 'COPY'
      ? await talk.mailbox.copy(view.folder, uids, target)
      : await talk.mailbox.move(view.folder, uids, target);
  if (done === 'quota') return no('[OVERQUOTA] The mailbox is full');
  if (done.pairs.length === 0) return no('[EXPUNGEISSUED] The messages are gone');
  // where the messages went is said before they go (RFC 6851 §4.3)
  if (name === 'MOVE') await talk.untagged(`OK ${copyCode(done)} Moved`);
  return ok(name === 'COPY' ? `${copyCode(done)} COPY completed` : 'MOVE completed');
}

const copyCode = ({ uidValidity, pairs }: Copied): string =>
  `[COPYUID ${uidValidity} ${formatSet(pairs.map(({ from }) => from))} ${formatSet(pairs.map(({ to }) => to))}]`;

const isDeleted = (flags: readonly string[]): boolean => flags.includes('\\Deleted');

/** What is deleted goes; the client is told of it with whatever else happened. */
export async function expunge(talk: Talk, view: View, { uids }: Named<'EXPUNGE'>): Promise<EdgeReply> {
  if (view.readOnly) return no('[READ-ONLY] The folder was opened for looking only');
  const heads = uids ? picked(view, uids, true)! : view.heads;
  await talk.mailbox.expunge(
    view.folder,
    heads.map(({ uid }) => uid),
    isDeleted,
  );
  return ok('EXPUNGE completed');
}

/** `expunges`: CLOSE. */
export async function close(talk: Talk, view: View, expunges: boolean): Promise<EdgeReply> {
  if (expunges && !view.readOnly) await expunge(talk, view, { name: 'EXPUNGE' });
  talk.select(undefined);
  return ok(`${expunges ? 'CLOSE' : 'UNSELECT'} completed`);
}

export async function search(talk: Talk, view: View, command: Named<'SEARCH'>): Promise<EdgeReply> {
  const heads = [...view.heads];
  const test = searchTest(command.key, {
    numbers: [...heads.keys()].map((index) => index + 1),
    uids: heads.map(({ uid }) => uid),
  });
  const dear = isDear(command.key);
  const found: number[] = [];
  for (const [index, head] of heads.entries()) {
    const number = index + 1;
    const hit = await test({
      number,
      head,
      recent: view.isRecent(head.uid),
      content: async () => (await talk.content(head.uid))?.top,
    });
    if (hit) found.push(command.uid ? head.uid : number);
    if (dear && index % 20 === 19) await talk.breathe();
  }
  await talk.untagged(['SEARCH', ...found].join(' '));
  return ok('SEARCH completed');
}

/**
 * A selected folder as one session knows it: message numbers, flags, and what other sessions did meanwhile.
 *
 * Numbers are stable between the moments at which the client may be told of removals (RFC 3501 §7.4.1): what is gone
 * keeps its number until then.
 *
 * @module
 */
import type { Folder, Mailbox, MessageHead } from '../mailboxes.ts';
import { flagsText } from './write.ts';

export interface View {
  readonly readOnly: boolean;
  readonly folder: Folder;
  /** In the order of message numbers. */
  readonly heads: readonly MessageHead[];
  /** 1 and up; undefined when it has none. */
  numberOf(uid: number): number | undefined;
  isRecent(uid: number): boolean;
  /** Flags with `\Recent` where it is. */
  flagsOf(head: MessageHead): string;
  /** Takes what this session changed itself, so that it is not told of it again. */
  learn(heads: readonly MessageHead[]): void;
  /** Looks what happened. Returns untagged responses; undefined when the folder is gone. */
  catchUp(options: { readonly expunges: boolean }): Promise<string[] | undefined>;
}

export async function openView(mailbox: Mailbox, opened: Folder, readOnly: boolean): Promise<View> {
  let folder = opened;
  let heads: MessageHead[] = [...(await mailbox.list(folder))];
  let numbers = numbersOf(heads);
  const gone = new Set<number>();
  const recent = new Set<number>();
  // who only looks leaves the right to call messages recent to others
  const noteRecent = async (some: readonly MessageHead[]): Promise<void> => {
    const from = readOnly ? folder.recentFrom : await mailbox.takeRecent(folder);
    for (const { uid } of some) if (uid >= from) recent.add(uid);
  };
  await noteRecent(heads);

  const view: View = {
    readOnly,
    get folder() {
      return folder;
    },
    get heads() {
      return heads;
    },
    numberOf: (uid) => numbers.get(uid),
    isRecent: (uid) => recent.has(uid),
    flagsOf: ({ uid, flags }) => flagsText(recent.has(uid) ? [...flags, '\\Recent'] : flags),
    learn(fresh) {
      for (const head of fresh) {
        const number = numbers.get(head.uid);
        if (number !== undefined) heads[number - 1] = head;
      }
    },
    async catchUp({ expunges }) {
      const now = await mailbox.again(folder);
      if (!now) return undefined;
      const out: string[] = [];
      const changed = now.change === folder.change ? [] : await mailbox.list(folder, folder.change);
      if (now.removedAt > folder.change) {
        const left = new Set(await mailbox.uids(folder));
        for (const { uid } of heads) if (!left.has(uid)) gone.add(uid);
      }
      folder = now;
      const flagged = changed.filter((head) => differs(numbers, heads, head));
      view.learn(flagged);
      const added = changed.filter(({ uid }) => uid > (heads.at(-1)?.uid ?? 0));
      if (expunges && gone.size > 0) {
        out.push(...removals(heads, gone));
        heads = heads.filter(({ uid }) => !gone.has(uid));
        gone.clear();
      }
      if (added.length > 0) heads = [...heads, ...added];
      if (out.length > 0 || added.length > 0) numbers = numbersOf(heads);
      if (added.length > 0) {
        await noteRecent(added);
        const count = heads.filter(({ uid }) => recent.has(uid)).length;
        out.push(`* ${heads.length} EXISTS`, `* ${count} RECENT`);
      }
      for (const head of flagged) {
        const number = numbers.get(head.uid);
        if (number !== undefined) out.push(`* ${number} FETCH (UID ${head.uid} FLAGS ${view.flagsOf(head)})`);
      }
      return out;
    },
  };
  return view;
}

const numbersOf = (heads: readonly MessageHead[]): Map<number, number> =>
  new Map(heads.map(({ uid }, index) => [uid, index + 1]));

/** Whether the flags of a message that is known are others now. */
function differs(
  numbers: ReadonlyMap<number, number>,
  heads: readonly MessageHead[],
  head: MessageHead,
): boolean {
  const number = numbers.get(head.uid);
  return number !== undefined && heads[number - 1]!.flags.join(' ') !== head.flags.join(' ');
}

/** From the last to the first, so that the numbers of the others hold. */
function removals(heads: readonly MessageHead[], gone: ReadonlySet<number>): string[] {
  const out: string[] = [];
  for (let index = heads.length - 1; index >= 0; index--) {
    if (gone.has(heads[index]!.uid)) out.push(`* ${index + 1} EXPUNGE`);
  }
  return out;
}

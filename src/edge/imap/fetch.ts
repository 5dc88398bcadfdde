/**
 * FETCH (RFC 3501 §6.4.5).
 *
 * @module
 */
import type { MessageHead } from '../mailboxes.ts';
import type { EdgeReply } from '../reading.ts';
import type { FetchItem, Named, Section } from './commands.ts';
import { formatDateTime } from './dates.ts';
import { envelopeText } from './envelope.ts';
import { sectionName, sectionOctets } from './section.ts';
import { structureText } from './structure.ts';
import { type Content, no, ok, type Talk } from './talk.ts';
import type { View } from './view.ts';
import { type Chunk, literal, string } from './write.ts';

const SECTION = { path: [], fields: [] } as const;
const WHOLE: Section = { ...SECTION, what: 'all' };
const HEADER: Section = { ...SECTION, what: 'HEADER' };
const TEXT: Section = { ...SECTION, what: 'TEXT' };

/** `heads`: the messages, in order. */
export async function fetchMessages(
  talk: Talk,
  view: View,
  heads: readonly MessageHead[],
  command: Named<'FETCH'>,
): Promise<EdgeReply> {
  const items = withUid(command.items, command.uid);
  const seen = new Set(view.readOnly || !items.some(reads) ? [] : await markSeen(talk, view, heads));
  const needs = items.some(needsContent);
  let gone = 0;
  for (const [index, { uid }] of heads.entries()) {
    const number = view.numberOf(uid)!;
    const content = needs ? await talk.content(uid) : undefined;
    if (needs && !content) {
      gone++;
      continue;
    }
    const told = seen.has(uid) && !items.some(({ kind }) => kind === 'FLAGS');
    const wanted: readonly FetchItem[] = told ? [...items, { kind: 'FLAGS' }] : items;
    const head = view.heads[number - 1]!;
    const chunks = wanted.flatMap((item, at): Chunk[] => [
      at === 0 ? '' : ' ',
      ...itemText(item, view, head, content),
    ]);
    await talk.untagged(`${number} FETCH (`, ...chunks, ')');
    if (needs && index % 20 === 19) await talk.breathe();
  }
  return gone > 0 ? no('[EXPUNGEISSUED] Some of the messages are gone') : ok('FETCH completed');
}

const withUid = (items: readonly FetchItem[], uid: boolean): readonly FetchItem[] =>
  uid && !items.some(({ kind }) => kind === 'UID') ? [{ kind: 'UID' }, ...items] : items;

/** Whether fetching it counts as reading the message. */
const reads = (item: FetchItem): boolean =>
  item.kind === 'section' ? !item.peek : item.kind === 'RFC822' || item.kind === 'RFC822.TEXT';

function needsContent({ kind }: FetchItem): boolean {
  switch (kind) {
    case 'FLAGS':
    case 'UID':
    case 'INTERNALDATE':
    case 'RFC822.SIZE':
      return false;
    default:
      return true;
  }
}

/** Returns the UIDs whose flags changed by it. */
async function markSeen(talk: Talk, view: View, heads: readonly MessageHead[]): Promise<number[]> {
  const unseen = heads.filter(({ flags }) => !flags.includes('\\Seen')).map(({ uid }) => uid);
  if (unseen.length === 0) return [];
  view.learn(await talk.mailbox.flag(view.folder, unseen, (flags) => [...flags, '\\Seen']));
  return unseen;
}

function itemText(item: FetchItem, view: View, head: MessageHead, content: Content | undefined): Chunk[] {
  switch (item.kind) {
    case 'FLAGS':
      return [`FLAGS ${view.flagsOf(head)}`];
    case 'UID':
      return [`UID ${head.uid}`];
    case 'INTERNALDATE':
      return [`INTERNALDATE ${string(formatDateTime(head.internalDate))}`];
    case 'RFC822.SIZE':
      return [`RFC822.SIZE ${head.size}`];
    case 'ENVELOPE':
      return [`ENVELOPE ${envelopeText(content!.top.entity)}`];
    case 'BODY':
    case 'BODYSTRUCTURE':
      return [`${item.kind} ${structureText(content!.top, item.kind === 'BODYSTRUCTURE')}`];
    case 'RFC822':
      return [`${item.kind} `, ...octets(content!, WHOLE)];
    case 'RFC822.HEADER':
      return [`${item.kind} `, ...octets(content!, HEADER)];
    case 'RFC822.TEXT':
      return [`${item.kind} `, ...octets(content!, TEXT)];
    case 'section':
      return [`${sectionName(item.section)} `, ...octets(content!, item.section)];
  }
}

function octets({ bytes, top }: Content, section: Section): Chunk[] {
  const found = sectionOctets(bytes, top, section);
  return found ? literal(found) : ['NIL'];
}

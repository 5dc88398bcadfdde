/**
 * Which messages a search finds (RFC 3501 §6.4.4). Text is found without regard to case, in what is read, not in what
 * is encoded.
 *
 * @module
 */
import { decodeText } from '../../mail/charset.ts';
import { readDate } from '../../mail/date.ts';
import { decodeWords } from '../../mail/encoded-words.ts';
import { decodedBody } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import type { MessageHead } from '../mailboxes.ts';
import type { SearchKey } from './commands.ts';
import { dayAt } from './dates.ts';
import { chosen } from './sequence.ts';
import type { Part } from './structure.ts';

/** A message that is looked at. Its octets are read only when a key asks for what is in them. */
export interface Candidate {
  readonly number: number;
  readonly head: MessageHead;
  readonly recent: boolean;
  content(): Promise<Part | undefined>;
}

/** Sets of numbers in a key, made plain once for all candidates. */
export interface Ground {
  readonly numbers: readonly number[];
  readonly uids: readonly number[];
}

type Test = (candidate: Candidate) => boolean | Promise<boolean>;

/** The test of a key. What is cheap is asked first. */
export function searchTest(key: SearchKey, ground: Ground): Test {
  switch (key.kind) {
    case 'all':
      return () => true;
    case 'recent':
      return ({ recent }) => recent;
    case 'old':
      return ({ recent }) => !recent;
    case 'new':
      return ({ recent, head }) => recent && !head.flags.includes('\\Seen');
    case 'flag': {
      const flag = key.flag.toLowerCase();
      return ({ head }) => head.flags.some((one) => one.toLowerCase() === flag) === key.set;
    }
    case 'larger':
      return ({ head }) => head.size > key.octets;
    case 'smaller':
      return ({ head }) => head.size < key.octets;
    case 'before':
    case 'on':
    case 'since':
      return dayTest(key);
    case 'numbers': {
      const set = new Set(chosen(key.set, ground.numbers));
      return ({ number }) => set.has(number);
    }
    case 'uids': {
      const set = new Set(chosen(key.set, ground.uids));
      return ({ head }) => set.has(head.uid);
    }
    case 'header':
      return async (candidate) => {
        const entity = (await candidate.content())?.entity;
        return (
          entity?.headerAll(key.field).some((value) => decodeWords(value).toLowerCase().includes(key.text)) ??
          false
        );
      };
    case 'body':
    case 'text':
      return async (candidate) => {
        const part = await candidate.content();
        return part !== undefined && partHas(part, key.text, key.kind === 'text');
      };
    case 'not': {
      const inner = searchTest(key.key, ground);
      return async (candidate) => !(await inner(candidate));
    }
    case 'or': {
      const [first, second] = ordered(key.keys, ground);
      return async (candidate) => (await first!(candidate)) || second!(candidate);
    }
    case 'and': {
      const tests = ordered(key.keys, ground);
      return async (candidate) => {
        for (const test of tests) if (!(await test(candidate))) return false;
        return true;
      };
    }
  }
}

const ordered = (keys: readonly SearchKey[], ground: Ground): Test[] =>
  keys.toSorted((a, b) => Number(isDear(a)) - Number(isDear(b))).map((key) => searchTest(key, ground));

/** Whether a key may have to read messages. */
export function isDear(key: SearchKey): boolean {
  switch (key.kind) {
    case 'header':
    case 'body':
    case 'text':
      return true;
    case 'before':
    case 'on':
    case 'since':
      return key.of === 'sent';
    case 'not':
      return isDear(key.key);
    case 'or':
    case 'and':
      return key.keys.some(isDear);
    default:
      return false;
  }
}

function dayTest(key: Extract<SearchKey, { readonly day: number }>): Test {
  const holds = (ms: number): boolean => {
    const day = dayAt(ms);
    return key.kind === 'before' ? day < key.day : key.kind === 'on' ? day === key.day : day >= key.day;
  };
  if (key.of === 'received') return ({ head }) => holds(head.internalDate);
  return async (candidate) => {
    const sent = (await candidate.content())?.entity.header('date');
    const ms = writtenDay(sent);
    return ms !== undefined && holds(ms);
  };
}

/** Date and time as the sender wrote them, disregarding the zone (RFC 3501 §6.4.4, SENTON). */
function writtenDay(value: string | undefined): number | undefined {
  return readDate(value?.replace(/[+-]\d{4}/, '+0000'));
}

function partHas(part: Part, text: string, headers: boolean): boolean {
  const { entity } = part;
  if (
    headers &&
    entity.headers.some(({ name, value }) => `${name}: ${decodeWords(value)}`.toLowerCase().includes(text))
  ) {
    return true;
  }
  switch (part.kind) {
    case 'multipart':
      return part.children.some((child) => partHas(child, text, false));
    case 'message':
      return partHas(part.inner, text, true);
    case 'leaf':
      return textOf(part).includes(text);
  }
}

/** What is no text is not searched. */
function textOf({ entity }: Part): string {
  if (!entity.contentType.type.startsWith('text/')) return '';
  try {
    return decodeText(decodedBody(entity), entity.contentType.parameters['charset']).text.toLowerCase();
  } catch (error) {
    if (error instanceof MailError) return '';
    throw error;
  }
}

/**
 * Commands of RFC 3501 and of the extensions on offer, as data.
 *
 * @module
 */
import type { SequenceSet } from './sequence.ts';

export type StatusItem = 'MESSAGES' | 'RECENT' | 'UIDNEXT' | 'UIDVALIDITY' | 'UNSEEN';

/** A piece of a message: `BODY[1.2.HEADER.FIELDS (From To)]<0.100>`. */
export interface Section {
  /** Numbers of parts, from the outside in. */
  readonly path: readonly number[];
  readonly what: 'all' | 'HEADER' | 'TEXT' | 'MIME' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT';
  /** Lower case. */
  readonly fields: readonly string[];
  readonly partial?: { readonly from: number; readonly octets: number };
}

export type FetchItem =
  | {
      readonly kind:
        | 'FLAGS'
        | 'UID'
        | 'INTERNALDATE'
        | 'ENVELOPE'
        | 'BODY'
        | 'BODYSTRUCTURE'
        | 'RFC822.SIZE'
        | 'RFC822'
        | 'RFC822.HEADER'
        | 'RFC822.TEXT';
    }
  | { readonly kind: 'section'; readonly section: Section; readonly peek: boolean };

export type SearchKey =
  | { readonly kind: 'all' | 'new' | 'old' | 'recent' }
  | { readonly kind: 'flag'; readonly flag: string; readonly set: boolean }
  | { readonly kind: 'before' | 'on' | 'since'; readonly day: number; readonly of: 'received' | 'sent' }
  | { readonly kind: 'larger' | 'smaller'; readonly octets: number }
  /** `field` in lower case; `text` '' finds whoever has the field. */
  | { readonly kind: 'header'; readonly field: string; readonly text: string }
  | { readonly kind: 'body' | 'text'; readonly text: string }
  | { readonly kind: 'numbers'; readonly set: SequenceSet }
  | { readonly kind: 'uids'; readonly set: SequenceSet }
  | { readonly kind: 'not'; readonly key: SearchKey }
  | { readonly kind: 'or'; readonly keys: readonly [SearchKey, SearchKey] }
  | { readonly kind: 'and'; readonly keys: readonly SearchKey[] };

/** One variant a name. */
type Each<N extends string, F = unknown> = N extends string ? { readonly name: N } & F : never;

export type ImapCommand =
  | Each<
      | 'CAPABILITY'
      | 'NOOP'
      | 'LOGOUT'
      | 'STARTTLS'
      | 'NAMESPACE'
      | 'ID'
      | 'CHECK'
      | 'CLOSE'
      | 'UNSELECT'
      | 'IDLE'
    >
  | Each<'LOGIN', { readonly user: string; readonly password: string }>
  | Each<'AUTHENTICATE', { readonly mechanism: string; readonly initial?: string }>
  | Each<
      'SELECT' | 'EXAMINE' | 'CREATE' | 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE',
      { readonly folder: string }
    >
  | Each<'RENAME', { readonly folder: string; readonly to: string }>
  /** Reference and pattern as text, decoded. */
  | Each<'LIST' | 'LSUB', { readonly reference: string; readonly pattern: string }>
  | Each<'STATUS', { readonly folder: string; readonly items: readonly StatusItem[] }>
  | Each<
      'APPEND',
      {
        readonly folder: string;
        readonly flags: readonly string[];
        readonly date?: number;
        readonly bytes: Uint8Array;
      }
    >
  | Each<'EXPUNGE', { readonly uids?: SequenceSet }>
  | Each<'SEARCH', { readonly uid: boolean; readonly key: SearchKey }>
  | Each<'FETCH', { readonly uid: boolean; readonly set: SequenceSet; readonly items: readonly FetchItem[] }>
  | Each<
      'STORE',
      {
        readonly uid: boolean;
        readonly set: SequenceSet;
        readonly how: 'set' | 'add' | 'remove';
        readonly silent: boolean;
        readonly flags: readonly string[];
      }
    >
  | Each<'COPY' | 'MOVE', { readonly uid: boolean; readonly set: SequenceSet; readonly folder: string }>;

/** A command of this name. */
export type Named<N extends ImapCommand['name']> = Extract<ImapCommand, { readonly name: N }>;

/** What the client said, or why it was not understood. `tag` is '*' when not even that could be read. */
export type Parsed =
  | { readonly tag: string; readonly name: string; readonly command: ImapCommand }
  | { readonly tag: string; readonly name: string; readonly wrong: string }
  | { readonly tag: string; readonly name: string; readonly charset: string };

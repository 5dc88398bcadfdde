import type { Filter } from './filter.ts';

export interface SearchRequest {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  /** How aliases are treated, 0 to 3; there are none here. */
  readonly derefAliases: number;
  /** Entries; 0 = no limit of the client's. */
  readonly sizeLimit: number;
  /** Seconds; 0 = no limit of the client's. */
  readonly timeLimitS: number;
  readonly typesOnly: boolean;
  readonly filter: Filter;
  readonly attributes: readonly string[];
}

export interface BindRequest {
  readonly version: number;
  readonly name: string;
  /** Mechanism of a SASL bind. */
  readonly sasl?: string;
  /** Octets of the password of a simple bind. */
  readonly passwordLength: number;
  /** The password itself; good until the request is answered, and never part of evidence. */
  readonly password: Uint8Array;
}

/** The control for answers in pages (RFC 2696). */
export interface PagedRequest {
  /** Entries of one page. */
  readonly size: number;
  /** What the page before ended with, as latin1; empty: the first page. */
  readonly cookie: string;
}

interface Envelope {
  /** Message id, 1 to 2^31-1. */
  readonly id: number;
  /** Identifier of a critical control that we do not know here (RFC 4511 §4.1.11). */
  readonly critical?: string;
  readonly paged?: PagedRequest;
}

/** A message that passed the guard. */
export type Request = Envelope &
  (
    | { readonly op: 'search'; readonly search: SearchRequest }
    | { readonly op: 'bind'; readonly bind: BindRequest }
    | { readonly op: 'unbind' }
    | { readonly op: 'abandon'; readonly target: number }
    | { readonly op: 'extended'; readonly oid: string }
    /** Every name that the request holds. */
    | { readonly op: 'compare' | WriteOp; readonly dns: readonly string[] }
  );

export type WriteOp = 'add' | 'modify' | 'delete' | 'modifyDn';

export type RequestOp = Request['op'];

/** Identifier octets of the requests and of their answers; 0 = no answer (RFC 4511 §4.2 to §4.12). */
export const REQUESTS: ReadonlyMap<number, { readonly op: RequestOp; readonly answer: number }> = new Map([
  [0x60, { op: 'bind', answer: 0x61 }],
  [0x42, { op: 'unbind', answer: 0 }],
  [0x63, { op: 'search', answer: 0x65 }],
  [0x66, { op: 'modify', answer: 0x67 }],
  [0x68, { op: 'add', answer: 0x69 }],
  [0x4a, { op: 'delete', answer: 0x6b }],
  [0x6c, { op: 'modifyDn', answer: 0x6d }],
  [0x6e, { op: 'compare', answer: 0x6f }],
  [0x50, { op: 'abandon', answer: 0 }],
  [0x77, { op: 'extended', answer: 0x78 }],
]);

const ANSWER_TAGS = new Map([...REQUESTS.values()].map(({ op, answer }) => [op, answer]));

/** Identifier octet of the answer to an operation; 0 = none is given. */
export const answerTag = (op: RequestOp): number => ANSWER_TAGS.get(op) ?? 0;

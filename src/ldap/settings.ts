/**
 * What a server is given and what its connections share.
 *
 * @module
 */
import type { Addr, Host } from '../net/host.ts';
import type { SecureServerOptions } from '../net/tls.ts';
import type { SearchAnswer, SearchLimits } from './answer.ts';
import type { LdapTree } from './entries.ts';
import type { Operations } from './operations.ts';
import type { Quota } from './quota.ts';
import type { BindRequest, SearchRequest } from './requests.ts';
import type { Selections } from './selection.ts';

export interface LdapLimits extends SearchLimits {
  /** Octets of one request. */
  readonly requestOctets: number;
  /** Octets of one answer. */
  readonly answerOctets: number;
  /** Octets written and not taken by the client, before its connection is ended. */
  readonly backlogOctets: number;
  /** Octets of ready answers to keep. */
  readonly readyOctets: number;
  readonly connections: number;
  /** Searches of one client address in a minute; beyond that `busy`. */
  readonly searchesPerMinute: number;
  /** Searches of one connection that wait for an answer. */
  readonly waiting: number;
  /** Milliseconds without a whole request. */
  readonly idleMs: number;
}

export const DEFAULT_LIMITS: LdapLimits = {
  entries: 100,
  enumeration: 20,
  work: 200_000,
  timeS: 10,
  requestOctets: 65_536,
  answerOctets: 4 * 1024 * 1024,
  backlogOctets: 8 * 1024 * 1024,
  readyOctets: 64 * 1024 * 1024,
  connections: 1000,
  searchesPerMinute: Number.POSITIVE_INFINITY,
  waiting: 100,
  idleMs: 120_000,
};

/** The connection that a request came on. */
export interface LdapSessionInfo {
  readonly peer: Addr;
  readonly conn: number;
  readonly tls: boolean;
  /** Whether a bind succeeded on it. */
  readonly bound: boolean;
  /** Whom the bind made it, in terms of whoever looked at the bind. */
  readonly who?: object;
}

/** Result of a bind; with a diagnostic when there is more to say, and with who it is when it is somebody. */
export type BindAnswer =
  | number
  | { readonly result: number; readonly diagnostic?: string; readonly who?: object };

export interface LdapServerOptions {
  readonly at: Addr;
  /** A function gives the tree as it stands when a request comes, for whoever asks. */
  readonly tree: LdapTree | ((session: LdapSessionInfo) => LdapTree);
  /** Offers StartTLS; with `ldaps` every connection starts with TLS instead. */
  readonly tls?: SecureServerOptions;
  readonly ldaps?: boolean;
  readonly limits?: Partial<LdapLimits>;
  /**
   * Seam for faulty servers: gets the right answer and gives the one to send. A promise answers later, one that is
   * never kept never.
   */
  readonly answer?: (
    search: SearchRequest,
    reference: SearchAnswer,
    session: LdapSessionInfo,
  ) => SearchAnswer | Promise<SearchAnswer>;
  /** Result of a simple bind. Default `anonymousOnly`. */
  readonly bind?: (request: BindRequest, session: LdapSessionInfo) => BindAnswer;
  /** Whose share of searches a request counts for. Default: the address that it came from. */
  readonly client?: (session: LdapSessionInfo) => string;
  /** Seam for faulty servers: the result of a request to change something. Default: unwillingToPerform. */
  readonly change?: () => number;
}

/** What the connections of one server share. */
export interface LdapService {
  readonly host: Host;
  readonly options: LdapServerOptions;
  readonly limits: LdapLimits;
  readonly tree: (session: LdapSessionInfo) => LdapTree;
  readonly bind: (request: BindRequest, session: LdapSessionInfo) => BindAnswer;
  readonly client: (session: LdapSessionInfo) => string;
  readonly selections: Selections;
  readonly quota: Quota;
  readonly operations: Operations;
}

/**
 * What a publisher is made of: what it publishes, and the servers that do. `referencePublisher` is how it is done
 * right; one that does it wrong is the same record with one element replaced (`behaviours/`).
 *
 * @module
 */
import type { ResourceRecord } from '../dns/records.ts';
import type { AnswerFunction } from '../dns/server.ts';
import type { Zone } from '../dns/zone.ts';
import type { SearchAnswer } from '../ldap/answer.ts';
import type { LdapEntry } from '../ldap/entries.ts';
import type { BindRequest, SearchRequest } from '../ldap/requests.ts';
import { anonymousOnly } from '../ldap/server.ts';
import type { LdapLimits } from '../ldap/settings.ts';
import type { Network } from './schema.ts';

/** The directory that a search is put to. */
export interface SearchedServer {
  readonly contexts: readonly string[];
  /** All that it holds, with every attribute. */
  readonly entries: readonly LdapEntry[];
}

export interface PublisherParts {
  /** What a case publishes: its certificates, records and directories. */
  readonly fixture: (network: Network, domain: string) => Network;
  /** The records of a domain as its name servers load them. */
  readonly records: (records: readonly ResourceRecord[]) => readonly ResourceRecord[];
  /** How the name servers answer. */
  readonly answer: (reference: AnswerFunction, zones: readonly Zone[]) => AnswerFunction;
  readonly transports: readonly ('udp' | 'tcp')[];
  /** What the second name server has loaded. */
  readonly secondary: (zone: Zone) => Zone;
  /** How an LDAP server answers a search. */
  readonly search: (search: SearchRequest, reference: SearchAnswer, server: SearchedServer) => SearchAnswer;
  /** Result of a simple bind. */
  readonly bind: (request: BindRequest) => number;
  /** What its LDAP servers limit. */
  readonly limits: Pick<LdapLimits, 'entries' | 'enumeration' | 'searchesPerMinute'>;
  /** Result of a request to change an entry; undefined: refused as servers do that only read. */
  readonly change: (() => number) | undefined;
}

export const referencePublisher: PublisherParts = {
  fixture: (network) => network,
  records: (records) => records,
  answer: (reference) => reference,
  transports: ['udp', 'tcp'],
  secondary: (zone) => zone,
  search: (_search, reference) => reference,
  bind: anonymousOnly,
  limits: { entries: 100, enumeration: 20, searchesPerMinute: 600 },
  change: undefined,
};

/**
 * What a search for certificates is made of. `referenceDiscovery` is how it is done right; a peer that does it wrong
 * is the same record with one element replaced (`scenario/behaviours/`), so the search itself has no switches.
 *
 * @module
 */
import type { DnsAnswer, ResolverParts } from '../dns/client.ts';
import type { ResourceRecord } from '../dns/records.ts';
import type { Fetcher } from '../http/fetch.ts';
import type { LdapEntry } from '../ldap/entries.ts';
import type { Host, Random } from '../net/host.ts';
import type { Finding } from '../outcome/check.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { Level, Outcome } from './types.ts';

/** The names under which one person's certificates may stand. */
export interface Names {
  readonly address: string;
  readonly domain: string;
}

/** What one published value came to. */
export type Reading =
  /** A certificate, or something at its place that cannot be read. */
  | {
      readonly kind: 'certificate';
      readonly bytes: Uint8Array;
      readonly certificate?: Certificate;
      readonly unreadable?: string;
      readonly notes: readonly Finding[];
    }
  /** Only where the certificate can be had (RFC 4398 §2.1). */
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly certType: number;
      readonly notes: readonly Finding[];
    }
  /** Something else that counts as nothing: a list, a key, a record of another type. */
  | { readonly kind: 'ignored'; readonly notes: readonly Finding[] };

/** All the values of one place; `failed` makes the place count as one that did not answer. */
export interface Gathered {
  readonly readings: readonly Reading[];
  readonly failed?: string;
}

/** How a place of the search ended, for the stop rules. */
export interface Visit {
  readonly level: Level;
  readonly outcome: Outcome;
  /** For DNS: whether the name itself exists. */
  readonly nxdomain: boolean;
  readonly candidates: number;
}

export interface SrvTarget {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** How the visit to one LDAP server ended. */
export interface ServerVisit {
  readonly level: Level;
  readonly server: string;
  readonly outcome: Outcome;
}

export interface CertParts {
  /** Which of the records at the name are looked at. */
  readonly choose: (records: readonly ResourceRecord[]) => readonly ResourceRecord[];
  readonly read: (record: ResourceRecord) => Reading;
  /** With what URLs in records are fetched; given is what fetches from public addresses only (REQ-SEC-01). */
  readonly fetcher: (guarded: Pick<Fetcher, 'get'>, host: Host) => Pick<Fetcher, 'get'>;
  readonly gather: (readings: readonly Reading[]) => Gathered;
}

export interface LdapParts {
  /** Whether to search on after the server refused the anonymous bind with this result code (RFC 4511 §4.1.9). */
  readonly searchUnbound: (result: number) => boolean;
  /** Which of the server's naming contexts are searched. */
  readonly contexts: (published: readonly string[]) => readonly string[];
  readonly filter: (level: Level, names: Names, escaped: (value: string) => string) => string;
  readonly escape: (value: string) => string;
  /** The attributes asked for. */
  readonly attributes: readonly string[];
  /** Which of the entries of one context are looked at. */
  readonly entries: (entries: readonly LdapEntry[], level: Level, names: Names) => readonly LdapEntry[];
  /** The certificate values of an entry. */
  readonly values: (entry: LdapEntry) => readonly Uint8Array[];
  readonly read: (value: Uint8Array) => Reading;
  readonly gather: (readings: readonly Reading[]) => Gathered;
  /** Whether a search that gave this result and these references counts as answered. */
  readonly answered: (result: number, references: readonly string[]) => boolean;
  /** Whether the next server is asked. */
  readonly nextServer: (after: ServerVisit) => boolean;
}

export interface DiscoveryLimits {
  /** For one DNS question with all its repeats, ms. */
  readonly questionMs: number;
  /** To connect to one LDAP server, and for each of its answers, ms. */
  readonly serverMs: number;
  /** For all LDAP servers together, ms. */
  readonly ldapMs: number;
  /** For all recipients of a message to be found and decided about; who is not yet, waits for the next pass, ms. */
  readonly passMs: number;
  /** Recipients of a message that are looked for at the same time. */
  readonly recipients: number;
  /** Entries asked for per search. */
  readonly entries: number;
  readonly servers: number;
  /** URLs of one name that are fetched. */
  readonly urls: number;
  /** Certificates that are looked at. */
  readonly certificates: number;
}

export interface DiscoveryParts {
  readonly order: readonly Level[];
  /** The stop rule: whether the search goes on to the next level (wire-facts §3). */
  readonly proceed: (after: Visit) => boolean;
  readonly resolver: ResolverParts;
  /** What is made of an answer before its records are looked at. */
  readonly hear: (answer: DnsAnswer) => DnsAnswer;
  /** The name that is asked for CERT; undefined when the address has none. */
  readonly ownerName: (level: Level, names: Names) => string | undefined;
  readonly cert: CertParts;
  /** The LDAP servers of a domain from the answer to its SRV question. */
  readonly locate: (answer: DnsAnswer, domain: string) => readonly SrvTarget[];
  readonly orderServers: (targets: readonly SrvTarget[], random: Random) => readonly SrvTarget[];
  /** The address types that are looked up for a server. */
  readonly families: readonly ('A' | 'AAAA')[];
  readonly ldap: LdapParts;
  readonly limits: DiscoveryLimits;
}

/**
 * What a search for the certificates of an address found, and every step that it took. Facts only: whether a
 * certificate may be used is for `trust/` to say.
 *
 * @module
 */
import type { DnsExchange } from '../dns/client.ts';
import type { Finding } from '../outcome/check.ts';
import type { Certificate } from '../pki/certificate.ts';

/** Where a certificate can be published, in the order of the Applicability Statement (REQ-DNS-03, REQ-LDAP-07). */
export type Level = 'address-dns' | 'domain-dns' | 'address-ldap' | 'domain-ldap';

export const LEVELS: readonly Level[] = ['address-dns', 'domain-dns', 'address-ldap', 'domain-ldap'];

/** A certificate as published, also when it cannot be read: garbage ends a search as a bad certificate does. */
export interface Candidate {
  readonly level: Level;
  /** The owner name, or the entry's DN and its server. */
  readonly where: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly certificate?: Certificate;
  /** Why `certificate` is missing. */
  readonly unreadable?: string;
  readonly notes: readonly Finding[];
}

/**
 * `absent`: a definite no (NXDOMAIN, NODATA, no entry). `unknown`: nobody could tell (SERVFAIL, no answer, refused);
 * never the same as absent (REQ-DNS-11).
 */
export type Outcome = 'found' | 'absent' | 'unknown';

/** One question of a search. JSON throughout. */
export interface Step {
  readonly level: Level | 'srv';
  /** `CERT bob.direct.b.example`, `(mail=bob@direct.b.example)`. */
  readonly question: string;
  readonly server?: string;
  readonly outcome: Outcome;
  readonly detail: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ms: number;
  /** Number of the event that shows it; 0 when no events are kept. */
  readonly event: number;
  /** For DNS: every packet that went out for this question. */
  readonly exchanges?: readonly DnsExchange[];
}

export interface Discovery {
  /** The address as asked for, domain in lower case. */
  readonly address: string;
  readonly outcome: 'found' | 'none' | 'temporary';
  /** Where the first candidate was found. */
  readonly level?: Level;
  readonly candidates: readonly Candidate[];
  readonly steps: readonly Step[];
  /** For `temporary`: the first thing that did not answer; for `none`: why there was nothing to ask. */
  readonly why?: string;
  /** Of outcome `none`: the domain, when it does not exist (NXDOMAIN). */
  readonly nonexistent?: string;
  /** Of a `temporary` outcome: where. */
  readonly stage?: Level | 'srv';
  /** The DNS names that were asked for CERT. */
  readonly names: readonly string[];
  /** The LDAP servers that were tried, as `host:port`. */
  readonly servers: readonly string[];
  /** What was met on the way and belongs to no candidate. */
  readonly notes: readonly Finding[];
}

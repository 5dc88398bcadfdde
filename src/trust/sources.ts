/**
 * Where the trust decision gets what the certificate does not bring along: issuers by AIA and revocation lists.
 *
 * @module
 */
import type { Fetcher } from '../http/fetch.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { RevocationCache } from '../pki/revocation.ts';
import type { JudgedCache } from './judged.ts';

/** Kept over decisions; one for each HISP, so that no peer's state leaks into another's. */
export interface TrustCache {
  readonly revocation: RevocationCache;
  /** Issuer certificates by URL, with the time until which they are good to use. */
  readonly issuers: Map<string, { readonly certificates: readonly Certificate[]; readonly until: number }>;
  /** Decisions of a moment ago; without it each is made anew. */
  readonly judged?: JudgedCache;
}

/** How issuers are looked for (wire-facts §10). */
export interface IssuerParts {
  /** The URLs to ask for the issuer of a certificate. */
  readonly urls: (certificate: Certificate) => readonly string[];
  /** The certificates in a body. @throws {PkiError} when there is none that can be read */
  readonly read: (body: Uint8Array) => readonly Certificate[];
}

export interface TrustSources {
  readonly fetcher: Pick<Fetcher, 'get'>;
  readonly cache: TrustCache;
  readonly issuers: IssuerParts;
}

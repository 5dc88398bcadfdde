/**
 * What discovery found for an address, in the few facts that the checks need.
 *
 * @module
 */

export interface CertificateFacts {
  readonly outcome: 'found' | 'none' | 'temporary';
  /** What was asked, in words: `CERT x.d.example, CERT d.example, _ldap._tcp.d.example (no records)`. */
  readonly asked: string;
  /** Of the certificate that counts: serial number, decimal, and policies that name a category. */
  readonly serial?: string;
  readonly policies?: readonly string[];
  /** Whether mail has a way to the domain, when that was asked. */
  readonly mx?: 'found' | 'none' | 'unknown';
  /** Why the certificate cannot be used: a code of the causes, and its sentence. */
  readonly fault?: { readonly code: string; readonly text: string };
}

/** Finds and judges the certificate of an address. Injected: the directory does no network work of its own. */
export type CertificateLookup = (address: string) => Promise<CertificateFacts>;

/**
 * Certificates that may be issuers, by subject, each once.
 *
 * @module
 */
import type { Certificate } from '../certificate.ts';
import type { Name } from '../name.ts';

/** What an AIA URL gave: certificates, or why it did not answer. */
export type IssuerFetch = readonly Certificate[] | { readonly why: string };

export interface IssuerPool {
  /** Certificates with that subject, in the order they came. */
  readonly named: (name: Name) => readonly Certificate[];
  readonly add: (certificates: readonly Certificate[]) => void;
}

export function createIssuerPool(certificates: readonly Certificate[]): IssuerPool {
  const bySubject = new Map<string, Certificate[]>();
  const known = new Set<string>();
  const add: IssuerPool['add'] = (more) => {
    for (const certificate of more) {
      if (known.has(certificate.sha256)) continue;
      known.add(certificate.sha256);
      const list = bySubject.get(certificate.subject.key);
      if (list) list.push(certificate);
      else bySubject.set(certificate.subject.key, [certificate]);
    }
  };
  add(certificates);
  return { named: (name) => bySubject.get(name.key) ?? [], add };
}

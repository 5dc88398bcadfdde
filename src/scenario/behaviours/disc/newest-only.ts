import type { Behaviour } from '../behaviour.ts';

/** Encrypts to the newest of several certificates. */
export const newestOnly: Behaviour = {
  id: 'disc.newest-only',
  title: 'encrypts to the newest of several usable certificates, and to no other',
  legal: true,
  apply: (parts) => ({
    ...parts,
    select: (judged) =>
      parts
        .select(judged)
        .toSorted((a, b) => (b.certificate?.notBefore ?? '').localeCompare(a.certificate?.notBefore ?? ''))
        .slice(0, 1),
  }),
};

import type { Behaviour } from '../behaviour.ts';

/** Looks at the last signer only. */
export const lastSignerOnly: Behaviour = {
  id: 'recv.last-signer-only',
  title: 'looks at the last signer only',
  legal: false,
  apply: (parts) => ({ ...parts, anySigner: (judged) => parts.anySigner(judged.slice(-1)) }),
};

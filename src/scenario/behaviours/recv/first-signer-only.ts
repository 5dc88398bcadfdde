import type { Behaviour } from '../behaviour.ts';

/** Looks at the first signer only. */
export const firstSignerOnly: Behaviour = {
  id: 'recv.first-signer-only',
  title: 'looks at the first signer only',
  legal: false,
  apply: (parts) => ({ ...parts, anySigner: (judged) => parts.anySigner(judged.slice(0, 1)) }),
};

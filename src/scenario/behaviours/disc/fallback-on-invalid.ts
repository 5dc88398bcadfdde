import type { Behaviour } from '../behaviour.ts';

/** Searches on when everything that was found is unusable. */
export const fallbackOnInvalid: Behaviour = {
  id: 'disc.fallback-on-invalid',
  title: 'searches on when everything that was found is unusable',
  legal: false,
  apply: (parts) => ({ ...parts, afterRefusal: () => 'continue' }),
};

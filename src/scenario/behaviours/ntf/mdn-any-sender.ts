import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Believes a notice whoever signed it. */
export const mdnAnySender: Behaviour = {
  id: 'ntf.mdn-any-sender',
  title: 'believes a notice whoever signed it',
  legal: false,
  apply: inNotices(() => ({ believes: () => true })),
};

import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Pays no attention to DSNs of others. */
export const dropsForeignDsn: Behaviour = {
  id: 'ntf.drops-foreign-dsn',
  title: 'pays no attention to DSNs of others',
  legal: false,
  apply: inNotices(() => ({ dsn: () => [] })),
};

import type { Behaviour } from '../behaviour.ts';

/** Sends the message to recipients for whom it is not encrypted. */
export const keepsDroppedRecipient: Behaviour = {
  id: 'disc.keeps-dropped-recipient',
  title: 'sends the message to recipients for whom it is not encrypted',
  legal: false,
  apply: (parts) => ({ ...parts, plan: (decided) => (parts.plan(decided).length > 0 ? [decided] : []) }),
};

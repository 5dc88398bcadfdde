import type { Accounts } from '../../../edge/accounts.ts';
import type { Behaviour } from '../behaviour.ts';
import { both, inReading } from './reading.ts';
import { inSubmission } from './submitting.ts';

const anybody: Accounts = {
  authenticate: async ({ name }) => ({
    ok: true,
    user: { tenant: 'sut', account: name, addresses: [name.toLowerCase()] },
  }),
};

/** Whoever names an account is let in. */
export const anyPassword: Behaviour = {
  id: 'edge.any-password',
  title: 'lets a user in with any password',
  legal: false,
  apply: both(
    inSubmission(() => ({ accounts: () => anybody })),
    inReading(() => ({ accounts: () => anybody })),
  ),
};

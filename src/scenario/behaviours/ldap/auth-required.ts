import { RESULT } from '../../../ldap/result.ts';
import { type PublisherBehaviour, publishing } from '../behaviour.ts';

export const authRequired: PublisherBehaviour = {
  id: 'ldap.auth-required',
  title: 'refuses the anonymous bind',
  legal: false,
  publish: publishing(() => ({ bind: () => RESULT.inappropriateAuthentication })),
};

import { RESULT } from '../../../ldap/result.ts';
import { type PublisherBehaviour, publishing } from '../behaviour.ts';

/** Lets anybody change the directory. */
export const writable: PublisherBehaviour = {
  id: 'ldap.writable',
  title: 'lets anonymous users add, change and delete entries',
  legal: false,
  publish: publishing(() => ({ change: () => RESULT.success })),
};

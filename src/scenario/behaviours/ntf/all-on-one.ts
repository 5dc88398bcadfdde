import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Takes the failure of one recipient for that of all. */
export const allOnOne: Behaviour = {
  id: 'ntf.all-on-one',
  title: 'takes the failure of one recipient for that of all',
  legal: false,
  apply: inNotices(() => ({
    async concerned(happened, everybody) {
      const failure = happened.find(({ event }) => event?.kind === 'failure' || event?.kind === 'timer');
      const { event } = failure ?? {};
      if (!event) return happened;
      const named = new Set(happened.map(({ address }) => address));
      const others = (await everybody()).filter(({ address }) => !named.has(address));
      return [...happened, ...others.map(({ address }) => ({ address, event }))];
    },
  })),
};

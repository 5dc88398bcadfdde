import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Gives every notice of failure twice, once for each machine that thinks of it. */
export const double: Behaviour = {
  id: 'ntf.double',
  title: 'gives every notice of failure twice, once for each machine that thinks of it',
  legal: false,
  apply: inNotices(({ failureIds }) => ({
    failureIds: (messageId, address, why) =>
      failureIds(messageId, address, why).flatMap((id) => [id, `${id} again`]),
  })),
};

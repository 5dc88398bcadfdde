import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Throws the old key away as soon as there is a new one. */
export const dropsOldKey: Behaviour = {
  id: 'recv.drops-old-key',
  title: 'throws the old key away as soon as there is a new one',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'decrypt', (opening, run) =>
      run({
        ...opening,
        recipients: opening.recipients.map((recipient) => {
          const newest = Math.max(...recipient.keys.map(({ certificate }) => certificate.notBefore));
          return {
            ...recipient,
            keys: recipient.keys.filter(({ certificate }) => certificate.notBefore === newest),
          };
        }),
      }),
    ),
  ),
};

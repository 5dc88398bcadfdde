import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Opens nothing by a key whose certificate is for signing alone. */
export const strictPurpose: Behaviour = {
  id: 'recv.strict-purpose',
  title: 'opens nothing by a key whose certificate is for signing alone',
  legal: true,
  apply: inOpening((stages) =>
    staged(stages, 'decrypt', (opening, run) =>
      run({
        ...opening,
        recipients: opening.recipients.map((recipient) => ({
          ...recipient,
          keys: recipient.keys.filter(
            ({ certificate: { keyUsage } }) => !keyUsage || keyUsage.has('keyEncipherment'),
          ),
        })),
      }),
    ),
  ),
};

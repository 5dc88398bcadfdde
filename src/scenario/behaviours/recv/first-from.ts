import { addressKey, readAddressList } from '../../../mail/address.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Takes the first of several From addresses for the sender. */
export const firstFrom: Behaviour = {
  id: 'recv.first-from',
  title: 'takes the first of several From addresses for the sender',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'sender', (opening) => {
      const first = readAddressList(opening.inner?.header('from') ?? '').addresses[0];
      return first ? { ...opening, sender: addressKey(first.address) } : opening;
    }),
  ),
};

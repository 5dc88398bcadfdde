import { without } from '../../../trust/named.ts';
import { type Behaviour, inOpening } from '../behaviour.ts';

/** Opens content in any cipher that it can read. */
export const tripleDesOk: Behaviour = {
  id: 'recv.3des-ok',
  title: 'opens content in Triple DES, or in any cipher that it can read',
  legal: false,
  apply: inOpening((stages) => without(stages, 'cipher')),
};

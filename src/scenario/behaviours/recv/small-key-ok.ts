import { without } from '../../../trust/named.ts';
import { asking, type Behaviour, inSigner } from '../behaviour.ts';

/** Takes signers with keys of any size. */
export const smallKeyOk: Behaviour = {
  id: 'recv.small-key-ok',
  title: 'takes signers with keys of any size',
  legal: false,
  apply: inSigner((checks) =>
    asking(
      without(checks, 'strength'),
      'path',
      (check) => (context) => check({ ...context, profile: 'permissive' }),
    ),
  ),
};

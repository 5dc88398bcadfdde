import { replaced } from '../../../trust/named.ts';
import { referenceRevocation, revocationCheck } from '../../../trust/revocation-check.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Refuses a signer for good when its revocation cannot be told at once. */
export const strictCrlOnline: Behaviour = {
  id: 'recv.strict-crl-online',
  title: 'refuses a signer for good when its revocation cannot be told at once',
  legal: false,
  apply: inSigner((checks) =>
    replaced(
      checks,
      'revocation',
      revocationCheck({
        ...referenceRevocation,
        judge: (state) => (state.state === 'good' ? 'pass' : 'fail'),
      }),
    ),
  ),
};

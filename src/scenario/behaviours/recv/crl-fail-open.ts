import { replaced } from '../../../trust/named.ts';
import { referenceRevocation, revocationCheck } from '../../../trust/revocation-check.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Takes a signer for good whose revocation nobody could tell. */
export const crlFailOpen: Behaviour = {
  id: 'recv.crl-fail-open',
  title: 'takes a signer for good whose revocation nobody could tell',
  legal: false,
  apply: inSigner((checks) =>
    replaced(
      checks,
      'revocation',
      revocationCheck({
        ...referenceRevocation,
        judge: (state) => (state.state === 'revoked' ? 'fail' : 'pass'),
      }),
    ),
  ),
};

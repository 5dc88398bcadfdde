import { replaced } from '../../../trust/named.ts';
import { referenceRevocation, revocationCheck } from '../../../trust/revocation-check.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Looks at the revocation of the signer alone, not of the authorities above it. */
export const leafOnlyRevocation: Behaviour = {
  id: 'recv.leaf-only-revocation',
  title: 'looks at the revocation of the signer alone, not of the authorities above it',
  legal: false,
  apply: inSigner((checks) =>
    replaced(
      checks,
      'revocation',
      revocationCheck({ ...referenceRevocation, of: (path) => path.certificates.slice(0, 1) }),
    ),
  ),
};

import { replaced } from '../../../trust/named.ts';
import { pathCheck, REFERENCE_PATH_CHECKS } from '../../../trust/path-check.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Checks the signer’s certificate, and of its chain only names and signatures. */
export const leafOnlyCheck: Behaviour = {
  id: 'recv.leaf-only-check',
  title: 'checks the signer’s certificate, and of its chain only names and signatures',
  legal: false,
  apply: inSigner((checks) =>
    replaced(
      checks,
      'path',
      pathCheck(REFERENCE_PATH_CHECKS.filter(({ name }) => name === 'issuer-name' || name === 'signature')),
    ),
  ),
};

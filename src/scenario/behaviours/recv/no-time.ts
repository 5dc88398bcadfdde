import type { CheckContext } from '../../../trust/check.ts';
import { without } from '../../../trust/named.ts';
import { asking, type Behaviour, inSigner } from '../behaviour.ts';

/** A time at which the certificate is valid. */
const inside = ({ at, certificate }: CheckContext): number =>
  certificate ? Math.min(Math.max(at, certificate.notBefore), certificate.notAfter) : at;

/** Does not look at the validity of the signer’s certificate. */
export const noTime: Behaviour = {
  id: 'recv.no-time',
  title: 'does not look at the validity of the signer’s certificate',
  legal: false,
  apply: inSigner((checks) =>
    asking(
      without(checks, 'time'),
      'path',
      (check) => (context) => check({ ...context, at: inside(context) }),
    ),
  ),
};

import type { CheckContext } from '../../../trust/check.ts';
import { without } from '../../../trust/named.ts';
import { asking, type Behaviour, inCandidate } from '../behaviour.ts';

/** A time at which the certificate is valid. */
const inside = ({ at, certificate }: CheckContext): number =>
  certificate ? Math.min(Math.max(at, certificate.notBefore), certificate.notAfter) : at;

/** Does not look at the validity of the certificate. */
export const useExpired: Behaviour = {
  id: 'disc.use-expired',
  title: 'does not look at the validity of the certificate',
  legal: false,
  apply: inCandidate((checks) =>
    asking(
      without(checks, 'time'),
      'path',
      (check) => (context) => check({ ...context, at: inside(context) }),
    ),
  ),
};

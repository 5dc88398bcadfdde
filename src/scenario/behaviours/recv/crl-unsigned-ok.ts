import { replaced } from '../../../trust/named.ts';
import { referenceRevocation, revocationCheck } from '../../../trust/revocation-check.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Takes any revocation list, whoever issued and signed it. */
export const crlUnsignedOk: Behaviour = {
  id: 'recv.crl-unsigned-ok',
  title: 'takes any revocation list, whoever issued and signed it',
  legal: false,
  apply: inSigner((checks) =>
    replaced(
      checks,
      'revocation',
      revocationCheck({
        ...referenceRevocation,
        judge: (state, context) =>
          state.state === 'unknown' && UNPROVEN.has(state.code)
            ? 'pass'
            : referenceRevocation.judge(state, context),
      }),
    ),
  ),
};

/** The list came, and its issuer or its signature is wrong. */
const UNPROVEN: ReadonlySet<string> = new Set(['signature', 'wrong-issuer']);

import { pass } from '../../../trust/check.ts';
import { asking, type Behaviour, inSigner } from '../behaviour.ts';

/** Trusts a signer whose key identifier is that of an anchor. */
export const skiTrust: Behaviour = {
  id: 'recv.ski-trust',
  title: 'trusts a signer whose key identifier is that of an anchor',
  legal: false,
  apply: inSigner((checks) =>
    asking(
      checks,
      'path',
      (check) => (context) =>
        context.anchors.some(({ certificate }) => certificate?.ski === context.certificate?.ski)
          ? pass
          : check(context),
    ),
  ),
};

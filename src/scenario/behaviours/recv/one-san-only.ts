import { bindingCheck, referenceBinding } from '../../../trust/local-checks.ts';
import { replaced } from '../../../trust/named.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Looks at one name of the signer’s certificate only. */
export const oneSanOnly: Behaviour = {
  id: 'recv.one-san-only',
  title: 'looks at one name of the signer’s certificate only',
  legal: false,
  apply: inSigner((checks) =>
    replaced(
      checks,
      'binding',
      bindingCheck({ ...referenceBinding, addresses: (certificate) => certificate.emails.slice(0, 1) }),
    ),
  ),
};

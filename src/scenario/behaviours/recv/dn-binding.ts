import { bindingCheck, referenceBinding } from '../../../trust/local-checks.ts';
import { replaced } from '../../../trust/named.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Takes the e-mail address in the subject for the signer’s name. */
export const dnBinding: Behaviour = {
  id: 'recv.dn-binding',
  title: 'takes the e-mail address in the subject for the signer’s name',
  legal: false,
  apply: inSigner((checks) =>
    replaced(
      checks,
      'binding',
      bindingCheck({
        ...referenceBinding,
        addresses: (certificate) =>
          certificate.subjectEmails.length > 0 ? certificate.subjectEmails : certificate.emails,
        subjectCounts: () => true,
      }),
    ),
  ),
};

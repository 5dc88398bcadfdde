import { cause } from '../../../outcome/cause.ts';
import { fail, pass } from '../../../trust/check.ts';
import { asking, type Behaviour, inCandidate } from '../behaviour.ts';

/** Takes the e-mail address in the subject for the name of the certificate. */
export const dnBinding: Behaviour = {
  id: 'disc.dn-binding',
  title: 'takes the e-mail address in the subject for the name of the certificate',
  legal: false,
  apply: inCandidate((checks) =>
    asking(checks, 'binding', (check) => async (context) => {
      const emails = context.certificate?.subjectEmails ?? [];
      if (emails.length === 0) return check(context);
      if (emails.some((email) => email.toLowerCase() === context.wanted.address.toLowerCase())) return pass;
      return fail(cause('cert.binding', { found: emails.join(', '), wanted: context.wanted.address }));
    }),
  ),
};

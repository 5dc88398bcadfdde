import { type Behaviour, inLdap } from '../behaviour.ts';

/** Takes a search that did not end in plain success for no answer, and throws away what came with it. */
export const referralFatal: Behaviour = {
  id: 'disc.referral-fatal',
  title: 'takes an LDAP answer with a reference, or with only a part of the entries, for no answer',
  legal: false,
  apply: inLdap(({ entries }) => {
    // Each answer is judged before its entries are looked at.
    let failed = false;
    return {
      answered: (result, references) => {
        failed = result !== 0 || references.length > 0;
        return !failed;
      },
      entries: (found, level, names) => (failed ? [] : entries(found, level, names)),
    };
  }),
};

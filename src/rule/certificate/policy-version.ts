import { POLICY_OIDS, policiesUnder } from './policy-oids.ts';
import { certificateRule, isDirect } from './subject.ts';

/** Which version is in force is not known to us: so no more than advice. */
export const policyVersion = certificateRule({
  id: 'certificate/policy-version',
  title: 'The policies name the version of the certificate policy',
  level: 'should',
  cites: ['REQ-CERT-06'],
  applies: isDirect,
  check: ({ policies }) =>
    policiesUnder(policies, POLICY_OIDS.version).length > 0 ? undefined : { policies },
  text: ({ policies }) =>
    `found ${policies.length > 0 ? `the policies ${policies.join(', ')}` : 'no policies'}; expected a version under ${POLICY_OIDS.version}`,
});

import { POLICY_OIDS, policiesUnder } from './policy-oids.ts';
import { certificateRule, isDirect } from './subject.ts';

export const policyAssurance = certificateRule({
  id: 'certificate/policy-assurance',
  title: 'The policies name the level of assurance',
  level: 'must',
  cites: ['REQ-CERT-06'],
  applies: isDirect,
  check: ({ policies }) =>
    policiesUnder(policies, POLICY_OIDS.assurance).length > 0 ? undefined : { policies },
  text: ({ policies }) =>
    `found ${policies.length > 0 ? `the policies ${policies.join(', ')}` : 'no policies'}; expected a level of assurance under ${POLICY_OIDS.assurance}`,
});

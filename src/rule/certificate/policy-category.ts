import { POLICY_OIDS, policiesUnder } from './policy-oids.ts';
import { certificateRule, isDirect } from './subject.ts';

export const policyCategory = certificateRule({
  id: 'certificate/policy-category',
  title: 'The policies name the kind of entity',
  level: 'must',
  cites: ['REQ-CERT-06'],
  applies: isDirect,
  check: ({ policies }) =>
    policiesUnder(policies, POLICY_OIDS.category).length > 0 ? undefined : { policies },
  text: ({ policies }) =>
    `found ${policies.length > 0 ? `the policies ${policies.join(', ')}` : 'no policies'}; expected an entity category under ${POLICY_OIDS.category}`,
});

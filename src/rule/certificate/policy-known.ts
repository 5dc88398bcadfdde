import { POLICY_OIDS, policiesUnder } from './policy-oids.ts';
import { certificateRule } from './subject.ts';

export const policyKnown = certificateRule({
  id: 'certificate/policy-known',
  title: 'Every DirectTrust policy is one that we have a meaning for',
  level: 'info',
  cites: ['REQ-CERT-06'],
  applies: ({ certificate }) => policiesUnder(certificate.policies, POLICY_OIDS.arc).length > 0,
  check: ({ policies }) => {
    const found = policiesUnder(policies, POLICY_OIDS.arc).filter((oid) => !POLICY_OIDS.known.has(oid));
    return found.length > 0 ? { found } : undefined;
  },
  text: ({ found }) => `found ${found.join(', ')}, which our list of ${POLICY_OIDS.recorded} does not have`,
});

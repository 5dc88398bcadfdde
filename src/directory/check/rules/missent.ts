import { POLICY_OIDS, policiesUnder } from '../../../rule/certificate/policy-oids.ts';
import type { ComplianceRule } from '../rule.ts';

export const missent: ComplianceRule = {
  code: 'MISSENT',
  category: 'certificate',
  title: 'The certificate says what kind of entity it is for.',
  check: (entry, { factsOf }) => {
    const facts = factsOf(entry);
    if (facts?.outcome !== 'found' || facts.policies === undefined) return [];
    const arc = POLICY_OIDS.category;
    if (policiesUnder(facts.policies, arc).length > 0) return [];
    return [
      {
        field: 'DIRECT_ADDRESS',
        value: entry.record.DIRECT_ADDRESS,
        faults: [`certificate serial ${facts.serial ?? 'unknown'} has no entity category OID (${arc}.*)`],
      },
    ];
  },
};

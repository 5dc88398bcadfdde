/**
 * Rules: what certificates and zones have to be, one rule a file.
 *
 * @module
 */
export { CERTIFICATE_RULES } from './certificate/index.ts';
export { type CertificateSubject, certificateSubject, type Role } from './certificate/subject.ts';
export { lint, type RuleResult, type RuleTally, tallyRules } from './lint.ts';
export { rulePage } from './page.ts';
export { citation, type RequirementId } from './requirement.ts';
export {
  type Level,
  levelOf,
  type Params,
  type Rule,
  type RuleContext,
  type RuleFinding,
  type RuleId,
  type RuleProfile,
  type RuleStatus,
} from './rule.ts';
export { ZONE_RULES } from './zone/index.ts';
export { type PublishedCert, type ZoneSubject, zoneSubject } from './zone/subject.ts';

/**
 * Rules: what certificates, bundles, zones and messages have to be, one rule a file.
 *
 * @module
 */
export { EVERY_RULE, RULE_AREAS, type RuleArea, type RuleHead } from './areas.ts';
export { BUNDLE_RULES } from './bundle/index.ts';
export { type BundlePlace, type BundleSubject, bundleSubject, isRead } from './bundle/subject.ts';
export { CERTIFICATE_RULES } from './certificate/index.ts';
export { type CertificateSubject, certificateSubject, type Role } from './certificate/subject.ts';
export { DSN_RULES } from './dsn/index.ts';
export { type DsnSubject, dsnSubject } from './dsn/subject.ts';
export { exampleOf } from './examples.ts';
export { lint, type RuleResult, type RuleTally, tallyRules } from './lint.ts';
export { MDN_RULES } from './mdn/index.ts';
export { type MdnSubject, mdnSubject } from './mdn/subject.ts';
export { MESSAGE_RULES } from './message/index.ts';
export { type MessagePlace, type MessageSubject, messageSubject } from './message/subject.ts';
export { rulePage } from './page.ts';
export { citation, type RequirementId } from './requirement.ts';
export {
  AREAS,
  type Area,
  type Level,
  levelOf,
  type Params,
  type Rule,
  type RuleContext,
  type RuleFinding,
  type RuleId,
  type RuleOutcome,
  type RuleProfile,
  type RuleStatus,
} from './rule.ts';
export { ZONE_RULES } from './zone/index.ts';
export { type PublishedCert, type ZoneSubject, zoneSubject } from './zone/subject.ts';

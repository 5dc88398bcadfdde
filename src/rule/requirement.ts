/**
 * What rules may cite, and how much is known of it. A section number stands here only when the section itself was
 * seen; a requirement that is known from memory is never stated without saying so.
 *
 * @module
 */
export interface Requirement {
  /** Documents and tools, with section numbers only where they were seen. */
  readonly sources: readonly string[];
  /** `part`: the behaviour was seen, level or wording is from memory. */
  readonly evidence: 'seen' | 'part' | 'memory';
}

const req = (evidence: Requirement['evidence'], ...sources: string[]): Requirement => ({ sources, evidence });

export const REQUIREMENTS = {
  'REQ-AS-01': req('part', 'Applicability Statement 1.2'),
  'REQ-AS-03': req('seen', 'Applicability Statement'),
  'REQ-AS-04': req('seen', 'Applicability Statement §1.4'),
  'REQ-AS-05': req('seen', 'Applicability Statement', 'RFC 5280 §4.1.2.6'),
  'REQ-AS-06': req('seen', 'Applicability Statement 1.3 §1.4'),
  'REQ-AS-07': req('seen', 'Applicability Statement 1.3 §1.4'),
  'REQ-AS-19': req('seen', 'Applicability Statement 1.3 §2.8'),
  'REQ-AS-20': req('seen', 'Applicability Statement 1.3 §2.8'),
  'REQ-AS-21': req('part', 'Applicability Statement 1.3 §2.8'),
  'REQ-AS-30': req('part', 'RFC 5280'),
  'REQ-AS-33': req('part', 'Applicability Statement'),
  'REQ-AS-35': req('memory', 'RFC 5280'),
  'REQ-AS-41': req('seen', 'DirectTrust validator checks'),
  'REQ-CERT-01': req('seen', 'Applicability Statement 1.3 §2.8', 'RFC 5280 §4.1.1.2'),
  'REQ-CERT-02': req('seen', 'RFC 5280'),
  'REQ-CERT-03': req('seen', 'DirectTrust validator checks'),
  'REQ-CERT-04': req('seen', 'DirectTrust certificate profile'),
  'REQ-CERT-05': req('seen', 'RFC 5280'),
  'REQ-CERT-06': req('seen', 'DirectTrust policy file', 'DirectTrust compliance check "Missing Entity Type"'),
  'REQ-CERT-07': req('part', 'DirectTrust certificate profile 1.4', 'DirectTrust tools'),
  'REQ-CERT-08': req('part', 'RFC 5280'),
  'REQ-CERT-09': req('memory', 'RFC 5280'),
  'REQ-CERT-11': req('memory', 'practice'),
  'REQ-CERT-14': req('memory', 'DirectTrust certificate profile'),
  'REQ-DNS-02': req('seen', 'Applicability Statement §5.3', 'RFC 4398 §3.2'),
  'REQ-DNS-03': req('seen', 'Applicability Statement §5.3'),
  'REQ-DNS-04': req('seen', 'DirectTrust tools d5-d8, d18'),
  'REQ-DNS-05': req('seen', 'DirectTrust tools d9'),
  'REQ-DNS-06': req('seen', 'RFC 4398 §2.1, §2.3'),
  'REQ-DNS-07': req('seen', 'Applicability Statement §5.4', 'RFC 1035 §4.2'),
  'REQ-DNS-12': req('memory', 'RFC 4592', 'RFC 8020'),
  'REQ-DNS-13': req('seen', 'RFC 1034'),
  'REQ-DNS-14': req('part', 'product rule'),
  'REQ-DNS-15': req('seen', 'practice of the reference implementation'),
  'REQ-DNS-16': req('seen', 'RFC 4398 §2.1'),
  'REQ-DNS-17': req('seen', 'RFC 4398 §2'),
  'REQ-DNS-18': req('seen', 'RFC 2782', 'Certificate Discovery IG'),
  'REQ-DNS-22': req('memory', 'RFC 5321'),
  'REQ-LDAP-01': req('seen', 'Certificate Discovery IG'),
  'REQ-LDAP-02': req('seen', 'Certificate Discovery IG', 'RFC 2782'),
  'REQ-LDAP-04': req('seen', 'RFC 2782', 'DirectTrust tools d16'),
} as const satisfies Record<string, Requirement>;

export type RequirementId = keyof typeof REQUIREMENTS;

const TO_BE_CONFIRMED = 'to be confirmed against the document';

/** `REQ-CERT-01 (Applicability Statement 1.3 §2.8; RFC 5280 §4.1.1.2)`. */
export function citation(id: RequirementId): string {
  const { sources, evidence } = REQUIREMENTS[id];
  const caveat = evidence === 'memory' ? [TO_BE_CONFIRMED] : evidence === 'part' ? ['wording not seen'] : [];
  return `${id} (${[...sources, ...caveat].join('; ')})`;
}

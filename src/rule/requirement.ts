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
  'REQ-AS-09': req('seen', 'RFC 5751 §3.4.3.2'),
  'REQ-AS-10': req('seen', 'RFC 5751 §3.3'),
  'REQ-AS-11': req('seen', 'RFC 5751 §3.2.1'),
  'REQ-AS-12': req('seen', '45 CFR 170.315(h)(1)(i)'),
  'REQ-AS-13': req('part', 'Applicability Statement'),
  'REQ-AS-14': req('part', 'Applicability Statement'),
  'REQ-AS-17': req('seen', 'RFC 5751 §3.1.2, §3.1.3'),
  'REQ-AS-18': req('seen', 'RFC 5652 §5.1, §5.2'),
  'REQ-AS-19': req('seen', 'Applicability Statement 1.3 §2.8'),
  'REQ-AS-20': req('seen', 'Applicability Statement 1.3 §2.8'),
  'REQ-AS-21': req('part', 'Applicability Statement 1.3 §2.8'),
  'REQ-AS-22': req('part', 'Applicability Statement'),
  'REQ-AS-23': req('seen', 'DirectTrust tools'),
  'REQ-AS-24': req('seen', 'DirectTrust validator'),
  'REQ-AS-27': req('seen', 'DirectTrust tools'),
  'REQ-AS-29': req('seen', 'DirectTrust tools'),
  'REQ-AS-30': req('part', 'RFC 5280'),
  'REQ-AS-33': req('part', 'Applicability Statement'),
  'REQ-AS-35': req('memory', 'RFC 5280'),
  'REQ-AS-36': req('seen', 'DirectTrust tools'),
  'REQ-AS-37': req('seen', 'XDR and XDM for Direct 1.0'),
  'REQ-AS-38': req('seen', 'RFC 5322 §3.6'),
  'REQ-AS-39': req('memory', 'Applicability Statement'),
  'REQ-AS-41': req('seen', 'DirectTrust validator checks'),
  'REQ-AS-42': req('seen', 'RFC 5652'),
  'REQ-AS-43': req('seen', 'practice'),
  'REQ-AS-44': req('seen', '45 CFR 170.315(h)(1)(i)'),
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
  'REQ-CTX-01': req('seen', 'Expressing Context IG'),
  'REQ-CTX-02': req('seen', 'Expressing Context IG'),
  'REQ-CTX-07': req('memory', 'Applicability Statement'),
  'REQ-CTX-09': req('seen', 'Expressing Context IG'),
  'REQ-DN-01': req('seen', 'Delivery Notification IG §1.3'),
  'REQ-DN-02': req('seen', 'Delivery Notification IG', 'RFC 3798'),
  'REQ-DN-04': req('seen', 'DirectTrust tools'),
  'REQ-DN-05': req('seen', 'Delivery Notification IG'),
  'REQ-DN-11': req('seen', 'Delivery Notification IG'),
  'REQ-DN-12': req('seen', 'RFC 3464'),
  'REQ-DN-17': req('seen', 'RFC 3464'),
  'REQ-DN-20': req('seen', 'RFC 3464', 'RFC 3798'),
  'REQ-DN-21': req('seen', 'Delivery Notification IG'),
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
  'REQ-DNS-26': req('memory', 'RFC 1034'),
  'REQ-LDAP-01': req('seen', 'Certificate Discovery IG'),
  'REQ-LDAP-02': req('seen', 'Certificate Discovery IG', 'RFC 2782'),
  'REQ-LDAP-04': req('seen', 'RFC 2782', 'DirectTrust tools d16'),
  'REQ-MDN-04': req('seen', 'RFC 3798 §3.1'),
  'REQ-MDN-05': req('seen', 'RFC 3798 §3.2.1, §3.2.4, §3.2.5, §3.2.6'),
  'REQ-MDN-06': req('seen', 'RFC 3798 §2.1'),
  'REQ-MDN-07': req('seen', 'RFC 3798 §3.2.6'),
  'REQ-MDN-08': req('seen', 'practice of the reference implementation'),
  'REQ-MDN-10': req('memory', 'Applicability Statement 1.2'),
  'REQ-MDN-13': req('seen', 'RFC 5322 §3.6.4'),
  'REQ-MDN-14': req('seen', 'product rule'),
  'REQ-SEC-04': req('memory', 'product rule'),
  'REQ-SEC-05': req('seen', 'RFC 5322 §3.6.3'),
  'REQ-TB-01': req('seen', 'Trust Bundle IG'),
  'REQ-TB-02': req('seen', 'RFC 5652 §5.1', 'published bundles'),
  'REQ-TB-03': req('seen', 'practice of the reference implementation'),
  'REQ-TB-04': req('seen', 'practice'),
  'REQ-TB-05': req('seen', 'schema of the .NET reference implementation'),
  'REQ-TB-07': req('memory', 'Trust Bundle IG'),
  'REQ-TB-10': req('seen', 'practice of the reference implementation'),
  'REQ-TB-11': req('memory', 'DirectTrust policy'),
  'REQ-TB-12': req('seen', 'practice of the reference implementation'),
  'REQ-TB-16': req('seen', 'product rule, from a defect that was observed'),
  'REQ-TB-17': req('memory', 'practice'),
} as const satisfies Record<string, Requirement>;

export type RequirementId = keyof typeof REQUIREMENTS;

export const isRequirement = (id: string): id is RequirementId => Object.hasOwn(REQUIREMENTS, id);

const TO_BE_CONFIRMED = 'to be confirmed against the document';

/** `REQ-CERT-01 (Applicability Statement 1.3 §2.8; RFC 5280 §4.1.1.2)`. */
export function citation(id: RequirementId): string {
  const { sources, evidence } = REQUIREMENTS[id];
  const caveat = evidence === 'memory' ? [TO_BE_CONFIRMED] : evidence === 'part' ? ['wording not seen'] : [];
  return `${id} (${[...sources, ...caveat].join('; ')})`;
}

/**
 * Policy identifiers of DirectTrust (REQ-CERT-06), as data: which of them are in force is not known to us, so that the
 * list has to be held against the certificate policy before a claim of conformance.
 *
 * @module
 */
export const POLICY_OIDS = {
  source:
    'policy file and compliance check of the DirectTrust tools; meanings of 2.1, 2.2, 2.3 and 2.5 from memory',
  recorded: '2026-11',
  arc: '1.3.6.1.4.1.41179',
  /** Version of the certificate policy. */
  version: { arc: '1.3.6.1.4.1.41179.0', known: { '1.3.6.1.4.1.41179.0.1.2': 'certificate policy 1.2' } },
  /** Level of assurance. */
  assurance: {
    arc: '1.3.6.1.4.1.41179.1',
    known: {
      '1.3.6.1.4.1.41179.1.1': 'level 1',
      '1.3.6.1.4.1.41179.1.2': 'level 2',
      '1.3.6.1.4.1.41179.1.3': 'level 3',
      '1.3.6.1.4.1.41179.1.4': 'level 4',
      '1.3.6.1.4.1.41179.1.5': 'level 5',
    },
  },
  /** Kind of entity. */
  category: {
    arc: '1.3.6.1.4.1.41179.2',
    known: {
      '1.3.6.1.4.1.41179.2.1': 'covered entity',
      '1.3.6.1.4.1.41179.2.2': 'business associate',
      '1.3.6.1.4.1.41179.2.3': 'other healthcare entity',
      '1.3.6.1.4.1.41179.2.4': 'patient',
      '1.3.6.1.4.1.41179.2.5': 'non-declared entity',
    },
  },
} as const;

/** The policies that lie below an arc. */
export const policiesUnder = (policies: readonly string[], arc: string): string[] =>
  policies.filter((oid) => oid.startsWith(`${arc}.`));

import { describe, expect, it } from 'vitest';
import type { CertificateFacts } from '../../../src/directory/check/facts.ts';
import { COMPLIANCE_RULES } from '../../../src/directory/check/index.ts';
import { type CheckContext, reason } from '../../../src/directory/check/rule.ts';
import type { Entry } from '../../../src/directory/entries.ts';
import { npiCheckDigit } from '../../../src/directory/npi.ts';
import { type DirectoryRecord, emptyRecord } from '../../../src/directory/record.ts';

const PERSON = `100000001${npiCheckDigit('100000001')}`;
const GOOD: DirectoryRecord = {
  ...emptyRecord(),
  HISP_OPERATOR: 'Acme',
  DIRECT_ADDRESS: 'x@d.example',
  ADDRESS_TYPE: 'person',
  PROV_NPI: '1234567893',
  PROV_FIRST_NAME: 'Ann',
  PROV_LAST_NAME: 'Lark',
  ORG_UID: 'o',
  ORG_NPI: `200000001${npiCheckDigit('200000001')}`,
  ORG_NAME: 'Lark Clinic',
  ORG_ADDR1: '1 Main Street',
  ORG_CITY: 'Columbus',
  ORG_STATE: 'OH',
  ORG_ZIP: '43215',
  ORG_COUNTRY: 'US',
  ORG_PHONE: '+16145550142',
  ENDPOINT_VERIFIED_ON: '2026-11-01',
  LAST_UPDATED: '2026-11-01',
};

const entryWith = (record: Partial<DirectoryRecord>, more: Partial<Entry> = {}): Entry => ({
  n: 1,
  record: { ...GOOD, ...record },
  contributor: 'acme',
  endpoint: 1,
  practitioner: 1,
  organization: 1,
  location: 1,
  firstSeen: 0,
  verifiedAt: null,
  verification: 'never',
  failingSince: null,
  active: true,
  born: 1,
  line: 2,
  ...more,
});

const FOUND: CertificateFacts = {
  outcome: 'found',
  asked: 'CERT x.d.example',
  serial: '4096',
  policies: ['1.3.6.1.4.1.41179.2.1'],
};

interface Rung {
  readonly code: string;
  readonly record?: Partial<DirectoryRecord>;
  readonly facts?: CertificateFacts;
  readonly others?: readonly Entry[];
  readonly entry?: Partial<Entry>;
  /** What the NPPES table says of a number. */
  readonly types?: Readonly<Record<string, 1 | 2>>;
  readonly expected: string;
}

const run = ({
  record = {},
  facts = FOUND,
  others = [],
  entry: more = {},
  types = {},
}: Omit<Rung, 'code' | 'expected'>) => {
  const context: CheckContext = {
    at: Date.parse('2026-11-20T00:00:00Z'),
    verifiedDays: 90,
    updatedDays: 365,
    factsOf: () => facts,
    sameAddress: () => others,
    npiType: (npi) => types[npi],
    contributor: (id) => ({ n: 1, id, name: id, domains: ['d.example'], approval: false }),
  };
  const entry = entryWith(record, more);
  return COMPLIANCE_RULES.flatMap((rule) => {
    const faults = rule.check(entry, context);
    return faults.length > 0 ? [[rule.code, reason(faults)]] : [];
  });
};

const LADDER: readonly Rung[] = [
  {
    code: 'NONASCII',
    record: { PROV_LAST_NAME: 'Muñoz' },
    expected:
      "`PROV_LAST_NAME` 'Muñoz': non-ASCII character U+00F1 at position 3; expected ASCII only (for example Munoz).",
  },
  {
    code: 'PHONE',
    record: { ORG_PHONE: '(614) 555-0142', ORG_FAX: '614.555.0143' },
    expected:
      "`ORG_PHONE` '(614) 555-0142': missing leading '+' (E.164 needs '+', country code, subscriber number), contains spaces, contains hyphens, contains parentheses, 10-digit number detected; a US/Canada number lacks country code 1; expected +16145550142 (11 digits); `ORG_FAX` '614.555.0143': missing leading '+', contains dots, 10-digit number detected; expected +16145550143 (11 digits).",
  },
  {
    code: 'STATE',
    record: { ORG_STATE: 'Ohio' },
    expected: "`ORG_STATE` 'Ohio': state name instead of code; expected OH.",
  },
  {
    code: 'STATE',
    record: { ORG_STATE: 'AE' },
    expected: "`ORG_STATE` 'AE': code of military mail; expected the code of a state.",
  },
  {
    code: 'ADDR',
    record: { ORG_ADDR1: 'P.O. Box 12' },
    expected:
      "`ORG_ADDR1` 'P.O. Box 12': PO box in the address of a location; expected street and number only.",
  },
  {
    code: 'ADDR',
    record: { ORG_ADDR1: '', ORG_ADDR2: 'Suite 4' },
    expected: "`ORG_ADDR1` '': missing while `ORG_ADDR2` is given; expected Suite 4 in `ORG_ADDR1`.",
  },
  {
    code: 'ZIP',
    record: { ORG_ZIP: '432150001' },
    expected: "`ORG_ZIP` '432150001': nine digits without hyphen; expected 43215-0001.",
  },
  {
    code: 'ZIP',
    record: { ORG_ZIP: '90210' },
    expected: "`ORG_ZIP` '90210': prefix 902 is not of `ORG_STATE` 'OH' (it is of CA).",
  },
  {
    code: 'NAME',
    record: { PROV_FIRST_NAME: 'Dr. Ann' },
    expected: "`PROV_FIRST_NAME` 'Dr. Ann': title in name field; expected Ann with title removed.",
  },
  {
    code: 'NPI',
    record: { PROV_NPI: '1234567890' },
    expected: "`PROV_NPI` '1234567890': check digit wrong.",
  },
  {
    code: 'NPI',
    record: { PROV_NPI: GOOD.ORG_NPI! },
    types: { [GOOD.ORG_NPI!]: 2 },
    expected: `\`PROV_NPI\` '${GOOD.ORG_NPI}': type 2, the number of an organization; expected type 1.`,
  },
  {
    code: 'NPI',
    record: { ORG_NPI: PERSON },
    types: { [PERSON]: 1 },
    expected: `\`ORG_NPI\` '${PERSON}': type 1, the number of a person; expected type 2; a sole proprietor has none here.`,
  },
  {
    code: 'DUP',
    others: [entryWith({ HISP_OPERATOR: 'Other', ORG_UID: 'p' }, { n: 2 })],
    expected: "`DIRECT_ADDRESS` 'x@d.example': address is also listed by HISP 'Other'; expected one entry.",
  },
  {
    code: 'DUP',
    others: [entryWith({}, { n: 2, contributor: 'nppes', line: 7 })],
    expected:
      "`DIRECT_ADDRESS` 'x@d.example': key stands again in the contribution of nppes, line 7; expected one entry.",
  },
  {
    code: 'DOMAIN',
    record: { DIRECT_ADDRESS: 'x@e.example' },
    expected: "`DIRECT_ADDRESS` 'x@e.example': domain e.example does not belong to acme; expected d.example.",
  },
  {
    code: 'BAORG',
    facts: { ...FOUND, policies: ['1.3.6.1.4.1.41179.2.2'] },
    expected: `\`DIRECT_ADDRESS\` 'x@d.example': certificate category business associate (1.3.6.1.4.1.41179.2.2) with \`ORG_NPI\` '${GOOD.ORG_NPI}'; remove the NPI or use a covered-entity certificate.`,
  },
  {
    code: 'MISSENT',
    facts: { ...FOUND, policies: [] },
    expected:
      "`DIRECT_ADDRESS` 'x@d.example': certificate serial 4096 has no entity category OID (1.3.6.1.4.1.41179.2.*).",
  },
  {
    code: 'MISSCERT',
    facts: { outcome: 'none', asked: 'CERT x.d.example, CERT d.example, _ldap._tcp.d.example (no records)' },
    expected:
      "`DIRECT_ADDRESS` 'x@d.example': no certificate found; asked CERT x.d.example, CERT d.example, _ldap._tcp.d.example (no records).",
  },
  {
    code: 'CERTBAD',
    facts: { ...FOUND, fault: { code: 'cert.expired', text: 'the certificate found expired on 2026-10-01' } },
    expected: "`DIRECT_ADDRESS` 'x@d.example': the certificate found expired on 2026-10-01 (cert.expired).",
  },
  {
    code: 'PUBPATAD',
    record: { ADDRESS_TYPE: 'patient' },
    expected:
      "`ADDRESS_TYPE` 'patient': patient address in the publication; addresses of patients are not published; remove the entry.",
  },
  {
    code: 'ENDPTVER',
    record: { ENDPOINT_VERIFIED_ON: '' },
    expected: "`ENDPOINT_VERIFIED_ON` '': never verified.",
  },
  {
    code: 'ENDPTVER',
    record: { ENDPOINT_VERIFIED_ON: '2026-08-01' },
    expected: "`ENDPOINT_VERIFIED_ON` '2026-08-01': verified 111 days ago; expected at most 90 days.",
  },
  {
    code: 'STALE',
    record: { LAST_UPDATED: '2025-11-01' },
    expected: "`LAST_UPDATED` '2025-11-01': updated 384 days ago; expected at most 365 days.",
  },
];

describe('the ladder of compliance', () => {
  it('has nothing against a good entry', () => expect(run({})).toEqual([]));

  it.each(LADDER)('$code: $expected', ({ code, expected, ...rung }) =>
    expect(run(rung)).toEqual([[code, expected]]),
  );

  it('has a rung for each rule', () => {
    expect(
      COMPLIANCE_RULES.map(({ code }) => code).filter((code) => !LADDER.some((rung) => rung.code === code)),
    ).toEqual([]);
  });
});

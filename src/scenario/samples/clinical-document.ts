/**
 * Well-formed C-CDA documents with the header and the sections of their kind, their content as narrative. They are not
 * claimed to pass a C-CDA validator: entries that computers read are left out.
 *
 * @module
 */
import type { Random } from '../../net/host.ts';
import type { Person } from './person.ts';

export type DocumentKind = 'continuity-of-care' | 'referral' | 'discharge';

/** Root of identifiers that HL7 keeps for examples. */
const EXAMPLES = '2.16.840.1.113883.19.5.99999';
const LOINC = '2.16.840.1.113883.6.1';
const HEADER = '2.16.840.1.113883.10.20.22.1.1';

const KINDS: Readonly<
  Record<DocumentKind, { template: string; code: string; display: string; title: string }>
> = {
  'continuity-of-care': {
    template: '2.16.840.1.113883.10.20.22.1.2',
    code: '34133-9',
    display: 'Summarization of Episode Note',
    title: 'Continuity of care document',
  },
  referral: {
    template: '2.16.840.1.113883.10.20.22.1.14',
    code: '57133-1',
    display: 'Referral note',
    title: 'Referral note',
  },
  discharge: {
    template: '2.16.840.1.113883.10.20.22.1.8',
    code: '18842-5',
    display: 'Discharge summary',
    title: 'Discharge summary',
  },
};

interface Section {
  readonly template: string;
  readonly code: string;
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/** UTF-8 text of the document. */
export function clinicalDocument(kind: DocumentKind, person: Person, random: Random): string {
  const { template, code, display, title } = KINDS[kind];
  const day = 1 + random.int(28);
  const at = `202601${String(day).padStart(2, '0')}0930+0000`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<ClinicalDocument xmlns="urn:hl7-org:v3">',
    '  <realmCode code="US"/>',
    '  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>',
    `  <templateId root="${HEADER}" extension="2015-08-01"/>`,
    `  <templateId root="${template}" extension="2015-08-01"/>`,
    `  <id root="${EXAMPLES}.1" extension="${random.uuid()}"/>`,
    `  <code code="${code}" codeSystem="${LOINC}" displayName="${display}"/>`,
    `  <title>${title} of nobody (synthetic)</title>`,
    `  <effectiveTime value="${at}"/>`,
    '  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>',
    '  <languageCode code="en-US"/>',
    ...recordTarget(person),
    ...author(at),
    ...custodian(),
    '  <component>',
    '    <structuredBody>',
    ...sectionsOf(kind, person).flatMap(section),
    '    </structuredBody>',
    '  </component>',
    '</ClinicalDocument>',
    '',
  ].join('\n');
}

const recordTarget = (person: Person): string[] => [
  '  <recordTarget>',
  '    <patientRole>',
  `      <id root="${EXAMPLES}.2" extension="${person.id}"/>`,
  '      <addr use="HP">',
  `        <streetAddressLine>${xmlText(person.street)}</streetAddressLine>`,
  `        <city>${xmlText(person.city)}</city>`,
  '        <country>US</country>',
  '      </addr>',
  `      <telecom use="HP" value="tel:${person.phone}"/>`,
  '      <patient>',
  `        <name use="L"><given>${xmlText(person.given)}</given><family>${xmlText(person.family)}</family></name>`,
  `        <administrativeGenderCode code="${person.gender}" codeSystem="2.16.840.1.113883.5.1"/>`,
  `        <birthTime value="${person.birth}"/>`,
  '      </patient>',
  '    </patientRole>',
  '  </recordTarget>',
];

const author = (at: string): string[] => [
  '  <author>',
  `    <time value="${at}"/>`,
  '    <assignedAuthor>',
  `      <id root="${EXAMPLES}.3" extension="clinician-1"/>`,
  '      <assignedPerson><name><given>Quill</given><family>Invented</family></name></assignedPerson>',
  '    </assignedAuthor>',
  '  </author>',
];

const custodian = (): string[] => [
  '  <custodian>',
  '    <assignedCustodian>',
  '      <representedCustodianOrganization>',
  `        <id root="${EXAMPLES}.4"/>`,
  '        <name>Clinic of Exampleville</name>',
  '      </representedCustodianOrganization>',
  '    </assignedCustodian>',
  '  </custodian>',
];

function sectionsOf(kind: DocumentKind, person: Person): Section[] {
  const problems = {
    template: '2.16.840.1.113883.10.20.22.2.5.1',
    code: '11450-4',
    title: 'Problems',
    rows: person.problems.map((one) => [one, 'active']),
  };
  const medications = {
    template: '2.16.840.1.113883.10.20.22.2.1.1',
    code: '10160-0',
    title: 'Medications',
    rows: person.medications.map((one) => [one]),
  };
  const allergies = {
    template: '2.16.840.1.113883.10.20.22.2.6.1',
    code: '48765-2',
    title: 'Allergies',
    rows: person.allergies.map((one) => [one]),
  };
  const vitals = {
    template: '2.16.840.1.113883.10.20.22.2.4.1',
    code: '8716-3',
    title: 'Vital signs',
    rows: person.vitals,
  };
  switch (kind) {
    case 'continuity-of-care':
      return [allergies, medications, problems, vitals];
    case 'referral':
      return [
        {
          template: '1.3.6.1.4.1.19376.1.5.3.1.3.1',
          code: '42349-1',
          title: 'Reason for referral',
          rows: [[`Opinion on: ${person.problems[0]}`]],
        },
        problems,
        medications,
        allergies,
      ];
    case 'discharge':
      return [
        {
          template: '1.3.6.1.4.1.19376.1.5.3.1.3.5',
          code: '8648-8',
          title: 'Hospital course',
          rows: [[`Admitted for observation of ${person.problems[0]}; discharged in good condition.`]],
        },
        allergies,
        {
          ...medications,
          code: '10183-2',
          title: 'Discharge medications',
          template: '2.16.840.1.113883.10.20.22.2.11',
        },
        problems,
      ];
  }
}

const section = ({ template, code, title, rows }: Section): string[] => [
  '      <component>',
  '        <section>',
  `          <templateId root="${template}"/>`,
  `          <code code="${code}" codeSystem="${LOINC}"/>`,
  `          <title>${title}</title>`,
  '          <text>',
  '            <table>',
  '              <tbody>',
  ...rows.map(
    (cells) => `                <tr>${cells.map((cell) => `<td>${xmlText(cell)}</td>`).join('')}</tr>`,
  ),
  '              </tbody>',
  '            </table>',
  '          </text>',
  '        </section>',
  '      </component>',
];

const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

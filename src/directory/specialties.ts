/**
 * Names of the taxonomy codes that directories use most (NUCC Health Care Provider Taxonomy), for people to choose from
 * and to read. A code that is not here is shown as it is.
 *
 * @module
 */

const NAMES: Readonly<Record<string, string>> = {
  '101YM0800X': 'Mental health counselor',
  '103T00000X': 'Psychologist',
  '104100000X': 'Social worker',
  '111N00000X': 'Chiropractor',
  '122300000X': 'Dentist',
  '1223G0001X': 'Dentist, general practice',
  '1223S0112X': 'Oral and maxillofacial surgery',
  '133V00000X': 'Registered dietitian',
  '146N00000X': 'Emergency medical technician',
  '152W00000X': 'Optometrist',
  '163W00000X': 'Registered nurse',
  '163WH0200X': 'Registered nurse, home health',
  '163WH1000X': 'Registered nurse, hospice',
  '163WW0000X': 'Registered nurse, wound care',
  '176B00000X': 'Midwife',
  '183500000X': 'Pharmacist',
  '207K00000X': 'Allergy and immunology',
  '207L00000X': 'Anesthesiology',
  '207N00000X': 'Dermatology',
  '207P00000X': 'Emergency medicine',
  '207Q00000X': 'Family medicine',
  '207R00000X': 'Internal medicine',
  '207RC0000X': 'Cardiovascular disease',
  '207RE0101X': 'Endocrinology',
  '207RG0100X': 'Gastroenterology',
  '207RH0003X': 'Hematology and oncology',
  '207RI0200X': 'Infectious disease',
  '207RN0300X': 'Nephrology',
  '207RP1001X': 'Pulmonary disease',
  '207RR0500X': 'Rheumatology',
  '207RX0202X': 'Medical oncology',
  '207T00000X': 'Neurological surgery',
  '207V00000X': 'Obstetrics and gynecology',
  '207W00000X': 'Ophthalmology',
  '207X00000X': 'Orthopaedic surgery',
  '207Y00000X': 'Otolaryngology',
  '207ZP0102X': 'Pathology, anatomic and clinical',
  '208000000X': 'Pediatrics',
  '208100000X': 'Physical medicine and rehabilitation',
  '208600000X': 'Surgery',
  '208800000X': 'Urology',
  '208D00000X': 'General practice',
  '208M00000X': 'Hospitalist',
  '2084N0400X': 'Neurology',
  '2084P0800X': 'Psychiatry',
  '2085R0202X': 'Diagnostic radiology',
  '213E00000X': 'Podiatrist',
  '225100000X': 'Physical therapist',
  '225X00000X': 'Occupational therapist',
  '235Z00000X': 'Speech-language pathologist',
  '251E00000X': 'Home health agency',
  '251G00000X': 'Hospice care, community based',
  '251K00000X': 'Public health or welfare agency',
  '261Q00000X': 'Clinic or center',
  '261QM1300X': 'Clinic, multi-specialty',
  '261QP2300X': 'Clinic, primary care',
  '261QR0200X': 'Clinic, radiology',
  '261QU0200X': 'Clinic, urgent care',
  '282N00000X': 'General acute care hospital',
  '291U00000X': 'Clinical medical laboratory',
  '313M00000X': 'Nursing facility',
  '314000000X': 'Skilled nursing facility',
  '3336C0003X': 'Community pharmacy',
  '363A00000X': 'Physician assistant',
  '363L00000X': 'Nurse practitioner',
  '363LF0000X': 'Nurse practitioner, family',
  '367500000X': 'Nurse anesthetist',
};

export const SPECIALTIES: readonly (readonly [code: string, name: string])[] = Object.entries(NAMES);

export const specialtyName = (code: string): string | undefined =>
  Object.hasOwn(NAMES, code) ? NAMES[code] : undefined;

const BY_NAME = new Map(SPECIALTIES.map(([code, name]) => [name.toLowerCase(), code]));

/** The code that a person means who writes a code or a name; what is neither is taken as a code. */
export const specialtyCode = (text: string): string =>
  BY_NAME.get(text.trim().toLowerCase()) ?? text.trim().toUpperCase();

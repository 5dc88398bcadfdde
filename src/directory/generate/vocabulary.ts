/**
 * Words from which invented names are made. Specialties are NUCC taxonomy codes.
 *
 * @module
 */

export const SYLLABLES =
  'bar ben cor dal den fal gar hal kel lan mar mor nel nor pel ral ran sel tor val ver wen win dor lin mer ros tan vin zel'.split(
    ' ',
  );

export const FIRST =
  'Ada Alden Amara Anselm Arlo Bela Bram Calla Cato Corin Dalia Darian Edda Elio Emrys Fenna Galen Greta Hollis Ilse Ines Jarek Jory Kai Kira Lark Leda Lorne Maren Milo Nadia Nico Odell Oona Perrin Petra Quill Rhea Rowan Sela Silas Tamsin Tobin Una Vera Wren Xenia Yara Zeno'.split(
    ' ',
  );

export const TOWNS =
  'Ashford,Birchwood,Cedar Falls,Dunmore,Eastvale,Fairhaven,Glenbrook,Harrowgate,Ivy Hills,Juniper,Kingsport,Lakemont,Maplewood,Northfield,Oakridge,Pinecrest,Quarry Bay,Riverton,Stonebridge,Thornton,Umber,Valley View,Westbrook,Yarrow'.split(
    ',',
  );

export const STREETS =
  'Main Street,Oak Avenue,Elm Street,Mill Road,Hospital Drive,College Avenue,Park Boulevard,Station Road,Lake Shore Drive,Commerce Way'.split(
    ',',
  );

export const KINDS =
  'Family Practice,Medical Center,Clinic,Cardiology Associates,Pediatrics,Hospital,Health Partners,Orthopedics,Home Care,Laboratory'.split(
    ',',
  );

export const ROLES = ['Physician', 'Nurse Practitioner', 'Physician Assistant', 'Care Manager'] as const;

export const SPECIALTIES: readonly (readonly [string, string | undefined])[] = [
  ['207Q00000X', undefined],
  ['207R00000X', 'Physician'],
  ['207RC0000X', 'Cardiologist'],
  ['208000000X', 'Pediatrician'],
  ['207V00000X', 'Physician'],
  ['2084P0800X', 'Psychiatrist'],
  ['363L00000X', 'Nurse Practitioner'],
  ['363A00000X', 'Physician Assistant'],
  ['1223G0001X', 'Dentist'],
  ['183500000X', 'Pharmacist'],
  ['225100000X', 'Physical Therapist'],
  ['207X00000X', 'Surgeon'],
];

/**
 * A plausible directory of any size, the same for the same seed. All persons, organizations and domains are invented:
 * domains end in `.example`, telephone numbers are of the 555-01xx kind.
 *
 * @module
 */
import { type Random, seededRandom } from '../../net/random.ts';
import { npiCheckDigit } from '../npi.ts';
import { type DirectoryRecord, emptyRecord } from '../record.ts';
import { STATE_CODES, zipPrefix } from '../states.ts';
import { FIRST, KINDS, ROLES, SPECIALTIES, STREETS, SYLLABLES, TOWNS } from './vocabulary.ts';

export interface GenerateOptions {
  readonly seed: number | string;
  /** How many endpoints. */
  readonly count: number;
  /** Day that counts as today, YYYY-MM-DD. */
  readonly today: string;
  /** HISPs that the organizations are with; default one for every 20,000 entries, at least three. */
  readonly hisps?: number;
}

/** Entries of an organization: a department address, then people. */
const PER_ORGANIZATION = 8;
const DAY = 86_400_000;

export function* generate(options: GenerateOptions): Generator<DirectoryRecord> {
  const { count } = options;
  const hisps = options.hisps ?? Math.max(3, Math.round(count / 20_000));
  const names = Array.from({ length: hisps }, (_, i) => hispName(seededRandom(`${options.seed}/hisp/${i}`)));
  const today = Date.parse(`${options.today}T00:00:00Z`);
  for (let first = 0, n = 0; first < count; first += PER_ORGANIZATION, n++) {
    const random = seededRandom(`${options.seed}/${n}`);
    const base = organization(random, n, names[random.int(hisps)]!);
    for (let i = 0; i < PER_ORGANIZATION && first + i < count; i++) {
      const record: DirectoryRecord = { ...base.record };
      record.LAST_UPDATED = day(today - random.int(300) * DAY);
      record.ENDPOINT_VERIFIED_ON = day(today - random.int(80) * DAY);
      if (i === 0) department(record, random, base.domain);
      else person(record, random, base.domain, first + i);
      yield record;
    }
  }
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

const pick = <T>(random: Random, list: readonly T[]): T => list[random.int(list.length)]!;

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const invented = (random: Random, least: number): string => {
  let word = '';
  for (let i = least + random.int(2); i > 0; i--) word += pick(random, SYLLABLES);
  return capital(word);
};

const hispName = (random: Random): string =>
  `${invented(random, 2)} ${pick(random, ['Exchange', 'Direct', 'Health Network', 'Connect'])}`;

/** An NPI that no real provider has any part in but by chance; nine digits from a number. */
const npi = (kind: 1 | 2, n: number): string => {
  const nine = `${kind}${String((n * 7919 + 104_729) % 100_000_000).padStart(8, '0')}`;
  return `${nine}${npiCheckDigit(nine)}`;
};

function organization(random: Random, n: number, hisp: string) {
  const record = emptyRecord();
  const town = pick(random, TOWNS);
  const name = `${invented(random, 2)} ${pick(random, KINDS)}`;
  const state = pick(random, STATE_CODES.slice(0, 51));
  record.HISP_OPERATOR = hisp;
  record.ORG_UID = `org-${n}`;
  record.ORG_NPI = npi(2, n);
  record.ORG_NAME = name;
  record.ORG_ADDR1 = `${1 + random.int(9899)} ${pick(random, STREETS)}`;
  if (random.int(4) === 0) record.ORG_ADDR2 = `Suite ${100 + random.int(800)}`;
  record.ORG_CITY = town;
  record.ORG_STATE = state;
  record.ORG_ZIP = `${zipPrefix(state, random.int(100))}${String(random.int(100)).padStart(2, '0')}`;
  record.ORG_COUNTRY = 'US';
  record.ORG_PHONE = telephone(random);
  record.ORG_FAX = telephone(random);
  record.ORG_SPECIALTY = pick(random, ['261QP2300X', '282N00000X', '261QM1300X', '207Q00000X']);
  record.ENTITY_TYPE = '2';
  return { record, domain: `direct.${slug(name)}-${n}.example` };
}

const telephone = (random: Random): string =>
  `+1${201 + random.int(700)}55501${String(random.int(100)).padStart(2, '0')}`;

const slug = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

function department(record: DirectoryRecord, random: Random, domain: string): void {
  const what = pick(random, ['Referrals', 'Records', 'Admissions', 'Care Coordination']);
  record.ADDRESS_TYPE = 'department';
  record.SERVICE_DESCRIPTION = what;
  record.DIRECT_ADDRESS = `${slug(what)}@${domain}`;
}

function person(record: DirectoryRecord, random: Random, domain: string, n: number): void {
  const first = pick(random, FIRST);
  const last = invented(random, 2);
  const [code, role] = pick(random, SPECIALTIES);
  record.ADDRESS_TYPE = 'person';
  record.PROV_UID = `prov-${n}`;
  record.PROV_NPI = npi(1, n);
  record.PROV_FIRST_NAME = first;
  if (random.int(3) === 0) record.PROV_MIDDLE_NAME = pick(random, FIRST);
  record.PROV_LAST_NAME = last;
  if (random.int(20) === 0) record.PROV_SUFFIX = pick(random, ['Jr', 'III', 'MD']);
  record.PROV_SPECIALTY = code;
  record.PROV_ROLE = role ?? pick(random, ROLES);
  record.ENTITY_TYPE = '1';
  record.DIRECT_ADDRESS = `${first}.${last}.${n}@${domain}`.toLowerCase();
}

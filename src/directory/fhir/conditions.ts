/**
 * What each kind of criterion means for the tables.
 *
 * @module
 */
import { folded } from '../folded.ts';
import { OWN_IDENTIFIER } from '../read/fhir.ts';
import { wordsOf } from '../search.ts';
import { CONNECTION_SYSTEM, NPI_SYSTEM, TAXONOMY_SYSTEM, URI_SYSTEM } from '../write/fhir-resources.ts';
import { MADE_ID } from '../write/rows.ts';
import { facet } from '../write/words.ts';
import { every, type Fragment, NOTHING, raw, some, sql } from './fragment.ts';
import { problem } from './outcome.ts';
import { entriesSeen, type Sight, wordsDriver } from './sight.ts';
import type { Value } from './value.ts';

type Text = Extract<Value, { kind: 'text' }>;
type Token = Extract<Value, { kind: 'token' }>;

/** Above every text that begins with what stands before it. */
const LAST = '\u{10ffff}';

/** Values that begin with the text; `column` has an index in that order. */
const begins = (column: string, text: string, collate = ''): Fragment =>
  sql`${raw(column)} >= ${text} ${raw(collate)} and ${raw(column)} < ${`${text}${LAST}`} ${raw(collate)}`;

const escaped = (text: string): string => text.replaceAll(/[%_\\]/g, (char) => `\\${char}`);

const like = (column: string, pattern: string): Fragment => sql`${raw(column)} like ${pattern} escape '\\'`;

const SHORTEST_PART = 3;

function partOf(text: string, at: string): string {
  if (text.length >= SHORTEST_PART) return `%${escaped(text)}%`;
  throw problem(
    400,
    'too-costly',
    `Found "${text}"; a part of a value has at least ${SHORTEST_PART} characters.`,
    at,
  );
}

/** A column beside its folded form. */
export function textOn(plain: string, key: string, { text, modifier }: Text, at: string): Fragment {
  if (modifier === 'exact') return sql`${raw(key)} = ${folded(text)} and ${raw(plain)} = ${text}`;
  if (modifier === 'contains') return like(key, partOf(folded(text), at));
  return begins(key, folded(text));
}

/** A column that is compared without regard to case only. */
export function plainTextOn(column: string, { text, modifier }: Text, at: string): Fragment {
  if (modifier === 'exact') return sql`${raw(column)} = ${text}`;
  return like(column, modifier === 'contains' ? partOf(text, at) : `${escaped(text)}%`);
}

/** Entries at addresses that fit. */
const entriesAt = (sight: Sight, where: Fragment): Fragment =>
  entriesSeen(
    sight,
    'r.n',
    where,
    raw('directory_location l cross join directory_role r on r.location = l.n'),
  );

export type AddressPart = 'any' | 'city' | 'state' | 'postalcode' | 'country';

/** Condition on `directory_location` as `l`. */
export function placeOn(part: AddressPart, value: Text, at: string): Fragment {
  const { text, modifier } = value;
  switch (part) {
    case 'city':
      return textOn('l.org_city', 'l.city_key', value, at);
    case 'state':
      if (modifier !== undefined) return plainTextOn('l.org_state', value, at);
      return begins('l.org_state', text, 'collate nocase');
    case 'postalcode':
      return modifier === undefined ? begins('l.org_zip', text) : plainTextOn('l.org_zip', value, at);
    case 'country':
      return plainTextOn('l.org_country', value, at);
    case 'any':
      return some([
        textOn('l.org_city', 'l.city_key', value, at),
        ...['org_state', 'org_zip', 'org_country', 'org_addr1', 'org_addr2'].map((column) =>
          plainTextOn(`l.${column}`, value, at),
        ),
      ]);
  }
}

export const locationIn = (part: AddressPart, value: Text, at: string): Fragment =>
  sql`r.location in (select l.n from directory_location l where ${placeOn(part, value, at)})`;

export const organizationAt = (sight: Sight, part: AddressPart, value: Text, at: string): Fragment =>
  sql`b.n in (select x.organization from directory_role x where x.n in (${entriesAt(sight, placeOn(part, value, at))}))`;

/** NPI, or the contributor's own id. */
export function identifierOn(columns: { npi: string; uid: string }, { system, code }: Token): Fragment {
  const npi = sql`${raw(columns.npi)} = ${code} and ${raw(columns.npi)} <> ''`;
  const uid = code.startsWith(MADE_ID) ? NOTHING : sql`${raw(columns.uid)} = ${code}`;
  if (system === undefined) return some([npi, uid]);
  return system === NPI_SYSTEM ? npi : system === OWN_IDENTIFIER ? uid : NOTHING;
}

const SHORTEST_NAME = 2;

/** Words of which each begins a word of an entry's column in the index. */
function beginnings(column: string, text: string, at: string): string {
  const words = wordsOf(text);
  if (words.length === 0 || words.every((word) => word.length < SHORTEST_NAME)) {
    throw problem(
      400,
      'too-costly',
      `Found "${text}"; expected at least ${SHORTEST_NAME} letters or digits.`,
      at,
    );
  }
  return `{${column}} : (${words.map((word) => `"${word}"*`).join(' ')})`;
}

export type NamePart = 'name' | 'family' | 'given';

const PERSON = {
  family: ['b.prov_last_name'],
  given: ['b.prov_first_name', 'b.prov_middle_name'],
  name: ['b.prov_last_name', 'b.prov_first_name', 'b.prov_middle_name', 'b.prov_suffix'],
} as const satisfies Record<NamePart, readonly string[]>;

/** Where the parts stand in the folded form `|last|first|middle|suffix|`. */
const KEY = { family: '|', given: '|%|', name: '%|' } as const;

/** Practitioners `b` with such a name. Of several words each begins a part of it. */
export function personNamed(sight: Sight, part: NamePart, { text, modifier }: Text, at: string): Fragment {
  const columns = PERSON[part];
  if (modifier === 'contains') {
    const pattern = partOf(folded(text), at);
    return sql`${some(columns.map((column) => like(column, pattern)))} or b.name_key like ${pattern} escape '\\'`;
  }
  const entries = entriesSeen(
    sight,
    'r.practitioner',
    raw('r.practitioner is not null'),
    wordsDriver(beginnings('name', text, at)),
  );
  const found = sql`b.n in (${entries})`;
  if (modifier === 'exact')
    return every([found, some(columns.map((column) => sql`${raw(column)} = ${text}`))]);
  const whole = (wanted: string): Fragment =>
    some([
      ...columns.map((column) => like(column, `${escaped(wanted)}%`)),
      like('b.name_key', `${KEY[part]}${escaped(wanted)}%`),
    ]);
  const words = folded(text).split(/\s+/);
  return every([found, some([whole(folded(text)), every(words.map(whole))])]);
}

/** Entries `r` whose description begins so. */
export function described(value: Text, at: string): Fragment {
  const plain = plainTextOn('r.service_description', value, at);
  if (value.modifier === 'contains') return plain;
  return every([
    sql`r.n in (select rowid from directory_words where directory_words match ${beginnings('name', value.text, at)})`,
    plain,
  ]);
}

/** Entries `r` of practitioners with this specialty. */
export function specialtyOn({ system, code }: Token): Fragment {
  if (system !== undefined && system !== TAXONOMY_SYSTEM) return NOTHING;
  const word = `{facet} : "${facet('specialty', code)}"`;
  return sql`r.n in (select rowid from directory_words where directory_words match ${word})`;
}

export const organizationType = ({ system, code }: Token): Fragment =>
  system !== undefined && system !== TAXONOMY_SYSTEM ? NOTHING : sql`b.org_specialty = ${code}`;

/** Entries `r` with this address, with `mailto:` or without. */
export const addressOn = (text: string): Fragment =>
  sql`r.endpoint in (select n from directory_endpoint where address = ${text
    .replace(/^mailto:/i, '')
    .trim()
    .toLowerCase()})`;

export function endpointIdentifier({ system, code }: Token): Fragment {
  if (system === undefined || system === URI_SYSTEM) return addressOn(code);
  return system === `${OWN_IDENTIFIER}:hisp`
    ? sql`r.operator in (select n from directory_operator where name = ${code})`
    : NOTHING;
}

export const connectionType = ({ system, code }: Token): Fragment =>
  (system === undefined || system === CONNECTION_SYSTEM) && code === 'direct-project' ? raw('1') : NOTHING;

/** Whether somebody vouches for the entry now: `Entry.active`. */
export const ACTIVE =
  "(coalesce(e.outcome, 'never') = 'verified' or (coalesce(e.outcome, 'never') <> 'failed' and r.endpoint_verified_on <> ''))";

/** A code of which we only ever give one. */
export const fixed = ({ code }: Token, ours: string): Fragment => raw(code === ours ? '1' : '0');

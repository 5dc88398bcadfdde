/**
 * What a HISP publishes of its members, as records of the address directory.
 *
 * @module
 */
import type { HispDefinition, OrganizationDefinition } from '../../config/network.ts';
import { COLUMNS, type DirectoryRecord, emptyRecord } from '../../directory/record.ts';
import type { Holdings, OpenDomain } from '../../hisp/tenancy/publication.ts';
import { organizationId } from './seed.ts';

/** What the directory says of an organization beyond what its HISP needs. An empty text is an absent value. */
export interface OrganizationDetails {
  readonly npi?: string;
  /** NUCC code. */
  readonly specialty?: string;
  readonly street?: string;
  readonly city?: string;
  /** Two letters. */
  readonly state?: string;
  readonly zip?: string;
  readonly phone?: string;
  readonly fax?: string;
}

/** What it says of an address. */
export interface AddressDetails {
  readonly role?: string;
  readonly kind?: string;
  readonly npi?: string;
  readonly specialty?: string;
}

export interface DetailsOf {
  organization(hisp: string, organization: string): OrganizationDetails | undefined;
  address(address: string): AddressDetails | undefined;
}

/** What the network's file says. `place` is read as city and state. */
export function detailsInFile(organizations: readonly OrganizationDefinition[]): DetailsOf {
  const byId = new Map(organizations.map((one) => [`${one.hisp} ${organizationId(one)}`, one]));
  const byAddress: ReadonlyMap<string, AddressDetails> = new Map(
    organizations.flatMap(({ domain, addresses }) =>
      addresses.map(({ local, role, kind, npi, specialty }) => [
        `${local}@${domain}`,
        present({ role, kind, npi, specialty }),
      ]),
    ),
  );
  return {
    organization(hisp, id) {
      const one = byId.get(`${hisp} ${id}`);
      if (!one) return undefined;
      const [, city, state] = /^(.*), ([A-Z]{2})$/.exec(one.place) ?? [];
      const { npi, specialty, street, zip, phone, fax } = one;
      return present({ npi, specialty, street, zip, phone, fax, city: city ?? one.place, state });
    },
    address: (address) => byAddress.get(address),
  };
}

const present = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );

/** One record for each enabled address, `LAST_UPDATED` left open. */
export function recordsFor(
  id: string,
  hisp: Pick<HispDefinition, 'title'>,
  { domains }: Pick<Holdings, 'domains'>,
  details: DetailsOf,
): DirectoryRecord[] {
  return domains.flatMap((domain) =>
    domain.addresses.map((one) => recordFor(id, hisp.title, domain, one, details)),
  );
}

function recordFor(
  hisp: string,
  title: string,
  { organization }: OpenDomain,
  one: OpenDomain['addresses'][number],
  details: DetailsOf,
): DirectoryRecord {
  const of = details.organization(hisp, organization.id) ?? {};
  const own = details.address(one.address) ?? {};
  const name = one.title === one.address ? '' : one.title;
  const person = own.kind === undefined || own.kind === 'person' ? personIn(name, one.address) : undefined;
  const record = emptyRecord();
  const set = (values: Partial<DirectoryRecord>): void => void Object.assign(record, values);
  set({
    HISP_OPERATOR: title,
    DIRECT_ADDRESS: one.address,
    ADDRESS_TYPE: own.kind ?? (person ? 'person' : 'department'),
    ORG_UID: organization.id,
    ORG_NAME: organization.name,
    ORG_NPI: of.npi ?? '',
    ORG_SPECIALTY: of.specialty ?? '',
    ORG_ADDR1: of.street ?? '',
    ORG_CITY: of.city ?? '',
    ORG_STATE: of.state ?? '',
    ORG_ZIP: of.zip ?? '',
    ORG_COUNTRY: 'US',
    ORG_PHONE: of.phone ?? '',
    ORG_FAX: of.fax ?? '',
    PROV_ROLE: own.role ?? '',
    ENTITY_TYPE: person ? '1' : '2',
  });
  if (!person) set({ SERVICE_DESCRIPTION: name });
  else {
    set({
      PROV_UID: one.address.slice(0, one.address.lastIndexOf('@')),
      PROV_FIRST_NAME: person.first,
      PROV_MIDDLE_NAME: person.middle,
      PROV_LAST_NAME: person.last,
      PROV_SUFFIX: person.suffix,
      PROV_NPI: own.npi ?? '',
      PROV_SPECIALTY: own.specialty ?? '',
    });
  }
  for (const column of COLUMNS) record[column] = readable(record[column]);
  return record;
}

/** What an administrator typed may hold anything; a contribution is refused for control characters and formulas. */
const readable = (value: string): string =>
  value
    .replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')
    .replace(/^[=@]+|^[+-]+(?![\d\s().-]*$)/, '')
    .slice(0, 1000)
    .trim();

interface PersonName {
  readonly first: string;
  readonly middle: string;
  readonly last: string;
  readonly suffix: string;
}

const WORD = String.raw`\p{Lu}[\p{L}'’.-]*`;
const NAME = new RegExp(`^(${WORD})((?: ${WORD})*) (${WORD})(?:, ([A-Z][A-Za-z-]{1,7}))?$`, 'u');

/**
 * The parts of a person's name: one that ends in a title (`Maria Alvarez, MD`), or whose last name is in the address.
 * Everything else names a desk.
 */
function personIn(name: string, address: string): PersonName | undefined {
  const match = NAME.exec(name);
  if (!match) return undefined;
  const [, first = '', middle = '', last = '', suffix = ''] = match;
  const local = address.slice(0, address.lastIndexOf('@'));
  if (suffix === '' && !local.includes(plain(last))) return undefined;
  return { first, middle: middle.trim(), last, suffix };
}

const plain = (word: string): string =>
  word
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();

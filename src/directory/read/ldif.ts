/**
 * LDIF (RFC 2849) of a directory tree (directory §2.4): people and organizations with their Direct address in `mail`.
 *
 * A person's organization is the entry that `seeAlso` names, when it came before; our own export writes it so.
 *
 * @module
 */
import { isUtf8 } from 'node:buffer';
import { openScratch } from '../../store/handle.ts';
import { type Column, type DirectoryRecord, emptyRecord } from '../record.ts';
import { type Chunks, fault, type Item } from './item.ts';
import { type Line, lines, MAX_LINE } from './lines.ts';
import { checked } from './validate.ts';

/** Attribute → column, of people and of organizations. Names of the IHE healthcare provider directory are known as well. */
const PERSON: Readonly<Record<string, Column>> = {
  mail: 'DIRECT_ADDRESS',
  medicalrecordsdeliveryemailaddress: 'DIRECT_ADDRESS',
  givenname: 'PROV_FIRST_NAME',
  initials: 'PROV_MIDDLE_NAME',
  sn: 'PROV_LAST_NAME',
  generationqualifier: 'PROV_SUFFIX',
  employeenumber: 'PROV_NPI',
  employeetype: 'PROV_ROLE',
  departmentnumber: 'PROV_UID',
  businesscategory: 'PROV_SPECIALTY',
  description: 'SERVICE_DESCRIPTION',
};
const ORGANIZATION: Readonly<Record<string, Column>> = {
  mail: 'DIRECT_ADDRESS',
  medicalrecordsdeliveryemailaddress: 'DIRECT_ADDRESS',
  uid: 'ORG_UID',
  o: 'ORG_NAME',
  destinationindicator: 'ORG_NPI',
  telephonenumber: 'ORG_PHONE',
  facsimiletelephonenumber: 'ORG_FAX',
  street: 'ORG_ADDR1',
  l: 'ORG_CITY',
  st: 'ORG_STATE',
  postalcode: 'ORG_ZIP',
  businesscategory: 'ORG_SPECIALTY',
  description: 'SERVICE_DESCRIPTION',
};
/** What a person's entry says of the organization itself; the organization's entry goes before. */
const PLACE: Readonly<Record<string, Column>> = {
  o: 'ORG_NAME',
  telephonenumber: 'ORG_PHONE',
  facsimiletelephonenumber: 'ORG_FAX',
  street: 'ORG_ADDR1',
  l: 'ORG_CITY',
  st: 'ORG_STATE',
  postalcode: 'ORG_ZIP',
};

interface Raw {
  readonly line: number;
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** Entries without an address say nothing alone and are kept for those that refer to them. */
export function* readLdif(chunks: Chunks): Generator<Item> {
  const scratch = openScratch();
  scratch.exec('create table organization (dn text primary key, record text)');
  const keep = scratch.prepare('insert or replace into organization values (?, ?)');
  const kept = scratch.prepare('select record from organization where dn = ?');
  try {
    for (const raw of rawEntries(chunks)) {
      if ('kind' in raw) {
        yield raw;
        continue;
      }
      const classes = (raw.attributes.get('objectclass') ?? []).map((name) => name.toLowerCase());
      const isOrganization = classes.some(
        (name) => name === 'organization' || name === 'hcregulatedorganization',
      );
      const record = emptyRecord();
      fill(record, raw, isOrganization ? ORGANIZATION : { ...PLACE, ...PERSON });
      if (isOrganization) keep.run(raw.dn.toLowerCase(), JSON.stringify(record));
      else {
        for (const dn of raw.attributes.get('seealso') ?? []) {
          const row = kept.get(dn.toLowerCase());
          if (row) join(record, JSON.parse(String(row['record'])) as DirectoryRecord);
        }
        if (
          raw.attributes.has('medicalrecordsdeliveryemailaddress') === false &&
          !classes.some((name) => PEOPLE.has(name))
        )
          continue;
      }
      if (record.DIRECT_ADDRESS !== '') yield* checked(raw.line, record);
    }
  } finally {
    scratch.close();
  }
}

const PEOPLE = new Set(['inetorgperson', 'person', 'organizationalperson', 'hcprofessional']);

function fill(record: DirectoryRecord, raw: Raw, columns: Readonly<Record<string, Column>>): void {
  for (const [attribute, column] of Object.entries(columns)) {
    const value = raw.attributes.get(attribute)?.[0];
    if (value !== undefined && record[column] === '') record[column] = value;
  }
  const street = raw.attributes.get('street')?.[1];
  if (street !== undefined) record.ORG_ADDR2 = street;
}

function join(record: DirectoryRecord, organization: DirectoryRecord): void {
  for (const column of Object.keys(organization) as Column[]) {
    if (column.startsWith('ORG_') && organization[column] !== '') record[column] = organization[column];
  }
}

/** Longest entry, in lines. */
const MAX_LINES = 2000;

/** Entries by their blank lines, folded lines joined. */
function* rawEntries(chunks: Chunks): Generator<Raw | (Item & { kind: 'fault' })> {
  let unit: Line[] = [];
  for (const line of lines(chunks)) {
    if (line.bytes.length > 0) {
      if (unit.length <= MAX_LINES) unit.push({ ...line, bytes: Buffer.from(line.bytes) });
      continue;
    }
    if (unit.length > 0) yield* entryOf(unit);
    unit = [];
  }
  if (unit.length > 0) yield* entryOf(unit);
}

function* entryOf(unit: readonly Line[]): Generator<Raw | (Item & { kind: 'fault' })> {
  const start = unit[0]!.number;
  const wrong = (line: number, column: string, found: string, expected: string) =>
    fault(line, column, found, expected) as Item & { kind: 'fault' };
  if (unit.length > MAX_LINES) {
    yield wrong(start, '', `an entry of more than ${MAX_LINES} lines`, `at most ${MAX_LINES} lines`);
    return;
  }
  const logical: { line: number; text: string }[] = [];
  for (const { bytes, number, length } of unit) {
    if (length > MAX_LINE) {
      yield wrong(number, '', `a line of ${length} octets`, `at most ${MAX_LINE} octets a line`);
      return;
    }
    if (bytes.includes(0)) {
      yield wrong(number, '', 'a NUL octet', 'text');
      return;
    }
    if (!isUtf8(bytes)) {
      yield wrong(number, '', 'octets that are not UTF-8', 'UTF-8 in the whole file');
      return;
    }
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    const last = logical.at(-1);
    if (text.startsWith(' ') && last) last.text += text.slice(1);
    else if (!text.startsWith('#')) logical.push({ line: number, text });
  }
  const attributes = new Map<string, string[]>();
  let dn = '';
  for (const { line, text } of logical) {
    const match = /^([A-Za-z0-9.;-]+):(:?) *(.*)$/s.exec(text);
    if (!match) {
      yield wrong(line, '', text, 'a line of the form attribute: value');
      return;
    }
    const name = match[1]!.toLowerCase().split(';')[0]!;
    const value = match[2] === ':' ? Buffer.from(match[3]!, 'base64').toString('utf8') : match[3]!.trimEnd();
    if (name === 'version' && attributes.size === 0 && dn === '') continue;
    if (name === 'dn') dn = value;
    else attributes.set(name, [...(attributes.get(name) ?? []), value]);
  }
  if (dn === '') {
    if (attributes.size > 0)
      yield wrong(start, 'dn', 'an entry without a name', 'an entry that begins with dn:');
    return;
  }
  if (attributes.has('changetype') && attributes.get('changetype')![0] !== 'add') {
    yield wrong(start, 'changetype', attributes.get('changetype')![0]!, 'entries, not changes');
    return;
  }
  yield { line: start, dn, attributes };
}

/**
 * The words of an entry that the search box knows, and words made for filters.
 *
 * @module
 */
import type { Directory } from '../directory.ts';
import type { DirectoryRecord } from '../record.ts';

/** A word that stands for the value of a filter; letters and digits only, so that it stays one word. */
export const facet = (
  kind: 'state' | 'hisp' | 'type' | 'specialty' | 'domain',
  value: string | number,
): string =>
  `x${kind}${String(value)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, (c) => `u${c.charCodeAt(0).toString(16)}`)}`;

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** What kind of entry it is; said by the contributor, or by whether it names a person. */
export const kindOf = (record: DirectoryRecord): string =>
  record.ADDRESS_TYPE.toLowerCase() ||
  (record.PROV_LAST_NAME === '' && record.PROV_NPI === '' ? 'organisation' : 'person');

export function indexWords(
  { handle }: Directory,
  n: number,
  record: DirectoryRecord,
  operator: number,
): void {
  const address = record.DIRECT_ADDRESS.toLowerCase();
  handle
    .prepare('insert into directory_words (rowid, name, place, address, facet) values (?, ?, ?, ?, ?)')
    .run(
      n,
      `${record.PROV_FIRST_NAME} ${record.PROV_MIDDLE_NAME} ${record.PROV_LAST_NAME} ${record.ORG_NAME} ${record.SERVICE_DESCRIPTION}`,
      `${record.ORG_CITY} ${record.ORG_STATE} ${record.ORG_ZIP.slice(0, 5)}`,
      address,
      `${facet('state', record.ORG_STATE)} ${facet('hisp', operator)} ${facet('type', kindOf(record))} ${facet('domain', domainOf(address))}${record.PROV_SPECIALTY ? ` ${facet('specialty', record.PROV_SPECIALTY)}` : ''}`,
    );
}

/** Takes rows out of the index that no revision from `revision` on shows. Returns how many it did, at most `limit`. */
export function forgetWords(
  { handle, tenant }: Directory,
  revision: number,
  after: number,
  limit: number,
): number | undefined {
  const rows = handle
    .prepare('select n from directory_role where tenant = ? and gone = ? and n > ? order by n limit ?')
    .all(tenant, revision, after, limit);
  const drop = handle.prepare('delete from directory_words where rowid = ?');
  for (const row of rows) drop.run(Number(row['n']));
  const last = rows.at(-1);
  return last ? Number(last['n']) : undefined;
}

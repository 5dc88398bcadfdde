/**
 * What one request sees: the rows of a revision that its reader may see, as SQL.
 *
 * @module
 */
import { type Reader, visibleRows } from '../access.ts';
import { currentRevision, type Directory } from '../directory.ts';
import { every, type Fragment, raw, sql } from './fragment.ts';
import { type Handles, handlesOf } from './handles.ts';

export interface Sight {
  readonly directory: Directory;
  readonly handles: Handles;
  readonly revision: number;
  /** Condition on `r`, `e`, `o`, `c`: the reader may see the entry, whenever it was there. */
  readonly seen: Fragment;
}

export const sightOf = (
  directory: Directory,
  reader: Reader,
  revision = currentRevision(directory),
): Sight => ({ directory, handles: handlesOf(directory), revision, seen: visibleRows(directory, reader) });

// the order of the tables is meant: what drives comes first, and the database is not to turn it round
const WITH = `cross join directory_endpoint e on e.n = r.endpoint cross join directory_contributor c on c.n = r.contributor
  left join directory_organization o on o.n = r.organization`;

/** The entries that are seen, of whatever `driver` gives; it names `directory_role` as `r`. */
export function entriesSeen(
  { directory, revision, seen }: Sight,
  select: string,
  where: Fragment,
  driver: Fragment = raw('directory_role r'),
): Fragment {
  return sql`select ${raw(select)} from ${driver} ${raw(WITH)} where r.tenant = ${directory.tenant} and r.born <= ${revision}
    and (r.gone is null or r.gone > ${revision}) and (${every([where, seen])})`;
}

/** The same for entries of any time up to the revision: what is gone, or was another version. */
export const entriesOfAnyTime = ({ directory, revision, seen }: Sight, where: Fragment): Fragment =>
  sql`select r.n from directory_role r ${raw(WITH)} where r.tenant = ${directory.tenant} and r.born <= ${revision}
    and (${every([where, seen])})`;

/** Rows of the index of words, as a driver. */
export const wordsDriver = (query: string): Fragment =>
  sql`(select rowid as n from directory_words where directory_words match ${query}) w cross join directory_role r on r.n = w.n`;

/** Runs a query. */
export const rowsOf = ({ directory }: Sight, query: Fragment) =>
  directory.handle.prepare(query.sql).all(...query.values);

export const rowOf = ({ directory }: Sight, query: Fragment) =>
  directory.handle.prepare(query.sql).get(...query.values);

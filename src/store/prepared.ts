/**
 * Queries that are built and compiled once, for those that every message needs: building and compiling one costs more
 * than ten times as much as running it.
 *
 * @module
 */
import type { CompiledQuery, QueryResult } from 'kysely';
import type { Db } from './schema.ts';
import type { Scope } from './scope.ts';
import { passageOf, type Way } from './way.ts';

/** Stands where a value comes when the query runs. */
class Place {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const places: object = new Proxy({}, { get: (_, name) => new Place(String(name)) });

/** A query with places for values. `P`: the values by name, the tenant among them. `R`: a row of what it gives. */
export type Prepared<P extends object, R> = (
  scope: Scope,
  values: Omit<P, 'tenant'>,
) => QueryResult<R> | Promise<QueryResult<R>>;

/**
 * Makes a query that runs at once inside a transaction, and otherwise in a turn of its own.
 *
 * @param build makes the query of a builder, with a place for each value. It is called once for each store: what it
 * makes must follow from nothing else
 */
export function prepared<P extends { readonly tenant: string }, R>(
  build: (db: Db, values: P) => CompiledQuery<R>,
): Prepared<P, R> {
  const compiledFor = (way: Way): CompiledQuery<R> => {
    let query = way.compiled.get(build) as CompiledQuery<R> | undefined;
    if (!query) way.compiled.set(build, (query = build(way.db, places as P)));
    return query;
  };
  return (scope, given) => {
    const passage = scope.passage ?? passageOf(scope.db);
    const values = { ...given, tenant: scope.tenant };
    if (!passage) return scope.db.executeQuery(build(scope.db, values as unknown as P));
    const query = compiledFor(passage.way);
    const known = values as Readonly<Record<string, unknown>>;
    const filled: CompiledQuery<R> = {
      query: query.query,
      queryId: query.queryId,
      sql: query.sql,
      parameters: query.parameters.map((one) => (one instanceof Place ? known[one.name] : one)),
    };
    if (passage.execute) return passage.execute(filled);
    return passage.way.hold(passage.way.turns.execute(filled));
  };
}

/** The rows, and not what else is known. */
export const rowsOf = async <R>(result: QueryResult<R> | Promise<QueryResult<R>>): Promise<readonly R[]> =>
  (await result).rows;

/** The one row, if there is one. */
export const firstOf = async <R>(result: QueryResult<R> | Promise<QueryResult<R>>): Promise<R | undefined> =>
  (await result).rows[0];

/** How many rows were written. */
export const changesOf = async (
  result: QueryResult<unknown> | Promise<QueryResult<unknown>>,
): Promise<number> => Number((await result).numAffectedRows ?? 0n);

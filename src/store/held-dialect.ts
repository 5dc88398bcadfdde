/**
 * A dialect whose every wait is announced to the host, so that a virtual clock does not move while the database works.
 *
 * SQLite answers at once and would not need it; a database behind a socket of its own does.
 *
 * @module
 */
import type { DatabaseConnection, Dialect, Driver } from 'kysely';
import type { Host } from '../net/host.ts';

export function heldDialect(host: Pick<Host, 'hold'>, dialect: Dialect): Dialect {
  const hold = host.hold.bind(host);
  const connections = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const held = (connection: DatabaseConnection): DatabaseConnection => {
    let wrapper = connections.get(connection);
    if (!wrapper) {
      wrapper = {
        executeQuery: (query, options) => hold(connection.executeQuery(query, options)),
        streamQuery: (query, chunk, options) => connection.streamQuery(query, chunk, options),
      };
      connections.set(connection, wrapper);
      inner.set(wrapper, connection);
    }
    return wrapper;
  };
  const inner = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const bare = (connection: DatabaseConnection): DatabaseConnection => inner.get(connection) ?? connection;
  return {
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createDriver(): Driver {
      const driver = dialect.createDriver();
      return {
        init: (options) => hold(driver.init(options)),
        acquireConnection: async (options) => held(await hold(driver.acquireConnection(options))),
        beginTransaction: (connection, settings) => hold(driver.beginTransaction(bare(connection), settings)),
        commitTransaction: (connection) => hold(driver.commitTransaction(bare(connection))),
        rollbackTransaction: (connection) => hold(rolledBack(driver.rollbackTransaction(bare(connection)))),
        releaseConnection: (connection, options) => hold(driver.releaseConnection(bare(connection), options)),
        destroy: (options) => hold(driver.destroy(options)),
      };
    },
  };
}

/**
 * SQLite takes a transaction back by itself when the disk is full or fails (its `sqlite3_get_autocommit` says so); that
 * nothing is left to take back must not hide why.
 */
async function rolledBack(rollback: Promise<void>): Promise<void> {
  try {
    await rollback;
  } catch (error) {
    if (!(error instanceof Error && /no transaction is active/.test(error.message))) throw error;
  }
}

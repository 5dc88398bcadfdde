/**
 * How often the HISPs of a state folder used their keys.
 *
 * @module
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { realHost } from '../../net/real.ts';
import { readKeyUses } from '../../store/key-use.ts';
import { openStore } from '../../store/open.ts';
import { scopeOf } from '../../store/scope.ts';
import { Failure } from '../failure.ts';
import { columns, out } from '../terminal.ts';

/** @throws {Failure} there is no store */
export async function tellUses(state: string): Promise<void> {
  const folder = join(state, 'store');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.sqlite')) : [];
  if (files.length === 0) throw new Failure(`there is no store of a HISP in ${state}`, { exitCode: 2 });
  const rows: string[][] = [];
  for (const file of files.toSorted()) {
    const store = await openStore(realHost({ name: 'cert' }), { file: join(folder, file) });
    try {
      const tenant = file.replace(/\.sqlite$/, '');
      for (const { day, certificate_sha256, operation, count } of await readKeyUses(
        scopeOf(store.db, tenant),
      ))
        rows.push([day, tenant, operation, String(count), `certificate ${certificate_sha256.slice(0, 16)}…`]);
    } finally {
      await store.close();
    }
  }
  if (rows.length === 0) out('No key was used yet.');
  for (const line of columns(rows)) out(line);
}

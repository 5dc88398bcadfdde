/**
 * The register in the store of the directory.
 *
 * @module
 */
import type { Directory } from '../directory.ts';
import { DirectoryError } from '../error.ts';
import { hispInput, type Product, productInput, type RegisteredHisp } from './product.ts';

/** By name, the newest version as it sorts last. */
export function products({ handle, tenant }: Directory): Product[] {
  return handle
    .prepare('select * from connect_product where tenant = ? order by name, id, version')
    .all(tenant)
    .map((row) => ({
      id: String(row['id']),
      version: String(row['version']),
      name: String(row['name']),
      edges: JSON.parse(String(row['edges'])) as Product['edges'],
      relation: row['relation'] as Product['relation'],
      hisps: JSON.parse(String(row['hisps'])) as Product['hisps'],
      note: String(row['note']),
    }));
}

/** Adds a version of a product, or changes the one that is there. */
export function putProduct({ handle, tenant, host }: Directory, product: Product, by: string): void {
  const { id, version, name, edges, relation, hisps, note } = product;
  handle
    .prepare(
      `insert into connect_product (tenant, id, version, name, edges, relation, hisps, note, actor, changed_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (tenant, id, version) do update set name = excluded.name, edges = excluded.edges,
       relation = excluded.relation, hisps = excluded.hisps, note = excluded.note, actor = excluded.actor,
       changed_at = excluded.changed_at`,
    )
    .run(
      tenant,
      id,
      version,
      name,
      JSON.stringify([...new Set(edges)]),
      relation,
      JSON.stringify(relation === 'any' ? [] : [...new Set(hisps)]),
      note,
      by,
      host.now(),
    );
}

/** @throws {DirectoryError} `unknown` when there is no such version */
export function removeProduct({ handle, tenant }: Directory, id: string, version: string): void {
  const { changes } = handle
    .prepare('delete from connect_product where tenant = ? and id = ? and version = ?')
    .run(tenant, id, version);
  if (changes === 0)
    throw new DirectoryError('unknown', `there is no product "${id}" with version "${version}"`);
}

export function registeredHisps({ handle, tenant }: Directory): RegisteredHisp[] {
  return handle
    .prepare('select * from connect_hisp where tenant = ? order by id')
    .all(tenant)
    .map((row) => ({
      id: String(row['id']),
      edges: JSON.parse(String(row['edges'])) as RegisteredHisp['edges'],
      accepts: row['accepts'] === 1,
      note: String(row['note']),
    }));
}

export function putHisp({ handle, tenant, host }: Directory, hisp: RegisteredHisp, by: string): void {
  const { id, edges, accepts, note } = hisp;
  handle
    .prepare(
      `insert into connect_hisp (tenant, id, edges, accepts, note, actor, changed_at) values (?, ?, ?, ?, ?, ?, ?)
       on conflict (tenant, id) do update set edges = excluded.edges, accepts = excluded.accepts,
       note = excluded.note, actor = excluded.actor, changed_at = excluded.changed_at`,
    )
    .run(tenant, id, JSON.stringify([...new Set(edges)]), accepts ? 1 : 0, note, by, host.now());
}

/**
 * Adds the HISPs that are missing, and fills an empty register with products.
 *
 * @param some as a file has them; HISPs that are not here are left out, and products that go with no other then
 */
export function seedRegister(
  directory: Directory,
  hisps: readonly RegisteredHisp[],
  some: readonly unknown[],
): void {
  const known = new Set(registeredHisps(directory).map(({ id }) => id));
  const first = known.size === 0;
  directory.handle.atomically(() => {
    for (const one of hisps) if (!known.has(one.id)) putHisp(directory, hispInput.parse(one), 'up');
    if (!first) return;
    const here = new Set(hisps.map(({ id }) => id));
    for (const one of some) {
      const product = productInput.parse(one);
      const left = product.hisps.filter((id) => here.has(id));
      if (product.relation === 'any' || left.length > 0)
        putProduct(directory, { ...product, hisps: left }, 'up');
    }
  });
}

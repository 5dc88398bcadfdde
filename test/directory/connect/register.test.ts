import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { productInput } from '../../../src/directory/connect/product.ts';
import {
  products,
  putHisp,
  putProduct,
  registeredHisps,
  removeProduct,
  seedRegister,
} from '../../../src/directory/connect/register.ts';
import { type Directory, openDirectory } from '../../../src/directory/directory.ts';
import { realHost } from '../../../src/net/real.ts';

const file = join(import.meta.dirname, '../../../zones/enrollment/products.yaml');
const some = (parse(readFileSync(file, 'utf8')) as { products: unknown[] }).products;
const hisps = ['lakeshore', 'harborline'].map((id) => ({
  id,
  edges: ['webmail' as const],
  accepts: true,
  note: '',
}));
let folder: string;
let directory: Directory;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'anchorage-connect-'));
  directory = await openDirectory(realHost(), { file: join(folder, 'd.sqlite') });
});
afterEach(() => {
  directory.close();
  rmSync(folder, { recursive: true });
});

it('is filled once; what operators changed stays', () => {
  seedRegister(directory, hisps, some);
  const names = products(directory).map(({ id, version }) => `${id} ${version}`);
  // who is integrated with a HISP that is not here is left out
  expect(names).toContain('larkspur 4.2');
  expect(names.some((name) => name.startsWith('orrery'))).toBe(false);
  removeProduct(directory, 'larkspur', '4.2');
  putHisp(directory, { ...hisps[0]!, accepts: false }, 'ann');
  seedRegister(directory, [...hisps, { ...hisps[0]!, id: 'prairie' }], some);
  expect(products(directory)).toHaveLength(names.length - 1);
  expect(registeredHisps(directory).map(({ id, accepts }) => [id, accepts])).toEqual([
    ['harborline', true],
    ['lakeshore', false],
    ['prairie', true],
  ]);
  expect(() => removeProduct(directory, 'larkspur', '4.2')).toThrow('there is no product');
});

it('keeps each version of a product apart', () => {
  const base = { id: 'p', name: 'P', relation: 'any' as const, edges: ['smtp' as const] };
  putProduct(directory, productInput.parse({ ...base, version: '1' }), 'ann');
  putProduct(directory, productInput.parse({ ...base, version: '2', edges: [] }), 'ann');
  putProduct(directory, productInput.parse({ ...base, version: '1', name: 'Q' }), 'ann');
  expect(products(directory).map(({ version, name, edges }) => [version, name, edges])).toEqual([
    ['2', 'P', []],
    ['1', 'Q', ['smtp']],
  ]);
  expect(productInput.safeParse({ ...base, version: '1', relation: 'integrated' }).success).toBe(false);
});

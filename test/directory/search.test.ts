import { describe, expect, it } from 'vitest';
import { preview } from '../../src/directory/preview.ts';
import { openSource } from '../../src/directory/read/source.ts';
import { search } from '../../src/directory/search.ts';
import { file, freshDirectory, some, take, written } from './fixture.ts';

describe('the search box', () => {
  it('understands addresses, NPI, names, cities, domains and filters', async () => {
    const directory = await freshDirectory();
    const records = some(400);
    await take(directory, written('csv', records));
    const one = records[3]!;
    const first = (query: string, filters = {}) => {
      const [hit] = search(directory, query, filters).hits;
      return hit && { why: hit.why, address: hit.entry.record.DIRECT_ADDRESS };
    };
    expect(first(one.DIRECT_ADDRESS.toUpperCase())).toEqual({ why: 'address', address: one.DIRECT_ADDRESS });
    expect(first(`mailto:${one.DIRECT_ADDRESS}`)).toMatchObject({ why: 'address' });
    expect(first(one.PROV_NPI)).toEqual({ why: 'npi', address: one.DIRECT_ADDRESS });
    expect(first(`${one.PROV_LAST_NAME} ${one.PROV_FIRST_NAME}`)).toEqual({
      why: 'name',
      address: one.DIRECT_ADDRESS,
    });
    expect(first(one.PROV_LAST_NAME.slice(0, 4))?.why).toBe('name');
    expect(first(one.DIRECT_ADDRESS.split('@')[1]!)?.why).toBe('other');
    expect(
      search(directory, one.ORG_CITY).hits.every(({ entry }) =>
        JSON.stringify(entry.record).includes(one.ORG_CITY),
      ),
    ).toBe(true);
    const filtered = search(directory, '', {
      state: one.ORG_STATE,
      type: 'person',
      hisp: one.HISP_OPERATOR,
      limit: 100,
    }).hits;
    expect(filtered.length).toBe(
      records.filter(
        (record) =>
          record.ORG_STATE === one.ORG_STATE &&
          record.ADDRESS_TYPE === 'person' &&
          record.HISP_OPERATOR === one.HISP_OPERATOR,
      ).length,
    );
    expect(first(one.DIRECT_ADDRESS.split('@direct.')[1]!)?.why).toBe('other');
    expect(search(directory, `nobody@${one.DIRECT_ADDRESS.split('@')[1]}`).hits).toEqual([]);
    expect(search(directory, 'xyzzy').hits).toEqual([]);
    expect(search(directory, '" OR * ( NEAR').hits).toEqual([]);
    const pages = [0, 10].flatMap((offset) =>
      search(directory, 'direct', { limit: 10, offset }).hits.map(({ entry }) => entry.n),
    );
    expect(new Set(pages).size).toBe(20);
  });

  it('marks what matched, without regard to accents', async () => {
    const directory = await freshDirectory();
    await take(directory, 'DIRECT_ADDRESS,PROV_LAST_NAME\na@d.example,Muñoz\n');
    expect(search(directory, 'munoz').hits[0]?.matches).toEqual([
      { column: 'PROV_LAST_NAME', from: 0, to: 5 },
    ]);
  });

  it('puts what nobody vouches for last', async () => {
    const directory = await freshDirectory();
    await take(
      directory,
      'DIRECT_ADDRESS,PROV_LAST_NAME,ENDPOINT_VERIFIED_ON\na@d.example,Lark,\nb@d.example,Lark,2026-11-01\n',
    );
    expect(search(directory, 'lark').hits.map(({ entry }) => entry.record.DIRECT_ADDRESS)).toEqual([
      'b@d.example',
      'a@d.example',
    ]);
  });
});

describe('a dry run', () => {
  it('says what would change, and changes nothing', async () => {
    const directory = await freshDirectory();
    const records = some(20);
    await take(directory, written('csv', records));
    const next = [...records.slice(1, 19), { ...records[19]!, ORG_CITY: 'Elsewhere' }, ...some(21).slice(20)];
    const source = openSource(file(written('csv', next)));
    const result = await preview(directory, { contributor: 'acme', by: 'test', source });
    expect(result.counts).toEqual({
      added: 1,
      changed: 1,
      unchanged: 18,
      removed: 1,
      errors: 0,
      warnings: 0,
    });
    expect(result.changes.find(({ what }) => what === 'changed')?.fields).toEqual([
      { column: 'ORG_CITY', before: records[19]!.ORG_CITY, after: 'Elsewhere' },
    ]);
    expect((await take(directory, written('csv', next))).counts).toEqual(result.counts);
  });
});

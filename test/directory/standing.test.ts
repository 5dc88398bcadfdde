import { describe, expect, it } from 'vitest';
import { visibleRows, visibleTo } from '../../src/directory/access.ts';
import { recordFacts } from '../../src/directory/check/verify.ts';
import type { Directory } from '../../src/directory/directory.ts';
import { type Entry, entries, SELECT_ENTRY } from '../../src/directory/entries.ts';
import { loadNpiTypes, npiTable, npiTypes } from '../../src/directory/npi-types.ts';
import { openSource } from '../../src/directory/read/source.ts';
import { standingOf } from '../../src/directory/standing.ts';
import { file, freshDirectory, some, take, written } from './fixture.ts';

const DAY = 86_400_000;
const READER = { kind: 'participant', id: 'acme', name: 'x', bulk: false } as const;

/** The directory, on another day. */
const daysLater = (directory: Directory, days: number): Directory => {
  const at = directory.host.now() + days * DAY;
  return { ...directory, host: { ...directory.host, now: () => at } };
};
const first = (directory: Directory): Entry => [...entries(directory)][0]!;

describe('an address that cannot be verified', () => {
  it.each([
    [0, 'listed'],
    [6, 'listed'],
    [7, 'flagged'],
    [29, 'flagged'],
    [30, 'hidden'],
  ] as const)('is, after %d days, %s', async (days, state) => {
    const directory = await freshDirectory();
    await take(directory, written('ndjson', some(3)));
    const { endpoint } = first(directory);
    recordFacts(directory, endpoint, { outcome: 'none', asked: '' });
    const later = daysLater(directory, days);
    recordFacts(later, endpoint, { outcome: 'none', asked: '' });
    // nobody can tell: that changes nothing
    recordFacts(later, endpoint, { outcome: 'temporary', asked: '' });
    const entry = first(later);
    expect(standingOf(entry, later.host.now())).toMatchObject({ state, everVerified: true });
    const shown = state !== 'hidden';
    expect(visibleTo(later, READER)(entry)).toBe(shown);
    const { sql, values } = visibleRows(later, READER);
    const rows = later.handle.prepare(`${SELECT_ENTRY} where r.n = ? and ${sql}`).all(entry.n, ...values);
    expect(rows).toHaveLength(shown ? 1 : 0);
    // verified again, it is back
    recordFacts(later, endpoint, { outcome: 'found', asked: '' });
    expect(standingOf(first(later), later.host.now())).toEqual({ state: 'listed' });
    expect(visibleTo(later, READER)(first(later))).toBe(true);
  });

  it('is hidden after a month when nobody ever verified it, also not its contributor', async () => {
    const directory = await freshDirectory();
    await take(
      directory,
      written(
        'ndjson',
        some(1).map((one) => ({ ...one, ENDPOINT_VERIFIED_ON: '' })),
      ),
    );
    expect(visibleTo(directory, READER)(first(directory))).toBe(true);
    const later = daysLater(directory, 30);
    expect(visibleTo(later, READER)(first(later))).toBe(false);
    expect(visibleTo(later, { kind: 'operator', name: 'o' })(first(later))).toBe(true);
  });
});

describe('the NPPES table', () => {
  it('says of a number whether it is a person or an organization', async () => {
    const directory = await freshDirectory();
    expect(npiTypes(directory)('1003502188')).toBeUndefined();
    const table =
      '"NPI","Entity Type Code","Replacement NPI"\n"1003502188","1",""\n2011454909,2,\n1005957075,,\n123,1,\n';
    expect(await loadNpiTypes(directory, openSource(file(table, 'npidata.csv')))).toMatchObject({
      source: 'npidata.csv',
      persons: 1,
      organizations: 1,
    });
    const typeOf = npiTypes(directory);
    expect(['1003502188', '2011454909', '1005957075', '123', '1018231526'].map(typeOf)).toEqual([
      1,
      2,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each(['a,b\n1,2\n', '', 'NPI,Entity Type Code\nx,y\n'])(
    'is refused when it is none: %j',
    async (text) => {
      const directory = await freshDirectory();
      const source = { name: 'x.csv', chunks: () => [Buffer.from(text)] };
      await expect(loadNpiTypes(directory, source)).rejects.toThrow(/x\.csv/);
      expect(npiTable(directory)).toBeUndefined();
    },
  );
});

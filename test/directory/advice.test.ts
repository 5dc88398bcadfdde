import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { visibleRows, visibleTo } from '../../src/directory/access.ts';
import { adviceFor } from '../../src/directory/advice.ts';
import { choose } from '../../src/directory/choices.ts';
import type { Directory } from '../../src/directory/directory.ts';
import { isNpi } from '../../src/directory/npi.ts';
import type { DirectoryRecord } from '../../src/directory/record.ts';
import { type SearchOptions, search } from '../../src/directory/search.ts';
import { freshDirectory, some, take, written } from './fixture.ts';

let directory: Directory;
const [first, second] = some(20).filter(({ PROV_LAST_NAME }) => PROV_LAST_NAME !== '') as [
  DirectoryRecord,
  DirectoryRecord,
];
const PUBLIC = (): SearchOptions => {
  const reader = { kind: 'public', peer: '192.0.2.1' } as const;
  return { allowed: visibleTo(directory, reader), where: visibleRows(directory, reader) };
};

beforeAll(async () => {
  directory = await freshDirectory();
  const named = (record: DirectoryRecord, PROV_LAST_NAME: string, ORG_UID: string) => ({
    ...record,
    PROV_LAST_NAME,
    ORG_UID,
  });
  await take(
    directory,
    written('ndjson', [named(first, 'Lindqvist', 'seen'), named(second, 'Halvorsen', 'hidden')]),
  );
  choose(directory, { subject: 'organization', key: 'acme/seen', choice: 'public', by: 't', reason: '' });
});

describe('a search that finds nothing', () => {
  it.each([
    ['1234567890', [{ kind: 'npi-check-digit', npi: '1234567890', right: '1234567893' }]],
    ['3234567890', [{ kind: 'npi-first-digit', npi: '3234567890' }]],
    ['123-456-789', [{ kind: 'npi-length', digits: 9 }]],
    ['1234567893', [{ kind: 'npi-unknown', npi: '1234567893' }]],
    ['mailto:No.Body@D.example', [{ kind: 'address', address: 'no.body@d.example' }]],
    ['no body@d', [{ kind: 'malformed-address', text: 'no body@d' }]],
    ['d.example', [{ kind: 'domain', domain: 'd.example' }]],
    ['Lindquist', [{ kind: 'spelling', text: 'lindqvist' }]],
    ['zzzz', []],
    ['', []],
  ])('%s is told %j', (text, expected) => {
    expect(adviceFor(directory, text, {})).toEqual(expected);
  });

  it('is told when the filters are the reason', () => {
    const state = first.ORG_STATE === 'OH' ? 'CA' : 'OH';
    expect(search(directory, 'lindqvist', { state }).hits).toEqual([]);
    expect(adviceFor(directory, 'lindqvist', { state })).toEqual([{ kind: 'filters' }]);
  });

  it('hears of no word that the reader may not see', () => {
    expect(adviceFor(directory, 'Lindquist', PUBLIC())).toEqual([{ kind: 'spelling', text: 'lindqvist' }]);
    expect(adviceFor(directory, 'Halvorsan', {})).toEqual([{ kind: 'spelling', text: 'halvorsen' }]);
    expect(adviceFor(directory, 'Halvorsan', PUBLIC())).toEqual([]);
  });

  it('gets an answer whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        search(directory, text, { verified: true, limit: 5 });
        for (const one of adviceFor(directory, text, { state: 'OH' })) {
          if (one.kind === 'npi-check-digit') expect(isNpi(one.right)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a search by what was verified', () => {
  it('looks past what the reader may not see', async () => {
    const large = await freshDirectory();
    const many = some(1200).map((record) => ({ ...record, ORG_CITY: 'Samecity' }));
    await take(large, written('ndjson', many));
    const last = many.at(-1)!;
    choose(large, { subject: 'address', key: last.DIRECT_ADDRESS, choice: 'public', by: 't', reason: '' });
    const reader = { kind: 'public', peer: '192.0.2.1' } as const;
    const found = search(large, 'samecity', {
      allowed: visibleTo(large, reader),
      where: visibleRows(large, reader),
    });
    expect(found.hits.map(({ entry }) => entry.record.DIRECT_ADDRESS)).toEqual([last.DIRECT_ADDRESS]);
    expect(search(large, 'samecity', { verified: true }).hits).toEqual([]);
    expect(search(large, 'samecity', { verified: false }).hits).toHaveLength(25);
  });
});

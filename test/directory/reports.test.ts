import { describe, expect, it } from 'vitest';
import { checkArchive, collectExamples } from '../../src/directory/check/archive.ts';
import { checkHtml } from '../../src/directory/check/html.ts';
import { runChecks } from '../../src/directory/check/run.ts';
import { recordFacts } from '../../src/directory/check/verify.ts';
import { entries } from '../../src/directory/entries.ts';
import { countsBy, REPORTS } from '../../src/directory/reports.ts';
import { freshDirectory, some, TODAY, take, written } from './fixture.ts';

describe('counts', () => {
  it('come to all entries, however they are grouped', async () => {
    const directory = await freshDirectory();
    const records = some(50);
    await take(directory, written('ndjson', records));
    const [one, two] = [...entries(directory)];
    recordFacts(directory, one!.endpoint, { outcome: 'found', asked: '' });
    recordFacts(directory, two!.endpoint, { outcome: 'none', asked: '' });
    for (const by of REPORTS) {
      const report = await countsBy(directory, by);
      expect([by, report.entries]).toEqual([by, 50]);
      for (const column of by === 'age' ? [0, 1] : [0]) {
        expect(report.rows.reduce((sum, { counts }) => sum + counts[column]!, 0)).toBe(50);
      }
    }
    const hisps = await countsBy(directory, 'hisp');
    expect(hisps.columns).toEqual(['Entries', 'Verified', 'Failing', 'Never verified']);
    const sums = [0, 1, 2, 3].map((i) => hisps.rows.reduce((sum, { counts }) => sum + counts[i]!, 0));
    expect(sums).toEqual([50, 1, 1, 48]);
    const states = await countsBy(directory, 'state');
    for (const { name, counts } of states.rows) {
      expect(counts[0]).toBe(records.filter(({ ORG_STATE }) => ORG_STATE === name).length);
    }
  });

  it('by age tell how old the entries and their verifications are', async () => {
    const directory = await freshDirectory();
    const [record] = some(1);
    const aged = (LAST_UPDATED: string, ENDPOINT_VERIFIED_ON: string, i: number) => ({
      ...record!,
      DIRECT_ADDRESS: `a${i}@d.example`,
      LAST_UPDATED,
      ENDPOINT_VERIFIED_ON,
    });
    const dates = [
      [TODAY, TODAY],
      ['2026-11-01', ''],
      ['2025-01-01', '2026-08-01'],
    ] as const;
    await take(
      directory,
      written(
        'ndjson',
        dates.map(([updated, verified], i) => aged(updated, verified, i)),
      ),
    );
    const { rows } = await countsBy(directory, 'age');
    expect(Object.fromEntries(rows.map(({ name, counts }) => [name, counts]))).toEqual({
      'up to 7 days': [1, 1],
      '8 to 30 days': [1, 0],
      '31 to 90 days': [0, 0],
      '91 to 180 days': [0, 1],
      '181 to 365 days': [0, 0],
      'over a year': [1, 0],
      'no date': [0, 1],
    });
  });
});

describe('the report of the checks as HTML', () => {
  it('tells counts and reasons, and escapes what others wrote', async () => {
    const directory = await freshDirectory();
    const records = some(3).map((record, i) => ({ ...record, ORG_PHONE: `<b>${i}` }));
    await take(directory, written('ndjson', records));
    const examples = collectExamples();
    const report = await runChecks(directory, { codes: ['PHONE', 'STATE'], onFailure: examples.take });
    const html = checkHtml(report, examples.found);
    expect(html).toContain('3 entries, 0 without findings');
    expect(html).toContain("`ORG_PHONE` '&lt;b&gt;0'");
    expect(html).not.toContain('<b>');
    expect(examples.found.get('PHONE')).toHaveLength(3);
  });

  it('lies in the ZIP', async () => {
    const directory = await freshDirectory();
    await take(directory, written('ndjson', some(2)));
    let text = '';
    await checkArchive(directory, {}, (bytes) => {
      text += Buffer.from(bytes).toString('latin1');
    });
    expect(text).toContain('report.html');
  });
});

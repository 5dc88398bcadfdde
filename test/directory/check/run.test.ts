import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { checkArchive } from '../../../src/directory/check/archive.ts';
import { runChecks, trend } from '../../../src/directory/check/run.ts';
import { verifyAddresses } from '../../../src/directory/check/verify.ts';
import { choose } from '../../../src/directory/choices.ts';
import { publish, snapshots } from '../../../src/directory/snapshots.ts';
import { freshDirectory, some, take, written } from '../fixture.ts';

const failures = (report: { checks: readonly { code: string; failures: number }[] }) =>
  Object.fromEntries(
    report.checks.filter((check) => check.failures > 0).map((check) => [check.code, check.failures]),
  );

describe('a check', () => {
  it('counts exactly, by state and by HISP, with what discovery found', async () => {
    const directory = await freshDirectory();
    const records = some(1000).map((record, i) =>
      i % 10 === 0 ? { ...record, LAST_UPDATED: '2020-01-01' } : record,
    );
    await take(directory, written('csv', records));
    let asked = 0;
    const lookup = async (address: string) => {
      asked += 1;
      return address.startsWith('re')
        ? { outcome: 'none' as const, asked: `CERT ${address}` }
        : { outcome: 'found' as const, asked: '', policies: ['1.3.6.1.4.1.41179.2.1'] };
    };
    const none = records.filter(({ DIRECT_ADDRESS }) => DIRECT_ADDRESS.startsWith('re')).length;
    let batches = 0;
    const half = await verifyAddresses(directory, lookup, { stopped: () => ++batches > 500 });
    expect(half.asked).toBe(500);
    const rest = await verifyAddresses(directory, lookup);
    expect(rest).toMatchObject({ asked: 500, cached: 500 });
    expect(asked).toBe(1000);

    const report = await runChecks(directory, { by: 'hisp' });
    expect(failures(report)).toEqual({ STALE: 100, MISSCERT: none, ENDPTVER: none });
    expect(report.groups.reduce((sum, group) => sum + group.entries, 0)).toBe(1000);
    expect(report.undiscovered).toBe(0);

    const pieces: Uint8Array[] = [];
    await checkArchive(directory, { codes: ['STALE', 'PHONE'] }, (bytes) => pieces.push(bytes));
    const files = unzipSync(Buffer.concat(pieces));
    const csv = Object.entries(files).filter(([name]) => name.endsWith('.csv'));
    expect(csv.every(([name]) => /^[A-Z]{2}\/directory-2026-11-20-STALE\.csv$/.test(name))).toBe(true);
    const rows = csv.flatMap(([, bytes]) => Buffer.from(bytes).toString().trim().split('\r\n').slice(1));
    expect(rows).toHaveLength(100);
    expect(rows[0]).toMatch(
      /`LAST_UPDATED` '2020-01-01': updated \d+ days ago; expected at most 365 days\.$/,
    );
  });

  it('compares two publications, and withholds what was chosen', async () => {
    const directory = await freshDirectory();
    await take(directory, written('csv', some(80)));
    choose(directory, {
      subject: 'address',
      key: some(80)[3]!.DIRECT_ADDRESS,
      choice: 'never',
      by: 'op',
      reason: 'asked',
    });
    const first = await publish(directory, '2026-11-19');
    expect(first.manifest).toMatchObject({ entries: 79, withheld: 1, added: 80, removed: 0 });
    await take(
      directory,
      written(
        'csv',
        some(80).map((record, i) => (i < 5 ? { ...record, PROV_NPI: '1234567890' } : record)),
      ),
    );
    await publish(directory, '2026-11-20');
    await expect(publish(directory, '2026-11-20')).rejects.toMatchObject({ code: 'state' });
    expect(snapshots(directory).map(({ day }) => day)).toEqual(['2026-11-20', '2026-11-19']);
    const lines = await trend(directory, '2026-11-19', '2026-11-20', { codes: ['NPI', 'STATE'] });
    expect(lines).toEqual([
      { code: 'NPI', before: 0, after: 5 },
      { code: 'STATE', before: 0, after: 0 },
    ]);
  });
});

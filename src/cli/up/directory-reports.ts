import type { DirectoryDesk } from '../../../web/directory-room.ts';
import { trend } from '../../directory/check/run.ts';
import type { Directory } from '../../directory/directory.ts';
import { countsBy } from '../../directory/reports.ts';
import { changesSince, snapshot, snapshots } from '../../directory/snapshots.ts';

/** Entries up to which the checks of two publications are run while the page waits. */
const CHECKED = 20_000;

/** Counts, and what changed between two publications. */
export const directoryReports = (directory: Directory): Pick<DirectoryDesk, 'reports'> => ({
  async reports(by, days) {
    const { columns, rows, entries } = await countsBy(directory, by);
    return {
      counts: { by, total: entries, columns, rows },
      days: snapshots(directory).map(({ day }) => day),
      ...(days ? { trend: await trendOf(directory, days.before, days.after) } : {}),
    };
  },
});

async function trendOf(directory: Directory, from: string, to: string) {
  const [before, after] = from <= to ? [from, to] : [to, from];
  const [first, second] = [snapshot(directory, before), snapshot(directory, after)];
  const names = [...new Set([...Object.keys(first.manifest.hisps), ...Object.keys(second.manifest.hisps)])];
  const most = Math.max(first.manifest.entries, second.manifest.entries);
  return {
    before,
    after,
    entries: [first.manifest.entries, second.manifest.entries] as const,
    lines: most > CHECKED ? [] : await trend(directory, before, after),
    hisps: names.toSorted().map((name) => ({
      name,
      before: first.manifest.hisps[name] ?? 0,
      after: second.manifest.hisps[name] ?? 0,
    })),
    ...changesSince(directory, first.revision, second.revision),
  };
}

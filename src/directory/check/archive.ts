/**
 * The report as a ZIP: a CSV for each check that found something, one row an entry, the reason in the last column.
 *
 * @module
 */
import { strToU8, Zip, ZipDeflate } from 'fflate';
import { openScratch } from '../../store/handle.ts';
import type { Directory } from '../directory.ts';
import { COLUMNS } from '../record.ts';
import { csvLine, inert } from '../write/csv-text.ts';
import { type CheckExample, checkHtml } from './html.ts';
import { type CheckOptions, type CheckReport, type Failure, runChecks } from './run.ts';

/** Rows of a file; more go into numbered ones. */
const SEGMENT = 50_000;

/**
 * Runs the checks and writes the ZIP. Files lie in a folder for each group and are called
 * `directory-YYYY-MM-DD-CODE.csv`, or `directory-YYYY-MM-DD-2-CODE.csv` and so on; `report.json` holds the counts, and
 * `report.html` is for people.
 */
export async function checkArchive(
  directory: Directory,
  options: CheckOptions,
  write: (bytes: Uint8Array) => void,
): Promise<CheckReport> {
  const scratch = openScratch();
  const examples = collectExamples();
  try {
    scratch.exec('create table failure (place text, code text, n integer, line text)');
    const keep = scratch.prepare('insert into failure values (?, ?, ?, ?)');
    const report = await runChecks(directory, {
      ...options,
      onFailure: (failure) => {
        const { group, code, reason, entry } = failure;
        const values = [...COLUMNS.map((column) => entry.record[column]), reason];
        keep.run(group, code, entry.n, csvLine(values.map(inert)));
        examples.take(failure);
        options.onFailure?.(failure);
      },
    });
    const zip = new Zip((error, data) => {
      if (error) throw error;
      write(data);
    });
    const mtime = new Date(Date.parse(`${report.day}T00:00:00Z`));
    const file = (name: string): ZipDeflate => {
      const made = new ZipDeflate(name, { level: 6 });
      made.mtime = mtime;
      zip.add(made);
      return made;
    };
    file('report.html').push(strToU8(checkHtml(report, examples.found)), true);
    file('report.json').push(strToU8(JSON.stringify(report, null, 2)), true);
    const parts = scratch.prepare('select place, code, count(*) as count from failure group by place, code');
    const rows = scratch.prepare(
      'select line from failure where place = ? and code = ? order by n limit ? offset ?',
    );
    scratch.exec('create index failure_by on failure (place, code, n)');
    for (const part of parts.all()) {
      const [place, code, count] = [String(part['place']), String(part['code']), Number(part['count'])];
      for (let from = 0; from < count; from += SEGMENT) {
        const segment = count > SEGMENT ? `-${from / SEGMENT + 1}` : '';
        const out = file(`${folderOf(place)}/directory-${report.day}${segment}-${code}.csv`);
        out.push(strToU8(csvLine([...COLUMNS, 'CHECK_FAIL_REASON'])));
        for (const row of rows.all(place, code, SEGMENT, from)) out.push(strToU8(String(row['line'])));
        out.push(new Uint8Array(0), true);
      }
    }
    zip.end();
    return report;
  } finally {
    scratch.close();
  }
}

const folderOf = (group: string): string => group.replaceAll(/[^A-Za-z0-9 -]+/g, '-').slice(0, 80);

const EXAMPLES = 20;

/** The first failures of each check. */
export function collectExamples(): {
  readonly found: ReadonlyMap<string, readonly CheckExample[]>;
  take(failure: Failure): void;
} {
  const found = new Map<string, CheckExample[]>();
  return {
    found,
    take({ code, group, reason, entry }) {
      const list = found.get(code) ?? [];
      found.set(code, list);
      if (list.length < EXAMPLES) list.push({ address: entry.record.DIRECT_ADDRESS, group, reason });
    },
  };
}

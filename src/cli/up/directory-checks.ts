/**
 * Runs of the compliance checks that were started from the pages: one at a time, each kept in the state folder with its
 * ZIP until there are too many.
 *
 * @module
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { DirectoryDesk } from '../../../web/directory-room.ts';
import type { CheckReportView, CheckRunView } from '../../../web/directory-views.ts';
import { dayText, momentText } from '../../../web/present/directory.ts';
import { checkArchive, collectExamples } from '../../directory/check/archive.ts';
import { COMPLIANCE_RULES } from '../../directory/check/index.ts';
import { countEntries } from '../../directory/entries.ts';
import { npiTable } from '../../directory/npi-types.ts';
import { snapshot, snapshots } from '../../directory/snapshots.ts';
import type { NetworkDirectory } from './directory.ts';

const KEPT = 20;

const kept = z.object({
  at: z.number(),
  by: z.enum(['state', 'hisp']),
  day: z.string(),
  entries: z.number(),
  clean: z.number(),
  undiscovered: z.number(),
  checks: z.array(z.object({ code: z.string(), category: z.string(), failures: z.number() })),
  groups: z.array(
    z.object({ group: z.string(), entries: z.number(), failures: z.record(z.string(), z.number()) }),
  ),
  examples: z.record(
    z.string(),
    z.array(z.object({ address: z.string(), group: z.string(), reason: z.string() })),
  ),
});

type Kept = z.output<typeof kept>;

interface Running {
  readonly id: string;
  readonly at: number;
  readonly title: string;
  readonly total: number;
  done: number;
  failed?: string;
}

const ID = /^\d{13}$/;

export function checkRuns(
  book: NetworkDirectory,
): Pick<DirectoryDesk, 'checks' | 'startChecks' | 'report' | 'archive'> {
  const { directory } = book;
  const folder = join(book.folder, 'checks');
  const path = (id: string, kind: 'json' | 'zip') => join(folder, `${id}.${kind}`);
  const going = new Map<string, Running>();
  let last: Promise<void> = Promise.resolve();
  const read = (id: string): Kept | undefined =>
    ID.test(id) && existsSync(path(id, 'json'))
      ? kept.parse(JSON.parse(readFileSync(path(id, 'json'), 'utf8')))
      : undefined;
  const ids = (): string[] =>
    existsSync(folder)
      ? readdirSync(folder)
          .flatMap((name) => (/^\d{13}\.json$/.test(name) ? [name.slice(0, 13)] : []))
          .toSorted()
          .reverse()
      : [];
  const run = async (one: Running, options: Parameters<DirectoryDesk['startChecks']>[0]): Promise<void> => {
    const examples = collectExamples();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const out = openSync(path(one.id, 'zip'), 'w', 0o600);
    try {
      const report = await checkArchive(
        directory,
        {
          by: options.by,
          ...(options.codes.length > 0 ? { codes: options.codes } : {}),
          ...(options.day ? { day: options.day } : {}),
          onProgress: (entries) => {
            one.done = entries;
          },
          onFailure: examples.take,
        },
        (bytes) => void writeSync(out, bytes),
      );
      const { by, day, entries, clean, undiscovered, checks, groups } = report;
      const whole = {
        at: one.at,
        by,
        day,
        entries,
        clean,
        undiscovered,
        checks,
        groups,
        examples: Object.fromEntries(examples.found),
      };
      writeFileSync(path(one.id, 'json'), JSON.stringify(whole), { mode: 0o600 });
      going.delete(one.id);
    } finally {
      closeSync(out);
    }
    for (const old of ids().slice(KEPT)) {
      rmSync(path(old, 'json'), { force: true });
      rmSync(path(old, 'zip'), { force: true });
    }
  };

  return {
    checks() {
      const table = npiTable(directory);
      return {
        checks: COMPLIANCE_RULES.map(({ code, category, title }) => ({ code, category, title })),
        days: snapshots(directory).map(({ day }) => day),
        ...(table
          ? {
              npiTable: `${table.source}, loaded ${dayText(table.loadedAt)}: ${table.persons.toLocaleString('en-US')} persons, ${table.organizations.toLocaleString('en-US')} organizations`,
            }
          : {}),
        runs: [
          ...[...going.values()].map(goingView).reverse(),
          ...ids().flatMap((id) => {
            const one = read(id);
            return one ? [headView(id, one)] : [];
          }),
        ],
      };
    },
    startChecks(options) {
      // thrown here rather than in the background
      const revision = options.day ? snapshot(directory, options.day).revision : undefined;
      let at = directory.host.now();
      while (going.has(String(at)) || ids().includes(String(at))) at += 1;
      const id = String(Math.floor(at));
      const one: Running = {
        id,
        at,
        title: `${options.day ?? dayText(at)}, by ${options.by === 'hisp' ? 'HISP' : 'state'}`,
        total: countEntries(directory, ...(revision === undefined ? [] : [revision])),
        done: 0,
      };
      going.set(id, one);
      // one run after the other; contributions go on beside it, because a publication does not change
      last = last
        .then(() => run(one, options))
        .catch((error: Error) => {
          one.failed = error.message;
        });
      return id;
    },
    report(id) {
      const now = going.get(id);
      if (now) {
        const head = { by: '', summary: '', codes: [], groups: [], columns: [], examples: [] };
        return { ...goingView(now), ...head };
      }
      const one = read(id);
      return one && reportView(id, one);
    },
    archive(id) {
      const one = read(id);
      if (!one || !existsSync(path(id, 'zip'))) return undefined;
      return { name: `directory-checks-${one.day}.zip`, bytes: readFileSync(path(id, 'zip')) };
    },
  };
}

const goingView = ({ id, at, title, total, done, failed }: Running): CheckRunView => ({
  id,
  at: momentText(at),
  title,
  ...(failed === undefined
    ? { state: { tone: 'busy' as const, text: `${done} of ${total}` }, part: total === 0 ? 0 : done / total }
    : { state: { tone: 'bad' as const, text: 'failed', detail: failed } }),
});

function headView(id: string, { at, day, by, entries, clean }: Kept): CheckRunView {
  const wrong = entries - clean;
  return {
    id,
    at: momentText(at),
    title: `${day}, by ${by === 'hisp' ? 'HISP' : 'state'}`,
    state: wrong === 0 ? { tone: 'good', text: 'clean' } : { tone: 'warn', text: `${wrong} with findings` },
  };
}

function reportView(id: string, one: Kept): CheckReportView {
  const titles = new Map(COMPLIANCE_RULES.map(({ code, title }) => [code, title]));
  const columns = one.checks.filter(({ failures }) => failures > 0).map(({ code }) => code);
  const titleOf = (code: string): string => titles.get(code) ?? '';
  return {
    ...headView(id, one),
    by: one.by === 'hisp' ? 'HISP' : 'State',
    summary: `${one.entries.toLocaleString('en-US')} entries, ${one.clean.toLocaleString('en-US')} without findings${
      one.undiscovered > 0
        ? `; the certificate checks say nothing of ${one.undiscovered.toLocaleString('en-US')} that discovery was not asked about`
        : ''
    }.`,
    codes: one.checks.map((check) => ({ ...check, title: titleOf(check.code) })),
    columns,
    groups: one.groups.map(({ group, entries, failures }) => ({
      group,
      entries,
      failures: columns.map((code) => failures[code] ?? 0),
    })),
    examples: columns.map((code) => ({
      code,
      title: titleOf(code),
      failures: one.checks.find((check) => check.code === code)!.failures,
      rows: one.examples[code] ?? [],
    })),
  };
}

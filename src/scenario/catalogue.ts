/**
 * The scenarios that are there: read once, in catalogue order, selected by id, group or suite.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { nearest } from '../outcome/nearest.ts';
import { readScenarioFile, ScenarioFileError, type ScenarioProblem } from './file.ts';
import type { Scenario } from './schema.ts';

export interface Entry {
  readonly file: string;
  readonly variant: string | undefined;
  readonly scenario: Scenario;
}

/** `d5`, or `XD-02 other-address`. */
export const entryName = (entry: Pick<Entry, 'variant' | 'scenario'>): string =>
  entry.variant ? `${entry.scenario.id} ${entry.variant}` : entry.scenario.id;

export const scenariosFolder = join(import.meta.dirname, '..', '..', 'scenarios');

/**
 * Every scenario below `folder`.
 *
 * @throws {ScenarioFileError} with the problems of all files
 */
export function readCatalogue(folder: string = scenariosFolder): Entry[] {
  const problems: ScenarioProblem[] = [];
  const entries: Entry[] = [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yaml'),
  );
  for (const name of files) {
    try {
      entries.push(...readEntries(join(folder, name)));
    } catch (error) {
      if (!(error instanceof ScenarioFileError)) throw error;
      problems.push(...error.problems);
    }
  }
  const first = new Map<string, string>();
  for (const entry of entries) {
    const other = first.get(entry.scenario.id) ?? entry.file;
    first.set(entry.scenario.id, other);
    if (other !== entry.file) {
      problems.push({
        file: entry.file,
        line: 1,
        column: 1,
        message: `id "${entry.scenario.id}" is also in ${other}`,
      });
    }
  }
  if (problems.length > 0) throw new ScenarioFileError(problems);
  return entries.toSorted(catalogueOrder);
}

const SUITES = [
  'discovery',
  'hosting',
  'receive',
  'send',
  'edges',
  'notification',
  'trust',
  'bundles',
  'drills',
];

/**
 * The scenario of one file, with its variants.
 *
 * @throws {ScenarioFileError} also when the file cannot be read
 */
export function readEntries(path: string): Entry[] {
  const file = relative(process.cwd(), path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ScenarioFileError([{ file, line: 1, column: 1, message: (error as Error).message }]);
  }
  return readScenarioFile(text, file).map((found) => ({ file, ...found }));
}

/** By suite, then by family (d, then XD, XL), then by number, then by what follows the number. */
function catalogueOrder(a: Entry, b: Entry): number {
  const key = (entry: Entry) => /^(\D*)(\d*)(.*)$/.exec(entry.scenario.id)!;
  const [x, y] = [key(a), key(b)];
  return (
    SUITES.indexOf(a.scenario.suite) - SUITES.indexOf(b.scenario.suite) ||
    familyRank(x[1]!) - familyRank(y[1]!) ||
    Number(x[1]! > y[1]!) - Number(x[1]! < y[1]!) ||
    Number(isWhole(a)) - Number(isWhole(b)) ||
    Number(x[2]) - Number(y[2]) ||
    Number(x[3]! > y[3]!) - Number(x[3]! < y[3]!)
  );
}

/** The public tools' own cases come before those beyond them. */
const familyRank = (family: string): number => (family.startsWith('X') ? 1 : 0);

/** Makes the checks of other scenarios its own, all in one message. */
const isWhole = ({ scenario }: Entry): boolean => (scenario.include?.checks.length ?? 0) > 0;

/** Names no scenario. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}

/**
 * The entries that any selector names: a suite, a group, an id, an id and variant (`XD-02/other-address`), or the
 * beginning of ids with `*` (`XD-*`). No selector selects all.
 *
 * @throws {SelectionError} for a selector that names nothing
 */
export function select(entries: readonly Entry[], selectors: readonly string[]): Entry[] {
  if (selectors.length === 0) return [...entries];
  const chosen = new Set<Entry>();
  for (const selector of selectors) {
    const found = entries.filter((entry) => namesEntry(selector.toLowerCase(), entry));
    if (found.length === 0) {
      const known = new Set(entries.flatMap(({ scenario }) => [scenario.suite, scenario.group, scenario.id]));
      const guess = nearest(selector, known);
      throw new SelectionError(
        `no scenario, group or suite is named "${selector}"${guess ? `; did you mean "${guess}"?` : ''} (run --list shows all)`,
      );
    }
    for (const entry of found) chosen.add(entry);
  }
  return entries.filter((entry) => chosen.has(entry));
}

function namesEntry(selector: string, { scenario, variant }: Entry): boolean {
  const id = scenario.id.toLowerCase();
  if (selector.endsWith('*')) return id.startsWith(selector.slice(0, -1));
  return [scenario.suite, scenario.group.toLowerCase(), id, `${id}/${variant?.toLowerCase()}`].includes(
    selector,
  );
}

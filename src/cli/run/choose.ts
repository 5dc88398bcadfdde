/**
 * What selectors on a command line name of the catalogue of scenarios.
 *
 * @module
 */
import { resolve } from 'node:path';
import {
  type Entry,
  readCatalogue,
  readEntries,
  ScenarioFileError,
  SelectionError,
  select,
} from '../../scenario/index.ts';
import { Failure } from '../failure.ts';

/** The catalogue and what the selectors name of it, or of files of one's own; a fault of a file or a name is bad usage. */
export function choose(selectors: readonly string[]): { catalogue: Entry[]; chosen: Entry[] } {
  try {
    const catalogue = readCatalogue();
    const files = selectors.filter((selector) => /\.ya?ml$/.test(selector));
    const names = selectors.filter((selector) => !files.includes(selector));
    const own = files.flatMap((file) => readEntries(resolve(file)));
    const chosen = files.length > 0 && names.length === 0 ? [] : select(catalogue, names);
    return { catalogue: [...own, ...catalogue], chosen: [...own, ...chosen] };
  } catch (error) {
    if (error instanceof ScenarioFileError || error instanceof SelectionError) {
      throw new Failure(error.message, { exitCode: 2 });
    }
    throw error;
  }
}

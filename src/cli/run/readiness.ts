/**
 * The readiness report of a target, with the whole catalogue held against its profile.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCertificateText } from '../../pki/certificate.ts';
import {
  entryName,
  fitnesses,
  type Readiness,
  readCatalogue,
  readinessOf,
  select,
  type Target,
} from '../../scenario/index.ts';
import { OUTSIDE_SUITES } from './usual.ts';

export interface Wanted {
  readonly target: Target;
  readonly name: string;
  readonly version: string;
  /** ms since 1970. */
  readonly now: number;
  /** Folder of its saved runs. */
  readonly runs: string;
}

/** @throws {Error} a saved run cannot be read */
export function readinessOfTarget(wanted: Wanted): Readiness {
  const catalogue = readCatalogue();
  const usual = new Set(select(catalogue, OUTSIDE_SUITES).map(entryName));
  const candidates = fitnesses(catalogue, catalogue, wanted.target).map(({ entry, fitness }, index) => ({
    name: entry.replace(' ', '/'),
    suite: catalogue[index]!.scenario.suite,
    fitness,
    usual: usual.has(entry),
  }));
  const anchor = join(wanted.target.folder, 'anchor', 'authority.root.pem');
  return readinessOf({
    ...wanted,
    candidates,
    testbedAnchor: existsSync(anchor) ? parseCertificateText(readFileSync(anchor)) : undefined,
  });
}

import type { Entry } from '../../src/scenario/catalogue.ts';
import { entryName } from '../../src/scenario/catalogue.ts';

/** A check that no twin of its own scenario makes fail: nothing shows that it can. */
export interface Untested {
  readonly entry: string;
  readonly check: string;
  /** The verifier. */
  readonly that: string;
}

/** The checks that a scenario makes of its own, and no twin of it names. */
export const untestedChecks = (entries: readonly Entry[]): Untested[] =>
  entries.flatMap((entry) => {
    const { expect, twins } = entry.scenario;
    const failed = new Set(twins.flatMap(({ fails }) => fails));
    return expect
      .filter(({ check }) => !failed.has(check))
      .map(({ check, that }) => ({ entry: entryName(entry), check, that }));
  });

/** `certificates-used: 12`, most first. */
export function byVerifier(untested: readonly Untested[]): string[] {
  const groups = Map.groupBy(untested, ({ that }) => that);
  return [...groups]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([that, those]) => `${that}: ${those.length}`);
}

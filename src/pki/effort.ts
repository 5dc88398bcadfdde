/**
 * How much work the iteration counts of one foreign file may ask for, all together. A count is a number that the writer
 * of the file chooses, and the reader pays for.
 *
 * @module
 */
import { PkiError } from './error.ts';

export interface Effort {
  left: number;
}

/** About two seconds: ten million rounds of PBKDF2, or 1.2 million of the older derivation of PKCS #12. */
export const createEffort = (limit = 10_000_000): Effort => ({ left: limit });

/** Takes `rounds` times `cost` off what is left. @throws {PkiError} `limit` */
export function spend(effort: Effort, rounds: number, cost: number, what: string): void {
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new PkiError('structure', `${what}: an iteration count of ${rounds}`);
  effort.left -= rounds * cost;
  if (effort.left < 0)
    throw new PkiError('limit', `${what}: ${rounds} iterations are more work than one file may ask for`);
}

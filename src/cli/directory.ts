/**
 * `anchorage directory`: the address directory of a network.
 *
 * @module
 */
import type { Command } from 'commander';
import { accessCommands } from './directory/access.ts';
import { checkingCommands } from './directory/checking.ts';
import { contributionCommands } from './directory/contributions.ts';
import { readingCommands } from './directory/reading.ts';
import { servingCommands } from './directory/serving.ts';

export function define(command: Command): void {
  readingCommands(command);
  checkingCommands(command);
  contributionCommands(command);
  accessCommands(command);
  servingCommands(command);
}

/**
 * `anchorage hisp`: the members of the HISPs, who administers them, and their books.
 *
 * @module
 */
import type { Command } from 'commander';
import { bookCommands } from './hisp/books.ts';
import { accountCommands, addressCommands, domainCommands, organizationCommands } from './hisp/members.ts';
import { anchorCommands, keyCommands, publicationCommands, subscriptionCommands } from './hisp/trust.ts';

export function define(command: Command): void {
  organizationCommands(command);
  domainCommands(command);
  addressCommands(command);
  accountCommands(command);
  keyCommands(command);
  publicationCommands(command);
  anchorCommands(command);
  subscriptionCommands(command);
  bookCommands(command);
  command.addHelpText(
    'after',
    '\nWorks with the Anchorage that runs on the state folder, or on the folder itself when none does.',
  );
}

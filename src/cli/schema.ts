/**
 * `anchorage schema`: the JSON Schemas of what is read and printed.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { SCHEMAS, type SchemaName, schemaText } from '../scenario/published.ts';

export function define(command: Command): void {
  command
    .addOption(new Option('--of <name>', 'which').choices(Object.keys(SCHEMAS)).default('scenario'))
    .action(({ of }: { of: SchemaName }) => {
      process.stdout.write(schemaText(of));
    });
}

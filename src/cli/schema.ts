/**
 * `anchorage schema`: the JSON Schemas of what is read and printed, and the page of what a scenario can name.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { SCHEMAS, type SchemaName, schemaText } from '../scenario/published.ts';
import { referenceText } from '../scenario/reference.ts';

export function define(command: Command): void {
  command
    .addOption(
      new Option('--of <name>', 'which').choices([...Object.keys(SCHEMAS), 'reference']).default('scenario'),
    )
    .action(({ of }: { of: SchemaName | 'reference' }) => {
      process.stdout.write(of === 'reference' ? referenceText() : schemaText(of));
    });
}

/**
 * `anchorage config example` and `anchorage config check`.
 *
 * @module
 */
import type { Command } from 'commander';
import { exampleConfig } from '../config/example.ts';
import { DEFAULT_FILE, loadConfig } from '../config/load.ts';
import { addressesOf, loadNetwork } from '../config/network.ts';
import { out, style } from './terminal.ts';

export function define(command: Command): void {
  command
    .command('example')
    .description('print a configuration file with every key, its default and its meaning')
    .action(() => {
      process.stdout.write(exampleConfig());
    });
  command
    .command('check')
    .description('check a configuration file and the network that it names')
    .argument('[file]', 'the file', DEFAULT_FILE)
    .action((file: string) => {
      const config = loadConfig({ file });
      const network = loadNetwork(config.network.file);
      const counts = [
        `${Object.keys(network.hisps).length} HISPs`,
        `${network.organizations.length} organizations`,
        `${addressesOf(network).length} addresses`,
      ];
      out(`${style.good('✓')} ${file} is a valid configuration`);
      out(`  network: ${network.title} (${counts.join(', ')})`);
    });
}

/**
 * `anchorage zone build` and `anchorage zone check`.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { readZoneFolder } from '../dns/master/folder.ts';
import { printMaster } from '../dns/master/index.ts';
import type { Zone } from '../dns/zone.ts';
import { printLdif } from '../ldap/ldif.ts';
import { realHost } from '../net/real.ts';
import { directoryTree } from './demo/directory.ts';
import { openNetwork } from './demo/open.ts';
import { Failure } from './failure.ts';
import { withConfig } from './options.ts';
import { note, out, style } from './terminal.ts';
import { storedFaces } from './up/stored-faces.ts';

export function define(command: Command): void {
  withConfig(
    command
      .command('build')
      .description(
        'write what DNS and LDAP show: zones as master files, entries as LDIF, and configurations',
      ),
  )
    .option('-o, --out <folder>', 'where to write', 'zones-built')
    .action(async (options: { out: string; config?: string }) => {
      const config = loadConfig({ file: options.config });
      const { zones, content, problems } = await storedFaces(openNetwork(config, realHost().now()));
      write(resolve(options.out), zones);
      const entries = directoryTree(content).entries;
      writeFileSync(resolve(options.out, 'directory.ldif'), printLdif(entries));
      for (const problem of problems) note(style.bad(problem));
      const records = zones.reduce((sum, zone) => sum + zone.records.length, 0);
      out(
        `${style.good('✓')} ${zones.length} zones with ${records} records and ${entries.length} LDAP entries in ${options.out}`,
      );
      note(`  named-checkconf -z ${join(options.out, 'named.conf')}`);
      note(`  nsd-checkconf ${join(options.out, 'nsd.conf')}`);
    });
  command
    .command('check')
    .description('check every *.zone master file of a folder')
    .argument('<folder>')
    .action((folder: string) => {
      const { zones, errors } = readFolder(folder);
      for (const error of errors) out(style.bad(error));
      if (errors.length === 0) {
        out(
          `${style.good('✓')} ${zones.length} zones in ${folder}: ${zones.map((zone) => zone.origin).join(', ')}`,
        );
      }
      process.exitCode = errors.length === 0 ? 0 : 1;
    });
}

function readFolder(folder: string) {
  try {
    return readZoneFolder(folder);
  } catch (error) {
    throw new Failure(`${folder} cannot be read: ${(error as Error).message}`, { exitCode: 2 });
  }
}

function write(folder: string, zones: readonly Zone[]): void {
  mkdirSync(folder, { recursive: true });
  for (const zone of zones) writeFileSync(join(folder, `${zone.origin}.zone`), printMaster(zone));
  const named = zones.map(
    ({ origin }) => `zone "${origin}" { type master; file "${join(folder, `${origin}.zone`)}"; };\n`,
  );
  const nsd = zones.map(
    ({ origin }) => `zone:\n  name: "${origin}"\n  zonefile: "${join(folder, `${origin}.zone`)}"\n`,
  );
  writeFileSync(join(folder, 'named.conf'), named.join(''));
  writeFileSync(join(folder, 'nsd.conf'), nsd.join(''));
}

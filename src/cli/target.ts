/**
 * `anchorage target`: what a system outside needs before it can be put under test, and what will be tested.
 *
 * @module
 */
import type { Command } from 'commander';
import { writePem } from '../asn1/pem.ts';
import { realHost } from '../net/real.ts';
import { fitnesses, machineNamesOf, targetAnchor } from '../scenario/index.ts';
import { choose } from './run/choose.ts';
import { readTarget, STATE } from './run/target.ts';
import { OUTSIDE_SUITES } from './run/usual.ts';
import { columns, out, style } from './terminal.ts';

export function define(command: Command): void {
  command
    .command('anchor')
    .description('print the anchor of the testbed, which the system under test has to trust, as PEM')
    .argument('<profile>', 'profile of the system, YAML')
    .action((file: string) => {
      const target = readTarget(file, STATE);
      const anchor = targetAnchor(target, realHost({ name: 'target' }).now());
      process.stdout.write(writePem('CERTIFICATE', anchor.der));
    });
  command
    .command('check')
    .description('what the system has to be given first, and which scenarios can run against it')
    .argument('<profile>', 'profile of the system, YAML')
    .argument('[selector...]', 'as for run')
    .action((file: string, selectors: string[]) => {
      for (const line of preparation(file, selectors)) out(line);
    });
}

function preparation(file: string, selectors: readonly string[]): string[] {
  const target = readTarget(file, STATE);
  const { title, testbed, addresses, edges, waits } = target.profile;
  const { nameServer } = machineNamesOf(testbed.domain);
  const { catalogue, chosen } = choose(selectors.length > 0 ? selectors : OUTSIDE_SUITES);
  const rows = fitnesses(chosen, catalogue, target).map(({ entry, fitness }) => [
    fitness.kind === 'run' ? style.good('runs') : style.warn(fitness.kind === 'skip' ? 'skip' : 'n/a'),
    style.bold(entry.replace(' ', '/')),
    fitness.kind === 'run' ? '' : style.dim(fitness.reason),
  ]);
  const runs = rows.filter(([, , reason]) => reason === '').length;
  const port = (offset: number): string =>
    testbed.portBase === 0 ? `${offset}` : `${testbed.portBase + offset}, reached as port ${offset}`;
  return [
    style.bold(title),
    '',
    `1  The system has to trust the anchor of the testbed, for mail both ways:`,
    `     anchorage target anchor ${file} > testbed-anchor.pem`,
    `2  ${testbed.domain} is delegated to the machine of the testbed:`,
    `     ${testbed.domain}.  NS  ${nameServer}.`,
    `     ${nameServer}.  A  ${testbed.address}`,
    `3  ${testbed.address} is reached from the system: DNS at ${port(53)}; SMTP at ${port(25)};`,
    `   HTTP at ${testbed.portBase + 80} itself; LDAP at the ports that SRV records name.`,
    `4  Messages come from and go to addresses below ${testbed.domain}; the system’s own are`,
    `   ${addresses.sender ?? 'no sender'} and ${addresses.receiver ?? 'no receiver'}.`,
    ...(edges.submission
      ? []
      : [
          `5  Without edges.submission you send by hand: the run says what, and waits ${waits.tester} for it.`,
        ]),
    '',
    `${runs} of ${rows.length} scenarios can run, with: anchorage run --target ${file}`,
    ...columns(rows.map((cells) => cells.map((cell) => cell))).map((line) => `  ${line.trimEnd()}`),
  ];
}

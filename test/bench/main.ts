/**
 * `npm run bench [-- dns ldap smime path hisp directory]`: figures as ratios to a peer or a limit in the same run.
 *
 * @module
 */
import { cpus } from 'node:os';

const BENCHES: Readonly<Record<string, () => Promise<(print: (line: string) => void) => Promise<void>>>> = {
  dns: async () => (await import('./dns.ts')).benchDns,
  ldap: async () => (await import('./ldap.ts')).benchLdap,
  smime: async () => (await import('./smime.ts')).benchSmime,
  path: async () => (await import('./path.ts')).benchPath,
  hisp: async () => (await import('./hisp.ts')).benchHisp,
  directory: async () => (await import('./directory.ts')).benchDirectory,
};

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  process.stderr.write(
    `bench: there is no bench "${unknown}"; there are ${Object.keys(BENCHES).join(', ')}\n`,
  );
  process.exit(2);
}
print(`${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}`);
print('Single short runs on a machine that also generates the load: differences under 15 % are noise.');
for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHES)) {
  print(`\n== ${name}`);
  const bench = await BENCHES[name]!();
  await bench(print);
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MemoryTree } from '../../src/ldap/entries.ts';
import { printLdif } from '../../src/ldap/ldif.ts';
import type { Addr } from '../../src/net/host.ts';
import { peer } from './peers.ts';

export interface Slapd {
  readonly addr: Addr;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A slapd with the tree in its own database, from our LDIF; undefined where it is not installed. */
export async function startSlapd(tree: MemoryTree): Promise<Slapd | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-slapd-'));
  const loads = tree.namingContexts.map((suffix, index) => {
    const ldif = join(folder, `${index}.ldif`);
    const below = tree.entries.filter(({ dn }) => dn === suffix || dn.endsWith(`,${suffix}`));
    writeFileSync(ldif, printLdif(below));
    return { suffix, ldif };
  });
  return startSlapdWith(loads, folder);
}

export interface SlapdLoad {
  readonly suffix: string;
  /** File to load. */
  readonly ldif: string;
  /** Largest database, in octets. Default 256 MiB. */
  readonly size?: number;
}

/** A slapd with its standard schemas and these databases; undefined where it is not installed. */
export async function startSlapdWith(
  loads: readonly SlapdLoad[],
  folder = mkdtempSync(join(tmpdir(), 'anchorage-slapd-')),
): Promise<Slapd | undefined> {
  const [slapd, slapadd] = [peer('slapd'), peer('slapadd')];
  if (!slapd || !slapadd) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const configuration = join(folder, 'slapd.conf');
  writeFileSync(configuration, configure(folder, loads));
  loads.forEach(({ ldif }, index) => {
    execFileSync(slapadd, ['-q', '-f', configuration, '-n', String(index + 1), '-l', ldif]);
  });
  const addr = { host: '127.0.0.1', port: await freePort() };
  const process = spawn(slapd, ['-d', '0', '-f', configuration, '-h', `ldap://127.0.0.1:${addr.port}`], {
    stdio: 'ignore',
  });
  await reachable(addr, process);
  return {
    addr,
    pid: process.pid!,
    async stop() {
      const exit = new Promise((resolve) => process.once('exit', resolve));
      process.kill();
      await exit;
      rmSync(folder, { recursive: true });
    },
  };
}

function configure(folder: string, loads: readonly SlapdLoad[]): string {
  const databases = loads.map(({ suffix, size = 268_435_456 }, index) => {
    const directory = join(folder, `db${index}`);
    mkdirSync(directory);
    return `database mdb\nsuffix "${suffix}"\ndirectory ${directory}\nmaxsize ${size}\nindex objectClass,mail eq\n`;
  });
  const schema = ['core', 'cosine', 'inetorgperson'].map(
    (name) => `include /etc/ldap/schema/${name}.schema\n`,
  );
  return `${schema.join('')}modulepath /usr/lib/ldap\nmoduleload back_mdb\npidfile ${folder}/pid\nloglevel 0\n${databases.join('')}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function reachable(addr: Addr, process: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100 && process.exitCode === null; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(addr.port, addr.host, () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`slapd does not answer on port ${addr.port} (exit code ${process.exitCode})`);
}

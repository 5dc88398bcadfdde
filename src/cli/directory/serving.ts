/**
 * `anchorage directory serve, host, withdraw`: a large directory on its own, over LDAP, DNS, FHIR and HTTP.
 *
 * @module
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { directoryApp } from '../../../web/directory/app.ts';
import { openDoor } from '../../../web/directory/door.ts';
import { readPem } from '../../asn1/pem.ts';
import { loadConfig } from '../../config/load.ts';
import type { Directory } from '../../directory/directory.ts';
import { type HostedRecords, hostRecords, recordsOf, withdraw } from '../../directory/hosting/host.ts';
import { hostedZones } from '../../directory/hosting/zones.ts';
import { createAuthority } from '../../dns/answer.ts';
import { serveDns } from '../../dns/server.ts';
import { type Addr, formatAddr, type Host } from '../../net/host.ts';
import { realHost } from '../../net/real.ts';
import { edgeTls } from '../demo/edge-tls.ts';
import { openState } from '../demo/state.ts';
import { Failure } from '../failure.ts';
import { note, out, style } from '../terminal.ts';
import { startDirectoryLdap } from '../up/directory-ldap.ts';
import { listening } from '../up/listening.ts';
import { apiToken } from '../up/running.ts';
import { serveWeb } from '../up/web.ts';
import { version } from '../version.ts';
import { atDirectory, type DirectoryOptions, sub } from './command.ts';

interface HostOptions extends DirectoryOptions {
  readonly server: string;
  readonly exchange?: string;
}

export function servingCommands(command: Command): void {
  sub(
    command,
    'serve',
    'answer over LDAP, FHIR and HTTP for HISPs with a key, and over DNS for hosted certificates',
  ).action((options: DirectoryOptions) => atDirectory(options, (directory) => serve(directory, options)));
  const hosting = (usage: string, summary: string): Command =>
    sub(command, usage, summary)
      .requiredOption('--server <name>', 'host name of the name server of the zones')
      .option('--exchange <name>', 'host name of their mail exchanger');
  hosting('host <files...>', 'show certificates in DNS: PEM or DER files, or folders of them').action(
    (files: string[], options: HostOptions) =>
      atDirectory(options, async (directory) => {
        const { owners, refused } = await hostRecords(directory, recordsIn(files), options);
        for (const owner of refused) note(style.warn(`${owner} cannot stand in DNS`));
        if (options.format === 'json') out(JSON.stringify({ owners, refused }));
        else out(`certificates of ${owners} addresses and domains are shown`);
        if (owners === 0) throw new Failure('no certificate was taken', { exitCode: 1 });
      }),
  );
  hosting('withdraw <owner>', 'take the certificates of an address or domain out of DNS').action(
    (owner: string, options: HostOptions) =>
      atDirectory(options, (directory) => {
        if (!withdraw(directory, owner, options)) {
          throw new Failure(`no certificate of ${owner} is shown`, { exitCode: 1 });
        }
        out(`${owner} is no longer shown`);
      }),
  );
}

/** Until it is told to stop. */
async function serve(directory: Directory, options: DirectoryOptions): Promise<void> {
  const config = loadConfig({ file: options.config });
  const state = openState(config.state);
  const host = realHost({ name: 'directory' });
  const running = await startServing(host, directory, {
    at: (port) => ({ host: config.listen.host, port }),
    ports: config.listen,
    tls: edgeTls(state, 'directory', ['directory.localhost', 'localhost'], host.now()),
    token: apiToken(state),
    tell: note,
  });
  out(`LDAP  ${formatAddr(running.ldap)} (StartTLS)`);
  out(`LDAPS ${formatAddr(running.secure)}`);
  out(`DNS   ${formatAddr(running.dns)}`);
  out(`HTTP  ${formatAddr(running.http)} (/fhir, /api/directory/v1)`);
  out(style.dim('Stop with Ctrl-C.'));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await running.stop();
}

export interface ServingOptions {
  readonly at: (port: number) => Addr;
  readonly ports: {
    readonly dns: number;
    readonly directory: number;
    readonly directorys: number;
    readonly web: number;
  };
  readonly tls: { readonly key: unknown; readonly cert: unknown };
  /** What programs on this machine show over HTTP: they are operators. */
  readonly token: string;
  readonly tell: (line: string) => void;
}

export interface Serving {
  readonly ldap: Addr;
  readonly secure: Addr;
  readonly dns: Addr;
  readonly http: Addr;
  stop(): Promise<void>;
}

/** @throws {Failure} when a server cannot listen; nothing stays open then */
export async function startServing(
  host: Host,
  directory: Directory,
  { at, ports, tls, token, tell }: ServingOptions,
): Promise<Serving> {
  const door = openDoor(directory);
  const zones = hostedZones(directory);
  const authority = createAuthority([], zones);
  const closers: (() => unknown)[] = [() => door.auditor.close()];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const dns = await listening('DNS', 'dns', at(ports.dns), () =>
      serveDns(host, {
        at: [at(ports.dns)],
        answer: (query, { transport }) => authority.answer(query, transport),
        repeatable: zones.version,
        certificatesAt: zones.certificatesAt,
      }),
    );
    closers.push(() => dns.close());
    const ldap = await listening('LDAP of the directory', 'directory', at(ports.directory), () =>
      startDirectoryLdap(host, {
        at: at(ports.directory),
        secure: at(ports.directorys),
        file: directory.handle.file,
        tls: { key: String(tls.key), cert: String(tls.cert) },
        certificates: 'hosted',
        lost: (why) => tell(`the LDAP server died (${why}) and was started again`),
        asked: ({ reader, asked }) => door.auditor.note(reader, asked),
      }),
    );
    closers.push(() => ldap.close());
    const app = directoryApp(door, {
      hosts: [at(ports.web).host],
      token,
      version: version(),
      onError: (error, path) => tell(`${path}: ${error.stack ?? error.message}`),
    });
    const web = await listening('The web server', 'web', at(ports.web), () => serveWeb(app, at(ports.web)));
    closers.push(() => web.close());
    return { ldap: ldap.addr, secure: ldap.secure, dns: dns.addrs[0]!, http: web.addr, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The certificates of files and folders; a file may hold several. */
function* recordsIn(paths: readonly string[]): Generator<HostedRecords> {
  for (const path of paths) {
    if (statSync(path).isDirectory()) {
      yield* recordsIn(readdirSync(path).map((name) => join(path, name)));
      continue;
    }
    const bytes = readFileSync(path);
    const pem = readPem(bytes.toString('latin1')).filter(({ label }) => label === 'CERTIFICATE');
    const certificates = pem.length > 0 ? pem : [{ bytes }];
    for (const { bytes: der } of certificates) {
      try {
        yield* recordsOf(der);
      } catch (error) {
        note(style.warn(`${path}: ${(error as Error).message}`));
      }
    }
  }
}

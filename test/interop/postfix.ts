import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePem } from '../../src/asn1/pem.ts';
import type { Addr } from '../../src/net/host.ts';
import { selfSigned } from '../smtp/self-signed.ts';
import { peer } from './peers.ts';

export interface Postfix {
  readonly addr: Addr;
  /** What it wrote of the mail that it handled. */
  log(): string;
  stop(): void;
}

/** Postfix gives up the rights of the superuser itself, and starts for nobody else. */
export const mayRunPostfix = (): boolean => peer('postfix') !== undefined && process.getuid?.() === 0;

/** Lines behind those that it has. */
export interface MoreConfig {
  readonly main?: string;
  readonly master?: string;
}

/** A Postfix of its own, with folders and port of its own, that relays the mail of each domain to one server. */
export async function startPostfix(
  relays: Readonly<Record<string, Addr>>,
  more: MoreConfig = {},
): Promise<Postfix> {
  const program = peer('postfix')!;
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-postfix-'));
  // its daemons run as another user
  chmodSync(folder, 0o755);
  const [config, queue, data] = ['config', 'queue', 'data'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [config, queue, data]) mkdirSync(path);
  execFileSync('chown', ['postfix', data]);
  const addr = { host: '127.0.0.1', port: await freePort() };
  const chain = join(folder, 'tls.pem');
  const { key, cert } = selfSigned();
  writeFileSync(chain, `${key}${writePem('CERTIFICATE', cert)}`, { mode: 0o600 });
  const log = join(folder, 'log');
  writeFileSync(
    join(config, 'main.cf'),
    mainCf({ queue, data, chain, log, folder }, relays) + (more.main ?? ''),
  );
  writeFileSync(join(config, 'master.cf'), masterCf(addr.port) + (more.master ?? ''));
  const postfix = (command: string): void => {
    execFileSync(program, ['-c', config, command], { stdio: 'ignore' });
  };
  postfix('start');
  await greets(addr);
  return {
    addr,
    log: () => readFileSync(log, 'utf8'),
    stop() {
      postfix('stop');
      rmSync(folder, { recursive: true });
    },
  };
}

const mainCf = (
  at: { queue: string; data: string; chain: string; log: string; folder: string },
  relays: Readonly<Record<string, Addr>>,
): string => `
compatibility_level = 3.6
queue_directory = ${at.queue}
data_directory = ${at.data}
maillog_file = ${at.log}
maillog_file_prefixes = ${at.folder}
myhostname = relay.example
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
relay_domains = ${Object.keys(relays).join(', ')}
transport_maps = inline:{ ${Object.entries(relays)
  .map(([domain, { host, port }]) => `{ ${domain} = smtp:[${host}]:${port} }`)
  .join(', ')} }
smtpd_relay_restrictions = permit_auth_destination, reject
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_tls_security_level = may
smtpd_tls_chain_files = ${at.chain}
smtpd_tls_loglevel = 1
smtp_tls_security_level = may
smtp_tls_loglevel = 1
notify_classes =
`;

const masterCf = (port: number): string => `
127.0.0.1:${port} inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
showq     unix n - n - - showq
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
`;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Resolves when it says 220. */
async function greets(addr: Addr): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const said = await new Promise<string>((resolve) => {
      const socket = connect(addr.port, addr.host);
      socket.on('data', (bytes) => {
        socket.end('QUIT\r\n');
        resolve(bytes.toString());
      });
      socket.on('error', () => setTimeout(resolve, 50, ''));
    });
    if (said.startsWith('220')) return;
  }
  throw new Error(`Postfix does not answer at ${addr.host}:${addr.port}`);
}

/**
 * The servers that `dns.ts` measures, each started with one worker on a free port of loopback.
 *
 * @module
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

const stopper = (children: readonly ChildProcess[]) => async () => {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }),
  );
};

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  const { port } = socket.address();
  await new Promise<void>((done) => socket.close(() => done()));
  return port;
}

/** Ours, or the bare responder: `dns-server.ts` in as many processes on one port. */
export async function startOurs(
  kind: 'ours' | 'bare',
  processes: number,
  zoneFile: string,
): Promise<RunningServer> {
  const port = await freePort();
  const script = join(import.meta.dirname, 'dns-server.ts');
  const children = Array.from({ length: processes }, () =>
    fork(script, [kind, String(port), zoneFile, processes > 1 ? 'shared' : 'alone'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  );
  await Promise.all(children.map((child) => once(child, 'message')));
  return { port, stop: stopper(children) };
}

export async function startNsd(nsd: string, folder: string, zoneFile: string): Promise<RunningServer> {
  const port = await freePort();
  const conf = join(folder, 'nsd.conf');
  writeFileSync(
    conf,
    `server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  chroot: ""
  rrl-ratelimit: 0
  zonesdir: "${folder}"
  database: ""
  pidfile: "${join(folder, 'nsd.pid')}"
  xfrdfile: "${join(folder, 'xfrd.state')}"
  zonelistfile: "${join(folder, 'zone.list')}"
remote-control:
  control-enable: no
zone:
  name: bench.example
  zonefile: "${zoneFile}"
`,
  );
  return await answering(spawn(nsd, ['-d', '-c', conf], { stdio: 'ignore' }), port);
}

export async function startNamed(named: string, folder: string, zoneFile: string): Promise<RunningServer> {
  const port = await freePort();
  const conf = join(folder, 'named.conf');
  chmodSync(folder, 0o777);
  writeFileSync(
    conf,
    `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; pid-file none; session-keyfile none; minimal-responses yes; managed-keys-directory "${folder}"; };
controls { };
zone "bench.example" { type primary; file "${zoneFile}"; };
`,
  );
  return await answering(spawn(named, ['-g', '-n', '1', '-c', conf], { stdio: 'ignore' }), port);
}

/** Waits until the server answers, at most ten seconds. */
async function answering(child: ChildProcess, port: number): Promise<RunningServer> {
  const server = { port, stop: stopper([child]) };
  const query = Buffer.from(
    '0001000000010000000000000562656e6368076578616d706c650000060001'.replace(/ /g, ''),
    'hex',
  );
  for (let attempt = 0; attempt < 50; attempt++) {
    const socket = createSocket('udp4');
    const answered = await new Promise<boolean>((done) => {
      const timer = setTimeout(() => done(false), 200);
      socket.once('message', () => {
        clearTimeout(timer);
        done(true);
      });
      socket.once('error', () => undefined);
      socket.send(query, port, '127.0.0.1');
    });
    socket.close();
    if (answered) return server;
    if (child.exitCode !== null) break;
  }
  await server.stop();
  throw new Error('the server did not come up');
}

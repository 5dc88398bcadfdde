/**
 * `anchorage cert signer`: the keys of a folder behind a socket, for programs that use them without having them.
 *
 * @module
 */
import { existsSync, unlinkSync } from 'node:fs';
import type { Command } from 'commander';
import { serveSigner } from '../../custody/signer-server.ts';
import { type Host, type Listener, NetError } from '../../net/host.ts';
import { realHost } from '../../net/real.ts';
import { Failure } from '../failure.ts';
import { note, out, style } from '../terminal.ts';
import { type AccessOptions, accessOf, acting, clock, withAccess } from './access.ts';
import { type Authority, openAuthority } from './authority.ts';
import { signerAddress } from './key-file.ts';
import { passphraseIn } from './secret.ts';

interface SignerOptions extends AccessOptions {
  readonly listen: string;
  readonly tokenFile?: string;
  readonly only?: string[];
}

/** How often uses are written into the log: counted, so that a busy signer does not wait for its log. */
const TELL_MS = 60_000;

export function defineSigner(command: Command): void {
  withAccess(
    command
      .description('serve the keys of a folder to programs on this machine, which never see them')
      .option(
        '--listen <place>',
        'a Unix socket (/path/of.sock), or 127.0.0.1:PORT',
        '/tmp/anchorage-signer.sock',
      )
      .option('--token-file <file>', 'file with a token that whoever asks has to show; needed with a port')
      .option('--only <file name...>', 'serve these keys alone'),
  ).action((options: SignerOptions) => acting(() => serve(options)));
}

async function serve(options: SignerOptions): Promise<void> {
  const at = signerAddress(options.listen);
  if (at.port !== 0 || !at.host.startsWith('/'))
    if (options.tokenFile === undefined)
      throw new Failure('a port is open to every user of this machine', {
        hint: 'Give --token-file FILE, or listen on a Unix socket.',
        exitCode: 2,
      });
  const host = realHost({ name: 'signer' });
  const authority = openAuthority(options.dir, clock);
  const access = accessOf(options);
  const names = (options.only ?? authority.names()).filter(
    (name) => options.only !== undefined || authority.hasKey(name),
  );
  if (names.length === 0) throw new Failure(`there is no key in ${options.dir}`, { exitCode: 2 });
  const keys = names.map((name) => {
    const { certificate, key } = authority.take(name, access, {
      use: `serve ${name} at ${options.listen}`,
      details: {},
    });
    // a CA does not decrypt, and nobody asks a leaf's key for certificates
    return { name, privateKey: key.privateKey, ...(certificate.isCa && { uses: ['sign'] as const }) };
  });
  const counts = new Map<string, number>();
  await clear(host, options.listen);
  const listener = await serveSigner(host, {
    at,
    keys,
    ...(options.tokenFile !== undefined && { token: passphraseIn(options.tokenFile) }),
    used: ({ op, key }) => counts.set(`${op} ${key}`, (counts.get(`${op} ${key}`) ?? 0) + 1),
  });
  out(`${style.good('✓')} serving ${names.join(', ')}`);
  out(`  at ${options.listen.startsWith('/') ? options.listen : `127.0.0.1:${listener.addr.port}`}`);
  out('  Ctrl-C ends it.');
  await untilStopped(host, listener, () => tellUses(authority, counts, access.who));
}

/** A socket file that nobody listens on is left over from a signer that was killed. */
async function clear(host: Host, listen: string): Promise<void> {
  if (!listen.startsWith('/') || !existsSync(listen)) return;
  try {
    (await host.dial({ host: listen, port: 0 }, { deadlineMs: 1000 })).destroy();
  } catch (error) {
    if (!(error instanceof NetError) || error.code !== 'refused') throw error;
    unlinkSync(listen);
    return;
  }
  throw new Failure(`a signer is already listening on ${listen}`, { exitCode: 2 });
}

function tellUses(authority: Authority, counts: Map<string, number>, who: string): void {
  for (const [what, count] of counts) {
    const [op, ...key] = what.split(' ');
    authority.journal.note({ use: `${op}, ${count} times through the signer`, key: key.join(' '), who });
  }
  counts.clear();
}

async function untilStopped(host: Host, listener: Listener, tell: () => void): Promise<void> {
  let cancel = (): void => undefined;
  const again = (): void => {
    cancel = host.timer(TELL_MS, () => {
      try {
        tell();
      } catch (error) {
        note(`the log could not be written: ${(error as Error).message}`);
      }
      again();
    });
  };
  again();
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  cancel();
  await listener.close();
  tell();
}

/**
 * `anchorage cert rekey`: the keys of an authority under another secret. Each key file is replaced whole, so that at every
 * moment each key opens with the old secret or with the new one; stopped in between, the same command goes on.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { openKey, SealError, sealKey } from '../../custody/sealed-key.ts';
import { writeWhole } from '../../custody/whole-file.ts';
import { realHost } from '../../net/real.ts';
import { type Certificate, parseCertificateText } from '../../pki/certificate.ts';
import { readRequest } from '../../pki/request.ts';
import { resealEnrollments } from '../../store/enrollments.ts';
import { resealIdentities } from '../../store/identities.ts';
import { openStore } from '../../store/open.ts';
import { changeSealKey } from '../../store/seal.ts';
import { resealState, SEAL } from '../demo/material.ts';
import { openState } from '../demo/state.ts';
import { Failure } from '../failure.ts';
import { out, style } from '../terminal.ts';
import { findRunning } from '../up/running.ts';
import { type AccessOptions, accessOf, acting, clock, withAccess } from './access.ts';
import { openAuthority } from './authority.ts';
import { heldAt } from './key-file.ts';
import { secretOf } from './secret.ts';

interface RekeyOptions extends AccessOptions {
  readonly state?: string;
  readonly newPassphraseFile?: string;
  readonly newKeyFile?: string;
}

export function defineRekey(command: Command): void {
  withAccess(
    command
      .description('seal the keys of an authority with another passphrase or key file')
      .option('--new-passphrase-file <file>', 'file with the new passphrase')
      .option('--new-key-file <file>', 'file whose octets seal the keys from now on')
      .option('--state <folder>', 'instead: a new sealing key for a state folder and the stores in it'),
  ).action((options: RekeyOptions) =>
    acting(() => (options.state === undefined ? rekey(options) : rekeyState(options.state))),
  );
}

/** The keys of a running network and of the stores of its HISPs, under a new sealing key. */
async function rekeyState(folder: string): Promise<void> {
  const file = join(folder, SEAL);
  if (!existsSync(file)) throw new Failure(`there is no sealing key in ${folder}`, { exitCode: 2 });
  const state = openState(folder);
  if (findRunning(state))
    throw new Failure(`an Anchorage is running on ${folder}`, { hint: 'Stop it first.', exitCode: 2 });
  const files = (sub: string, ending: string): string[] =>
    existsSync(state.path(sub))
      ? readdirSync(state.path(sub), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith(ending))
          .map((name) => `${sub}/${name}`)
      : [];
  let count = 0;
  await changeSealKey(file, async (seal) => {
    count += resealState(state, files('pki', '.key'), seal);
    for (const name of files('store', '.sqlite')) {
      const store = await openStore(realHost({ name: 'cert' }), { file: state.path(name) });
      try {
        count += await resealIdentities(store.db, seal);
        count += await resealEnrollments(store.db, seal);
      } finally {
        await store.close();
      }
    }
  });
  out(`${style.good('✓')} ${count} keys in ${folder} are sealed with a new key; the old one is gone`);
}

function rekey(options: RekeyOptions): void {
  if (options.newPassphraseFile === undefined && options.newKeyFile === undefined)
    throw new Failure('say what the keys are sealed with from now on', {
      hint: 'Give --new-passphrase-file FILE or --new-key-file FILE.',
      exitCode: 2,
    });
  const authority = openAuthority(options.dir, clock);
  const access = accessOf(options);
  const old = access.secret();
  const fresh = secretOf({
    ...(options.newKeyFile !== undefined && { keyFile: options.newKeyFile }),
    ...(options.newPassphraseFile !== undefined && { passphraseFile: options.newPassphraseFile }),
  });
  const keys = readdirSync(options.dir)
    .filter((one) => one.endsWith('.key'))
    .map((one) => one.slice(0, -4))
    .flatMap((name) => {
      const text = readFileSync(join(options.dir, `${name}.key`), 'utf8');
      return heldAt(text) === undefined ? [{ name, text, spki: spkiOf(options.dir, name) }] : [];
    });
  // every key is tried before one is changed
  const opened = keys.map(({ name, text, spki }) => ({
    name,
    spki,
    ...either(name, text, old, fresh, spki),
  }));
  const use = { use: 'seal every key anew', details: { keys: keys.map(({ name }) => name).join(' ') } };
  const approval = authority.persons.pass({ key: '(all)', ...use }, access);
  authority.journal.note({
    use: use.use,
    who: access.who,
    ...(access.why !== undefined && { why: access.why }),
    ...approval,
  });
  let changed = 0;
  for (const { name, spki, key, done } of opened) {
    if (done) continue;
    writeWhole(join(options.dir, `${name}.key`), sealKey(key, fresh, spki), 0o600);
    changed += 1;
  }
  const before = opened.length - changed;
  out(
    `${style.good('✓')} ${changed} keys are sealed anew${before > 0 ? `; ${before} were already, from a run that was stopped` : ''}`,
  );
  out('  The old secret opens copies and backups from before. Keep it as long as you keep those.');
}

function either(name: string, text: string, old: Uint8Array, fresh: Uint8Array, spki: Uint8Array) {
  for (const [secret, done] of [
    [old, false],
    [fresh, true],
  ] as const) {
    try {
      return { key: openKey(text, secret, spki), done };
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
    }
  }
  throw new Failure(`${name}.key opens neither with the old secret nor with the new one`, {
    hint: 'Nothing was changed.',
    exitCode: 2,
  });
}

/** Of the certificate, or of the request that still waits for one. */
function spkiOf(folder: string, name: string): Uint8Array {
  for (const [ending, read] of [
    ['.cer', (bytes: Buffer): Pick<Certificate, 'spki'> => parseCertificateText(bytes)],
    ['.csr', (bytes: Buffer) => readRequest(bytes)],
  ] as const) {
    try {
      return read(readFileSync(join(folder, `${name}${ending}`))).spki;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Failure(`${name}.key has neither a certificate nor a request beside it`, {
    hint: 'Move it away, or put its certificate back.',
    exitCode: 2,
  });
}

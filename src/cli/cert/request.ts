/**
 * `anchorage cert request`: a key of one's own, and a request for its certificate by somebody else's authority.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { writePem } from '../../asn1/pem.ts';
import { generateKey } from '../../pki/keys.ts';
import { type RequestSpec, writeRequestAnywhere } from '../../pki/request.ts';
import { Failure } from '../failure.ts';
import { out, style } from '../terminal.ts';
import { type AccessOptions, accessOf, acting, clock, withAccess } from './access.ts';
import { fileNameOf, openAuthority } from './authority.ts';
import { withHeldKey } from './key-file.ts';
import { KEYS, type NameOptions, namesOf, USES, withNames } from './names.ts';

const KINDS = ['intermediate', 'address', 'domain'] as const;

interface RequestOptions extends AccessOptions, NameOptions {
  readonly as?: string;
  readonly key: keyof typeof KEYS;
  readonly held?: string;
  readonly signer?: string;
  readonly signerTokenFile?: string;
}

export function defineRequest(command: Command): void {
  withAccess(
    withNames(
      command
        .description('make a key and a request (PKCS #10), for an authority elsewhere to certify')
        .addArgument(new Argument('<kind>', 'what it is for').choices(KINDS))
        .argument('<name>', 'name of the authority, address, or domain')
        .option('--as <file name>', 'name of the new files')
        .addOption(new Option('--key <kind>', 'kind of key').choices(Object.keys(KEYS)).default('rsa2048'))
        .addOption(
          new Option('--use <use>', 'what the key is for').choices(Object.keys(USES)).default('both'),
        )
        .option('--held <key>', 'the key of this name that an external signer holds')
        .option('--signer <place>', 'where that signer is: /path/of.sock or 127.0.0.1:PORT')
        .option('--signer-token-file <file>', 'file with the token that the signer wants'),
    ),
  ).action((kind: RequestSpec['profile'] & (typeof KINDS)[number], name: string, options: RequestOptions) =>
    acting(() => request(kind, name, options)),
  );
}

async function request(kind: (typeof KINDS)[number], name: string, options: RequestOptions): Promise<void> {
  const authority = openAuthority(options.dir, clock);
  const access = accessOf(options);
  const as = fileNameOf(options.as ?? name);
  const keep = (der: Uint8Array): void => {
    const file = join(options.dir, `${as}.csr`);
    writeFileSync(file, writePem('CERTIFICATE REQUEST', der), { flush: true });
    out(`${style.good('✓')} ${file} asks for ${name}`);
    out(`  Send it to the authority. Its answer goes in with:`);
    out(`    anchorage cert import FILE --as ${as} --dir ${options.dir}`);
  };
  const use = `request ${kind} ${name}`;
  const spec = (publicKey: Parameters<typeof namesOf>[3]) => ({
    profile: kind,
    ...namesOf(kind, name, options, publicKey),
  });
  if (options.held === undefined) {
    const key = generateKey(KEYS[options.key]);
    authority.addKey(as, access, key, use);
    keep(await writeRequestAnywhere({ ...spec(key.publicKey), key }));
    return;
  }
  if (options.signer === undefined)
    throw new Failure('say where the signer is', { hint: 'Give --signer PLACE.', exitCode: 2 });
  const held = {
    signer: options.signer,
    key: options.held,
    ...(options.signerTokenFile !== undefined && { tokenFile: options.signerTokenFile }),
  };
  await withHeldKey(held, async (key) => {
    authority.addKey(as, access, { held, spki: key.spki }, use);
    keep(await writeRequestAnywhere({ ...spec(key.publicKey), key }));
  });
}

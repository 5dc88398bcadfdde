/**
 * What a certificate of an address or domain says of whom, from the options of `issue` and `request`.
 *
 * @module
 */
import type { KeyObject } from 'node:crypto';
import type { Command } from 'commander';
import { parseAddress } from '../../mail/address.ts';
import type { KeyUsage } from '../../pki/certificate.ts';
import type { Subject } from '../../pki/issue.ts';
import type { KeyRequest } from '../../pki/keys.ts';
import { Failure } from '../failure.ts';

export const KEYS = {
  rsa2048: { kind: 'rsa', bits: 2048 },
  rsa3072: { kind: 'rsa', bits: 3072 },
  rsa4096: { kind: 'rsa', bits: 4096 },
  p256: { kind: 'ec', curve: 'P-256' },
  p384: { kind: 'ec', curve: 'P-384' },
} as const satisfies Record<string, KeyRequest>;

export const USES: Readonly<Record<'both' | 'sign' | 'encrypt', readonly KeyUsage[]>> = {
  both: ['digitalSignature', 'keyEncipherment'],
  sign: ['digitalSignature'],
  encrypt: ['keyEncipherment'],
};

export interface NameOptions {
  readonly use: keyof typeof USES;
  readonly organization?: string;
  readonly country?: string;
  readonly commonName?: string;
}

export const withNames = (command: Command): Command =>
  command
    .option('--organization <name>', 'organization in the subject')
    .option('--country <code>', 'country in the subject, two letters')
    .option('--common-name <name>', 'name of the person or service, of an address');

export interface Names {
  readonly subject: Subject;
  readonly emails?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly keyUsage?: readonly KeyUsage[];
}

/** @throws {Failure} no address or domain; a key that cannot be used so */
export function namesOf(
  kind: 'root' | 'intermediate' | 'address' | 'domain',
  name: string,
  options: NameOptions,
  publicKey: KeyObject,
): Names {
  const subject = (CN: string): Subject => ({
    ...(options.country && { C: options.country.toUpperCase() }),
    ...(options.organization && { O: options.organization }),
    CN,
  });
  if (kind === 'root' || kind === 'intermediate') return { subject: subject(name) };
  const keyUsage = usageOf(options.use, publicKey);
  if (kind === 'address') {
    const address = parseAddress(name);
    if (!address || address.address !== name) throw new Failure(`"${name}" is no address`, { exitCode: 2 });
    return { subject: subject(options.commonName ?? address.local), emails: [name], keyUsage };
  }
  if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/i.test(name))
    throw new Failure(`"${name}" is no domain`, { exitCode: 2 });
  return { subject: subject(options.commonName ?? name), dnsNames: [name.toLowerCase()], keyUsage };
}

/** Nobody can encrypt to an elliptic key (REQ-AS-21). */
function usageOf(use: NameOptions['use'], publicKey: KeyObject): readonly KeyUsage[] {
  if (publicKey.asymmetricKeyType === 'rsa') return USES[use];
  if (use === 'encrypt')
    throw new Failure('an elliptic key cannot be encrypted to', { hint: 'Take --key rsa2048.', exitCode: 2 });
  return USES.sign;
}

/**
 * Where the certificates and keys of a run come from: made fresh, or kept, so that a run against a system outside can
 * be taken up again after a stop and its anchor stays the one that was installed there.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePem } from '../asn1/pem.ts';
import { parseCertificateText } from '../pki/certificate.ts';
import type { Issued } from '../pki/issue.ts';
import { readPrivateKey } from '../pki/pkcs8.ts';

export interface Vault {
  /** What is kept under this name; else what `make` makes, kept from now on. */
  issued(name: string, make: () => Issued): Issued;
}

/** Keeps nothing. */
export const freshVault: Vault = { issued: (_, make) => make() };

/** Files that their owner alone can read. @throws {Error} they cannot be read or written */
export function folderVault(folder: string): Vault {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    issued(name, make) {
      const file = join(folder, `${name.replaceAll('/', '.')}.pem`);
      if (existsSync(file)) {
        const text = readFileSync(file);
        return { certificate: parseCertificateText(text), key: readPrivateKey(text) };
      }
      const made = make();
      const key = made.key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
      writeFileSync(file, writePem('CERTIFICATE', made.certificate.der) + key, { mode: 0o600, flush: true });
      return made;
    },
  };
}

/** Some names are kept in one place, all others in another. */
export const splitVault = (isFirst: (name: string) => boolean, first: Vault, second: Vault): Vault => ({
  issued: (name, make) => (isFirst(name) ? first : second).issued(name, make),
});

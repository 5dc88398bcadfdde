import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePem } from '../../src/asn1/pem.ts';
import type { Issued } from '../../src/pki/issue.ts';
import { rootCertificate } from '../cms/people.ts';
import { peer } from './peers.ts';

export const openssl = peer('openssl');

/** A folder with what openssl needs to know, and a way to run it there. */
export interface Bench {
  readonly folder: string;
  /** Writes a file and gives its name. */
  put(name: string, bytes: Uint8Array | string): string;
  read(name: string): Buffer;
  /** Runs `openssl …` and gives its output. Fails with what it says. */
  run(...args: string[]): Buffer;
  /** Exit code alone. */
  status(...args: string[]): number;
  /** `name.crt` and `name.key`. */
  person(name: string, issued: Issued): void;
  close(): void;
}

export function bench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-cms-'));
  const start = (args: string[]) => spawnSync(openssl!, args, { cwd: folder, maxBuffer: 256 << 20 });
  const put = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, name), bytes);
    return name;
  };
  put('root.crt', writePem('CERTIFICATE', rootCertificate.der));
  return {
    folder,
    put,
    read: (name) => readFileSync(join(folder, name)),
    run(...args) {
      const { status, stdout, stderr } = start(args);
      if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr.toString()}`);
      return stdout;
    },
    status: (...args) => start(args).status ?? -1,
    person(name, issued) {
      put(`${name}.crt`, writePem('CERTIFICATE', issued.certificate.der));
      put(`${name}.key`, issued.key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** Dates of the test certificates are not today's; chains are checked at theirs. */
export const AT = ['-attime', String(Math.floor(Date.UTC(2026, 0, 5, 15) / 1000))];
export const CHECK = ['-CAfile', 'root.crt', '-purpose', 'any', ...AT];

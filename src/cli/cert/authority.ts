/**
 * An authority in a folder: certificates as PEM (`name.cer`), sealed keys (`name.key`), and a journal of every use of a
 * key (`journal.ndjson`).
 *
 * @module
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePem } from '../../asn1/pem.ts';
import { type Certificate, parseCertificateText } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import type { Issued } from '../../pki/issue.ts';
import { type KeyPair, keyPair } from '../../pki/keys.ts';
import { sameName } from '../../pki/name.ts';
import { Failure } from '../failure.ts';
import { openKey, SealError, sealKey } from './sealed-key.ts';

export interface Authority {
  readonly folder: string;
  readonly names: () => string[];
  /** @throws {Failure} there is none of that name */
  readonly certificate: (name: string) => Certificate;
  readonly hasKey: (name: string) => boolean;
  /** Opens the key, and notes what for. @throws {Failure} */
  readonly open: (name: string, secret: Uint8Array, use: string) => Issued;
  /** Adds a certificate, with its key where it has one. @throws {Failure} the name is taken */
  readonly add: (name: string, certificate: Certificate, own?: { key: KeyPair; secret: Uint8Array }) => void;
  /** The certificate and those above it, as far as they are in the folder. */
  readonly chain: (name: string) => Certificate[];
}

/** @param now ms since 1970 UTC, for the journal */
export function openAuthority(folder: string, now: () => number): Authority {
  const file = (name: string, ending: string): string => join(folder, `${name}${ending}`);
  const note = (entry: Record<string, string>): void => {
    const line = JSON.stringify({ at: new Date(now()).toISOString(), ...entry });
    appendFileSync(join(folder, 'journal.ndjson'), `${line}\n`, { mode: 0o600, flush: true });
  };
  const names = (): string[] =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((one) => one.endsWith('.cer'))
          .map((one) => one.slice(0, -4))
          .toSorted()
      : [];
  const certificate = (name: string): Certificate => {
    if (!names().includes(name)) throw noSuch(folder, name, names());
    try {
      return parseCertificateText(readFileSync(file(name, '.cer')));
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      throw new Failure(`${file(name, '.cer')} cannot be read: ${error.message}`, { exitCode: 2 });
    }
  };
  return {
    folder,
    names,
    certificate,
    hasKey: (name) => existsSync(file(name, '.key')),
    open(name, secret, use) {
      const found = certificate(name);
      if (!existsSync(file(name, '.key')))
        throw new Failure(`there is no key of ${name} in ${folder}`, { exitCode: 2 });
      try {
        const key = openKey(readFileSync(file(name, '.key'), 'utf8'), secret, found.spki);
        note({ use, key: name, sha256: found.sha256 });
        return { certificate: found, key: keyPair(key) };
      } catch (error) {
        if (!(error instanceof SealError)) throw error;
        throw new Failure(`${file(name, '.key')}: ${error.message}`, { exitCode: 2 });
      }
    },
    add(name, added, own) {
      if (existsSync(file(name, '.cer')))
        throw new Failure(`${name} is in ${folder} already`, {
          hint: 'Name the new one: --as NAME',
          exitCode: 2,
        });
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // the key first: a certificate without its key could not be used, a key without certificate harms nobody
      if (own)
        writeFileSync(file(name, '.key'), sealKey(own.key.privateKey, own.secret, own.key.spki), {
          mode: 0o600,
          flag: 'wx',
          flush: true,
        });
      writeFileSync(file(name, '.cer'), writePem('CERTIFICATE', added.der), { flag: 'wx', flush: true });
      note({
        use: own ? 'added with its key' : 'added',
        key: name,
        sha256: added.sha256,
        serial: added.serial,
      });
    },
    chain(name) {
      const known = names().map(certificate);
      const chain = [certificate(name)];
      for (;;) {
        const tip = chain.at(-1)!;
        const above = known.find(
          (one) => sameName(one.subject, tip.issuer) && !chain.some((passed) => passed.sha256 === one.sha256),
        );
        if (!above) return chain;
        chain.push(above);
      }
    },
  };
}

function noSuch(folder: string, name: string, names: readonly string[]): Failure {
  const there = names.length > 0 ? `there are ${names.join(', ')}` : 'it is empty';
  return new Failure(`there is no certificate ${name} in ${folder}: ${there}`, {
    ...(names.length === 0 && { hint: 'Begin with: anchorage cert issue root "My Anchor"' }),
    exitCode: 2,
  });
}

/** A file name for a common name, address or domain. */
export const fileNameOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9@._+-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 120) || 'certificate';

/**
 * An authority in a folder: certificates as PEM (`name.cer`), sealed keys or the names of keys that an external signer
 * holds (`name.key`), lists (`name.crl`), and the log of every use of a key (`journal.ndjson`).
 *
 * @module
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePem } from '../../asn1/pem.ts';
import type { Operation } from '../../custody/approval.ts';
import { sealKey } from '../../custody/sealed-key.ts';
import { type Certificate, parseCertificateText } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import type { KeyPair } from '../../pki/keys.ts';
import { sameName } from '../../pki/name.ts';
import { Failure } from '../failure.ts';
import type { Access } from './access.ts';
import { type Journal, openJournal } from './journal.ts';
import { type AuthorityKey, type HeldAt, heldAt, heldFile, openSealed, withHeldKey } from './key-file.ts';
import { openTwoPersons, type TwoPersons } from './two-persons.ts';

/** What a key is used for: `use` for people, `details` all that is done. */
export type Use = Pick<Operation, 'use' | 'details'>;

/** A certificate of the folder, and its key wherever that is. */
export interface Opened {
  readonly certificate: Certificate;
  readonly key: AuthorityKey;
}

export type OwnKey = KeyPair | { readonly held: HeldAt; readonly spki: Uint8Array };

export interface Authority {
  readonly folder: string;
  readonly journal: Journal;
  readonly persons: TwoPersons;
  readonly names: () => string[];
  /** @throws {Failure} there is none of that name */
  readonly certificate: (name: string) => Certificate;
  readonly hasKey: (name: string) => boolean;
  /** Opens the key for `work`, and notes who, what for and why. @throws {Failure} @throws {CustodyError} @throws {Requested} */
  readonly using: <T>(
    name: string,
    access: Access,
    use: Use,
    work: (opened: Opened) => Promise<T>,
  ) => Promise<T>;
  /** A sealed key itself, for what takes it out of the folder or into a signer. @throws {Failure} it is held elsewhere */
  readonly take: (name: string, access: Access, use: Use) => { certificate: Certificate; key: KeyPair };
  /** Adds a certificate, with its key where it has one. @throws {Failure} the name is taken */
  readonly add: (name: string, certificate: Certificate, access: Access, own?: OwnKey) => void;
  /** Keeps a key whose certificate is still to come. @throws {Failure} the name is taken */
  readonly addKey: (name: string, access: Access, own: OwnKey, use: string) => void;
  /** Adds a certificate for the key that another name of the folder has. @throws {Failure} the name is taken */
  readonly addSameKey: (name: string, certificate: Certificate, access: Access, keyOf: string) => void;
  /** The certificate and those above it, as far as they are in the folder. */
  readonly chain: (name: string) => Certificate[];
}

/** @param now ms since 1970 UTC, for the log */
export function openAuthority(folder: string, now: () => number): Authority {
  const file = (name: string, ending: string): string => join(folder, `${name}${ending}`);
  const journal = openJournal(folder, now);
  const persons = openTwoPersons(folder, journal, now);
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
  const keyText = (name: string): string => {
    if (!existsSync(file(name, '.key')))
      throw new Failure(`there is no key of ${name} in ${folder}`, { exitCode: 2 });
    return readFileSync(file(name, '.key'), 'utf8');
  };
  /** Before the key is used: whether it may be, and the line in the log. */
  const allowed = (name: string, found: Certificate, access: Access, { use, details }: Use): void => {
    const approval = found.isCa ? persons.pass({ key: name, use, details }, access) : {};
    const { who, why } = access;
    journal.note({
      use,
      key: name,
      sha256: found.sha256,
      who,
      ...(why !== undefined && { why }),
      ...approval,
    });
  };
  const put = (name: string, access: Access, own: OwnKey): void => {
    if (existsSync(file(name, '.key')) || existsSync(file(name, '.cer'))) throw taken(folder, name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const text = 'held' in own ? heldFile(own.held) : sealKey(own.privateKey, access.secret(), own.spki);
    writeFileSync(file(name, '.key'), text, { mode: 0o600, flag: 'wx', flush: true });
  };
  return {
    folder,
    journal,
    persons,
    names,
    certificate,
    hasKey: (name) => existsSync(file(name, '.key')),
    async using(name, access, use, work) {
      const found = certificate(name);
      const text = keyText(name);
      const held = heldAt(text);
      if (held === undefined) {
        const key = openSealed(file(name, '.key'), text, access.secret(), found.spki);
        allowed(name, found, access, use);
        return work({ certificate: found, key });
      }
      return withHeldKey(held, (key) => {
        if (Buffer.compare(key.spki, found.spki) !== 0)
          throw new Failure(`the signer's key ${held.key} is not the key of ${name}`, { exitCode: 2 });
        allowed(name, found, access, use);
        return work({ certificate: found, key });
      });
    },
    take(name, access, use) {
      const found = certificate(name);
      const text = keyText(name);
      const held = heldAt(text);
      if (held !== undefined)
        throw new Failure(`the key of ${name} is with the signer at ${held.signer}, and does not leave it`, {
          exitCode: 2,
        });
      const key = openSealed(file(name, '.key'), text, access.secret(), found.spki);
      allowed(name, found, access, use);
      return { certificate: found, key };
    },
    addKey(name, access, own, use) {
      put(name, access, own);
      journal.note({ use, key: name, who: access.who });
    },
    addSameKey(name, added, access, keyOf) {
      if (existsSync(file(name, '.cer')) || existsSync(file(name, '.key'))) throw taken(folder, name);
      // a sealed key is bound to its public key, not to its name
      writeFileSync(file(name, '.key'), keyText(keyOf), { mode: 0o600, flag: 'wx', flush: true });
      this.add(name, added, access);
    },
    add(name, added, access, own) {
      if (existsSync(file(name, '.cer'))) throw taken(folder, name);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // the key first: a certificate without its key could not be used, a key without certificate harms nobody
      if (own) put(name, access, own);
      writeFileSync(file(name, '.cer'), writePem('CERTIFICATE', added.der), { flag: 'wx', flush: true });
      journal.note({
        use: own ? 'added with its key' : 'added',
        key: name,
        sha256: added.sha256,
        serial: added.serial,
        who: access.who,
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

const taken = (folder: string, name: string): Failure =>
  new Failure(`${name} is in ${folder} already`, { hint: 'Name the new one: --as NAME', exitCode: 2 });

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

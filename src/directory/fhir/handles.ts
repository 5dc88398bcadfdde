/**
 * Ids of resources and marks of pages. An id is made of row numbers, enciphered with the directory's secret: it can be
 * looked up without an index of its own, it stays the same as long as the directory has the thing, and nobody can guess
 * the next one. A mark is sealed and bound to the search and the reader that it was made for.
 *
 * @module
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Directory } from '../directory.ts';
import type { ResourceType } from '../write/fhir-resources.ts';

/** What a resource is found by: numbers of the first rows that spoke of it. */
export interface Thing {
  readonly type: ResourceType;
  /** First version of the organization, practitioner or entry; 0: a location without an organization. */
  readonly first: number;
  /** Of a location: its row. Else 0. */
  readonly place: number;
}

/** Where a page begins. All pages of a search see the same revision. */
export interface Mark {
  readonly revision: number;
  /** Row after which it begins. */
  readonly after: number;
  /** Results of the whole search; undefined when they were not counted. */
  readonly total: number | undefined;
  /** Results that were given on the pages before. */
  readonly given: number;
}

export interface Handles {
  idOf(thing: Thing): string;
  /** Undefined for what is no id of ours. */
  thingOf(type: ResourceType, id: string): Thing | undefined;
  /** @param of what the mark is for: search and reader */
  seal(mark: Mark, of: string): string;
  /** Undefined for what was not sealed here, or for something else. */
  unseal(text: string, of: string): Mark | undefined;
}

const LETTER: Readonly<Record<ResourceType, string>> = {
  Organization: 'o',
  Location: 'l',
  Practitioner: 'p',
  PractitionerRole: 'r',
  Endpoint: 'e',
};

const known = new WeakMap<Directory, Handles>();

export function handlesOf(directory: Directory): Handles {
  const before = known.get(directory);
  if (before) return before;
  const made = make(directory);
  known.set(directory, made);
  return made;
}

function make({ handle, tenant }: Directory): Handles {
  const secret = handle.prepare('select secret from directory_state where tenant = ?').get(tenant)?.[
    'secret'
  ];
  if (typeof secret !== 'string') throw new Error('the directory was never opened for writing');
  const key = (purpose: string, octets: number): Buffer =>
    Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), '', purpose, octets));
  // one block, which is never the same for two things: no mode is needed, and both ciphers keep no state
  const idKey = key('fhir id', 16);
  const forth = createCipheriv('aes-128-ecb', idKey, null).setAutoPadding(false);
  const back = createDecipheriv('aes-128-ecb', idKey, null).setAutoPadding(false);
  const markKey = key('fhir page', 32);
  const aad = (of: string): Buffer => createHmac('sha256', markKey).update(of).digest();
  return {
    idOf({ type, first, place }) {
      const block = Buffer.alloc(16);
      block.write(LETTER[type], 0, 'latin1');
      block.writeUIntBE(first, 1, 6);
      block.writeUIntBE(place, 7, 6);
      return `${LETTER[type]}${forth.update(block).toString('hex')}`;
    },
    thingOf(type, id) {
      if (!/^[a-z][0-9a-f]{32}$/.test(id) || id[0] !== LETTER[type]) return undefined;
      const block = back.update(Buffer.from(id.slice(1), 'hex'));
      if (block.toString('latin1', 0, 1) !== LETTER[type] || block.readUIntBE(13, 3) !== 0) return undefined;
      return { type, first: block.readUIntBE(1, 6), place: block.readUIntBE(7, 6) };
    },
    seal({ revision, after, total, given }, of) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', markKey, nonce).setAAD(aad(of));
      const body = Buffer.concat([
        cipher.update(JSON.stringify([revision, after, total ?? -1, given])),
        cipher.final(),
      ]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    unseal(text, of) {
      const bytes = Buffer.from(text.slice(0, 400), 'base64url');
      if (bytes.length < 29) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', markKey, bytes.subarray(0, 12))
          .setAAD(aad(of))
          .setAuthTag(bytes.subarray(12, 28));
        const body = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString();
        const [revision, after, total, given] = JSON.parse(body) as [number, number, number, number];
        return { revision, after, total: total < 0 ? undefined : total, given };
      } catch {
        return undefined;
      }
    },
  };
}

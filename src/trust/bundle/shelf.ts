/**
 * Where a consumer keeps what it trusts, over restarts. A change is there whole or not at all (REQ-TB-18): sets are
 * files named by their checksum, and one small file, replaced in one step, says which of them counts.
 *
 * @module
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { Cause } from '../../outcome/cause.ts';
import { type FileCalls, fileCalls, readFileIfAny, removeOthers, writeDurably } from './durable-file.ts';
import { BundleError } from './error.ts';
import type { AnchorSet, Held, SubscriptionState } from './state.ts';

const count = z.int().nonnegative();
const time = z.number();
const sha = z.string().regex(/^[0-9a-f]{64}$/);
const set = z.object({
  sha256: sha,
  fetchedAt: time,
  etag: z.string().optional(),
  lastModified: z.string().optional(),
});

const schema = z.object({
  schema: z.literal(1),
  subscribedAt: time,
  current: set.optional(),
  previous: set.optional(),
  held: z.object({ set, why: z.enum(['shrink', 'replay']), since: time, until: time.optional() }).optional(),
  seen: z.array(sha),
  newestSigned: time.optional(),
  refused: sha.optional(),
  lastAttempt: time.optional(),
  lastSuccess: time.optional(),
  failures: count,
  /** A reason as it was given; codes stay the same over versions. */
  failure: z.object({ code: z.string(), params: z.record(z.string(), z.unknown()) }).optional(),
  stale: z.boolean(),
  nextAt: time.optional(),
});

type KeptSet = z.output<typeof set>;

/** A set as it was kept: to be read, and verified, again. */
export type KeptOctets = KeptSet & { readonly bytes: Uint8Array };

export interface Kept {
  readonly state: Omit<SubscriptionState, 'current' | 'previous' | 'held'>;
  readonly current?: KeptOctets;
  readonly previous?: KeptOctets;
  readonly held?: Omit<Held, 'set'> & { readonly set: KeptOctets };
}

export interface Shelf {
  /** @throws {BundleError} `spec` when what is kept cannot be read */
  load(id: string): Kept | undefined;
  /** Whole or not at all. @throws the system's error */
  save(id: string, state: SubscriptionState): void;
  remove(id: string): void;
}

const STATE = 'state.json';
const fileOf = (sha256: string): string => `${sha256}.bundle`;

/** A shelf in a folder, with one folder for each subscription. One process writes to it. */
export function folderShelf(folder: string, calls: FileCalls = fileCalls): Shelf {
  const place = (id: string, name: string): string => join(folder, id, name);
  return {
    load(id) {
      const text = readFileIfAny(place(id, STATE));
      if (!text) return undefined;
      const { current, previous, held, failure, schema: _, ...state } = parsed(text, place(id, STATE));
      const octets = (one: KeptSet): KeptOctets => {
        const bytes = readFileIfAny(place(id, fileOf(one.sha256)));
        if (!bytes) throw damaged(place(id, fileOf(one.sha256)), 'it is not there');
        return { ...one, bytes };
      };
      return {
        state: { ...state, ...(failure ? { failure: failure as unknown as Cause } : {}) },
        ...(current ? { current: octets(current) } : {}),
        ...(previous ? { previous: octets(previous) } : {}),
        ...(held ? { held: { ...held, set: octets(held.set) } } : {}),
      };
    },
    save(id, { current, previous, held, ...state }) {
      const sets = [current, previous, held?.set].filter((one) => one !== undefined);
      for (const { sha256, bytes } of sets)
        if (!readFileIfAny(place(id, fileOf(sha256)))) writeDurably(place(id, fileOf(sha256)), bytes, calls);
      const text = JSON.stringify({
        schema: 1,
        ...state,
        current: current && keptOf(current),
        previous: previous && keptOf(previous),
        held: held && { ...held, set: keptOf(held.set) },
      });
      writeDurably(place(id, STATE), text, calls);
      const keep = new Set([STATE, ...sets.map(({ sha256 }) => fileOf(sha256))]);
      removeOthers(join(folder, id), keep, calls);
    },
    remove(id) {
      if (readFileIfAny(place(id, STATE))) removeOthers(join(folder, id), new Set(), calls);
    },
  };
}

const keptOf = ({ sha256, fetchedAt, etag, lastModified }: AnchorSet): KeptSet => ({
  sha256,
  fetchedAt,
  etag,
  lastModified,
});

function parsed(text: Uint8Array, path: string): z.output<typeof schema> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text).toString('utf8'));
  } catch (error) {
    throw damaged(path, (error as Error).message);
  }
  const result = schema.safeParse(value);
  if (!result.success) throw damaged(path, result.error.issues[0]?.message ?? 'not what was written');
  return result.data;
}

const damaged = (path: string, why: string): BundleError =>
  new BundleError('spec', `${path} cannot be read: ${why}`);

/** A shelf that forgets with the process. */
export function memoryShelf(): Shelf {
  const kept = new Map<string, SubscriptionState>();
  return {
    load(id) {
      const state = kept.get(id);
      if (!state) return undefined;
      const { current, previous, held, ...rest } = state;
      return {
        state: rest,
        ...(current ? { current } : {}),
        ...(previous ? { previous } : {}),
        ...(held ? { held } : {}),
      };
    },
    save: (id, state) => void kept.set(id, state),
    remove: (id) => void kept.delete(id),
  };
}

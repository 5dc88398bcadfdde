/**
 * The directory as programs reach it over HTTP: who asks, how often, and what is written down of it.
 *
 * @module
 */
import type { Context } from 'hono';
import { type Reader, readerOf } from '../../src/directory/access.ts';
import { type Asked, type Auditor, createAuditor } from '../../src/directory/audit.ts';
import { type Directory, findContributor } from '../../src/directory/directory.ts';
import { createQuota, type Quota } from '../../src/directory/quota.ts';
import type { Tenancy } from '../../src/hisp/tenancy/tenancy.ts';
import { callerOf, sameSecret } from '../api/caller.ts';
import { peerOf } from '../desk/visitor.ts';

export interface DirectoryDoor {
  readonly directory: Directory;
  readonly quota: Quota;
  readonly auditor: Auditor;
  /** Contributions, undoing and publications are done one after the other: whatever does one is done in here. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

export interface DoorOptions {
  readonly inTurn?: DirectoryDoor['inTurn'];
  readonly quota?: Quota;
  readonly auditor?: Auditor;
}

/** The auditor is to be closed before the directory is. */
export function openDoor(directory: Directory, options: DoorOptions = {}): DirectoryDoor {
  let last: Promise<unknown> = Promise.resolve();
  const oneByOne: DirectoryDoor['inTurn'] = (work) => {
    const done = last.then(work, work);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    directory,
    quota: options.quota ?? createQuota(directory.host),
    auditor: options.auditor ?? createAuditor(directory),
    inTurn: options.inTurn ?? oneByOne,
  };
}

export interface Who {
  /** Whose members may sign in; none: there are no accounts. */
  readonly tenancies: readonly Tenancy[];
  /** What programs on this machine show: they are operators. */
  readonly token: string | undefined;
}

export type Admitted =
  | { readonly ok: true; readonly reader: Reader }
  | {
      readonly ok: false;
      readonly why: 'unauthorized' | 'too-many' | 'unavailable';
      readonly detail: string;
      readonly retryAfterMs?: number;
    };

/** Who asks, when there is enough left in the reader's bucket. A wrong key costs as much as a search of a stranger. */
export async function admit(c: Context, door: DirectoryDoor, who: Who, cost = 1): Promise<Admitted> {
  const found = await readerIn(c, door.directory, who);
  const stranger: Reader = { kind: 'public', peer: peerOf(c).host };
  const taken = door.quota.take(found.ok ? found.reader : stranger, cost);
  if (taken.ok) return found;
  const { retryAfterMs } = taken;
  return {
    ok: false,
    why: 'too-many',
    detail: `Too many requests; again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    retryAfterMs,
  };
}

const EXPECTED =
  'Expected "Authorization: Bearer" with a key of a participating HISP, or "Basic" with the HISP’s id and its key, or with an account and its password.';

async function readerIn(c: Context, directory: Directory, { tenancies, token }: Who): Promise<Admitted> {
  const header = c.req.header('authorization');
  const { host: peer } = peerOf(c);
  if (header === undefined) return { ok: true, reader: { kind: 'public', peer } };
  const [, scheme = '', rest = ''] = /^(Basic|Bearer) +(\S+)$/i.exec(header) ?? [];
  const unknown = { ok: false, why: 'unauthorized', detail: `The key is not known. ${EXPECTED}` } as const;
  if (scheme.toLowerCase() === 'bearer') {
    if (token !== undefined && sameSecret(rest, token)) {
      return { ok: true, reader: { kind: 'operator', name: 'local' } };
    }
    const reader = readerOf(directory, rest);
    if (reader) return { ok: true, reader };
  } else {
    const text = Buffer.from(rest, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    const reader = colon < 0 ? undefined : readerOf(directory, text.slice(colon + 1), text.slice(0, colon));
    if (reader) return { ok: true, reader };
  }
  if (tenancies.length === 0 || scheme === '') return unknown;
  const called = await callerOf(c, tenancies, undefined);
  if (!called.ok) {
    const { retryAfterMs } = called;
    const why = called.code === 'too-many' || called.code === 'unavailable' ? called.code : 'unauthorized';
    return {
      ok: false,
      why,
      detail: why === 'unauthorized' ? unknown.detail : called.detail,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  const { tenancy, actor } = called.caller;
  // members of a HISP that does not take part see what everybody sees
  return findContributor(directory, tenancy.id)
    ? {
        ok: true,
        // the right to take everything comes with keys only
        reader: { kind: 'participant', id: tenancy.id, name: actor.name, bulk: false },
      }
    : { ok: true, reader: { kind: 'public', peer } };
}

/** Writes down what was asked. */
export const note = ({ auditor }: DirectoryDoor, reader: Reader, asked: Asked): void =>
  auditor.note(reader, asked);

import type { Context } from 'hono';
import type { Reader } from '../../src/directory/access.ts';
import type { DirectoryVisitor } from '../directory-room.ts';
import { peerOf, visitorOf } from './visitor.ts';

/**
 * Who reads the directory here: an operator of a HISP everything, its other people what participants see, and whoever is
 * not signed in what everybody sees.
 */
export function readerAt(c: Context): Reader {
  const session = visitorOf(c)?.session;
  if (!session) return { kind: 'public', peer: peerOf(c).host };
  const { name } = session.account;
  return session.actor.role === 'operator'
    ? { kind: 'operator', name }
    : { kind: 'participant', id: session.tenancy.id, name, bulk: false };
}

/** The same, with the addresses of whoever is signed in. */
export function directoryVisitor(c: Context): DirectoryVisitor {
  const session = visitorOf(c)?.session;
  return { reader: readerAt(c), ...(session ? { addresses: session.user?.addresses ?? [] } : {}) };
}

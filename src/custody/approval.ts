/**
 * Two persons for one use of a key: one asks, another approves, and it is done once, within a time. Each signs with a key
 * of their own (Ed25519), over everything that will be done.
 *
 * This binds whoever uses this program. Who has the files of an authority and its passphrase can use its keys without it;
 * keys that must not be usable so belong into an external signer.
 *
 * @module
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { CustodyError } from './error.ts';

/** What is to be done, completely: what is not said here is not approved. */
export interface Operation {
  /** The key's name. */
  readonly key: string;
  /** For people, for example `issue address bob@direct.clinic.example`. */
  readonly use: string;
  readonly details: Readonly<Record<string, string>>;
}

export interface Person {
  readonly name: string;
  /** SubjectPublicKeyInfo of their key, base64. */
  readonly spki: string;
}

const text = z.string().max(10_000);
const signed = z.strictObject({ by: text, at: z.number(), signature: z.base64() });

export const requestSchema = z.strictObject({
  schema: z.literal(1),
  id: z.string().regex(/^[a-z0-9]{8,40}$/),
  operation: z.strictObject({ key: text, use: text, details: z.record(z.string(), text) }),
  why: text,
  /** ms since 1970 UTC. */
  expires: z.number(),
  asked: signed,
  approved: signed.optional(),
});

export type ApprovalRequest = z.infer<typeof requestSchema>;

/** The same octets for the same operation, whatever the order of its details. */
const canonical = ({ key, use, details }: Operation): string =>
  JSON.stringify([key, use, Object.entries(details).toSorted(([a], [b]) => (a < b ? -1 : 1))]);

const toSign = (
  { id, operation, why, expires }: Pick<ApprovalRequest, 'id' | 'operation' | 'why' | 'expires'>,
  role: 'ask' | 'approve',
  by: string,
  at: number,
): Buffer =>
  Buffer.from(JSON.stringify(['anchorage-approval-1', role, id, canonical(operation), why, expires, by, at]));

export interface Signer {
  readonly name: string;
  readonly key: KeyObject;
}

/** @param now ms since 1970 UTC */
export function askApproval(
  asked: Pick<ApprovalRequest, 'id' | 'operation' | 'why' | 'expires'>,
  by: Signer,
  now: number,
): ApprovalRequest {
  const signature = sign(null, toSign(asked, 'ask', by.name, now), by.key).toString('base64');
  return { schema: 1, ...asked, asked: { by: by.name, at: now, signature } };
}

/** @throws {CustodyError} `approval` by the same person, too late, or of what that person did not ask */
export function approve(
  request: ApprovalRequest,
  by: Signer,
  persons: readonly Person[],
  now: number,
): ApprovalRequest {
  if (by.name === request.asked.by)
    throw new CustodyError('approval', `${by.name} asked for it; another person has to approve`);
  checkAsked(request, persons, now);
  const signature = sign(null, toSign(request, 'approve', by.name, now), by.key).toString('base64');
  return { ...request, approved: { by: by.name, at: now, signature } };
}

/**
 * Whether the request allows this operation now.
 *
 * @returns who approved
 * @throws {CustodyError} `approval` with what is missing
 */
export function approvalFor(
  request: ApprovalRequest,
  operation: Operation,
  persons: readonly Person[],
  now: number,
): string {
  checkAsked(request, persons, now);
  const { approved } = request;
  if (!approved) throw new CustodyError('approval', `request ${request.id} is not approved yet`);
  if (approved.by === request.asked.by || !holds(request, 'approve', approved, persons))
    throw new CustodyError('approval', `the approval of request ${request.id} is not genuine`);
  if (canonical(operation) !== canonical(request.operation))
    throw new CustodyError(
      'approval',
      `request ${request.id} allows something else: ${describe(request.operation)}`,
    );
  return approved.by;
}

function checkAsked(request: ApprovalRequest, persons: readonly Person[], now: number): void {
  if (now > request.expires)
    throw new CustodyError(
      'approval',
      `request ${request.id} ended at ${new Date(request.expires).toISOString()}`,
    );
  if (!holds(request, 'ask', request.asked, persons))
    throw new CustodyError('approval', `request ${request.id} is not genuine, or was changed`);
}

function holds(
  request: ApprovalRequest,
  role: 'ask' | 'approve',
  { by, at, signature }: z.infer<typeof signed>,
  persons: readonly Person[],
): boolean {
  const person = persons.find(({ name }) => name === by);
  if (!person) return false;
  const key = createPublicKey({ key: Buffer.from(person.spki, 'base64'), format: 'der', type: 'spki' });
  return verify(null, toSign(request, role, by, at), key, Buffer.from(signature, 'base64'));
}

/** One line for people. */
export const describe = ({ key, use, details }: Operation): string => {
  const more = Object.entries(details).map(([name, value]) => `${name} ${value}`);
  return `${use}, with the key ${key}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
};

/**
 * Who asks, and what he or she may do.
 *
 * @module
 */
import type { Account } from '../../store/accounts.ts';
import type { Role } from '../../store/tenancy-schema.ts';

export interface Actor {
  /** For the audit log. */
  readonly name: string;
  /** Missing for a program on the machine of the HISP, which acts as operator. */
  readonly account?: string;
  readonly role: Role;
  /** Null for operators. */
  readonly organization: string | null;
}

/** A program that has the token of the state folder. */
export const localOperator: Actor = { name: 'local', role: 'operator', organization: null };

export const actorOf = ({ id, name, role, organization }: Account): Actor => ({
  name,
  account: id,
  role,
  organization,
});

export type TenancyErrorCode = 'forbidden' | 'not-found' | 'invalid' | 'conflict';

/** The only error that the operations of tenancy give for what was asked. */
export class TenancyError extends Error {
  override readonly name = 'TenancyError';
  readonly code: TenancyErrorCode;
  constructor(code: TenancyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws {TenancyError} `forbidden` */
export function mustOperate(actor: Actor): void {
  if (actor.role !== 'operator') throw new TenancyError('forbidden', 'Only an operator may do this.');
}

/** @throws {TenancyError} `forbidden` for those who administer nothing */
export function mustAdminister(actor: Actor): void {
  if (actor.role === 'user') throw new TenancyError('forbidden', 'Only administrators may do this.');
}

/** Whether the actor administers what belongs to `organization`; null is what belongs to the HISP. */
export function administers(actor: Actor, organization: string | null): boolean {
  switch (actor.role) {
    case 'operator':
      return true;
    case 'organization-administrator':
      return organization !== null && organization === actor.organization;
    case 'user':
      return false;
  }
}

/**
 * What exists elsewhere is not told of: whoever does not administer it hears that it is not there.
 *
 * @throws {TenancyError} `forbidden` for users, `not-found`
 */
export function visible<T>(
  actor: Actor,
  found: T | undefined,
  organizationOf: (found: T) => string | null,
  what: string,
): T {
  mustAdminister(actor);
  if (found === undefined || !administers(actor, organizationOf(found))) {
    throw new TenancyError('not-found', `There is no ${what}.`);
  }
  return found;
}

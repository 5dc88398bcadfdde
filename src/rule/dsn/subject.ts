/**
 * A delivery status notification as rules see it: the message, and the report in it.
 *
 * @module
 */
import { type Dsn, readDsn } from '../../mail/dsn.ts';
import { type Entity, readEntity } from '../../mail/entity.ts';
import { defineRule, type Params, type Rule, type RuleParts } from '../rule.ts';

export interface DsnSubject {
  readonly entity: Entity;
  readonly notice: Dsn;
}

/** Undefined when the message is none. @throws {MailError} `limit`, `base64` */
export function dsnSubject(message: Uint8Array | Entity): DsnSubject | undefined {
  const entity = message instanceof Uint8Array ? readEntity(message) : message;
  const notice = readDsn(entity);
  return notice && { entity, notice };
}

type Parts<Item, P extends Params> = Omit<RuleParts<DsnSubject, Item, P>, 'madeAt'>;

/** A notice is always of today. */
export const dsnRule = <Item, P extends Params>(parts: Parts<Item, P>): Rule<DsnSubject> =>
  defineRule<DsnSubject, Item, P>({ ...parts, madeAt: (_, { at }) => at });

/**
 * A disposition notification as rules see it: the message, and the report in it.
 *
 * @module
 */

import { type Entity, readEntity } from '../../mail/entity.ts';
import { type Mdn, readMdn } from '../../mail/mdn.ts';
import { defineRule, type Params, type Rule, type RuleParts } from '../rule.ts';

export interface MdnSubject {
  readonly entity: Entity;
  readonly notice: Mdn;
}

/** Undefined when the message is none. @throws {MailError} `limit`, `base64` */
export function mdnSubject(message: Uint8Array | Entity): MdnSubject | undefined {
  const entity = message instanceof Uint8Array ? readEntity(message) : message;
  const notice = readMdn(entity);
  return notice && { entity, notice };
}

type Parts<Item, P extends Params> = Omit<RuleParts<MdnSubject, Item, P>, 'madeAt'>;

/** A notice is always of today. */
export const mdnRule = <Item, P extends Params>(parts: Parts<Item, P>): Rule<MdnSubject> =>
  defineRule<MdnSubject, Item, P>({ ...parts, madeAt: (_, { at }) => at });

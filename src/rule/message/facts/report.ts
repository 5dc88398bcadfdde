/**
 * Facts of the shell of a notification, `multipart/report`.
 *
 * @module
 */
import type { Entity } from '../../../mail/entity.ts';
import { readableParts } from './content.ts';
import type { Difference } from './header.ts';

/** What is wrong with the type of the report (REQ-MDN-04). @param kind `disposition-notification` */
export function reportTypeFault({ contentType }: Entity, kind: string): Difference | undefined {
  const found = contentType.parameters['report-type']?.trim() || 'none';
  return found.toLowerCase() === kind ? undefined : { what: 'report-type', expected: kind, found };
}

/** What is wrong with the parts: a text for people first, the fields second. @param type of the second */
export function reportPartsFault(
  entity: Entity,
  type: string,
): { readonly types: readonly string[] } | undefined {
  const types = readableParts(entity).map(({ contentType }) => contentType.type);
  const forPeople = types[0]?.startsWith('text/') || types[0] === 'multipart/alternative';
  return forPeople && types[1] === type && types.length <= 3 ? undefined : { types };
}

/** How a recipient field differs from `rfc822; address` (REQ-MDN-05). */
export function recipientFault(value: string | undefined): { readonly found: string } | undefined {
  const good = /^rfc822\s*;\s*[^\s@<>]+@[^\s@<>]+$/i.test(value ?? '');
  return good ? undefined : { found: value === undefined || value === '' ? 'none' : value.slice(0, 200) };
}

/** How an identifier differs from `<left@right>` (REQ-MDN-13). */
export function messageIdFault(entity: Entity): { readonly found: string } | undefined {
  const value = entity.header('message-id')?.trim();
  return /^<[^\s<>@]+@[^\s<>@]+>$/.test(value ?? '') ? undefined : { found: value?.slice(0, 200) || 'none' };
}

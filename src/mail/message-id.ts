/**
 * Message identifiers (RFC 5322 §3.6.4) and the threads they make.
 *
 * @module
 */
import type { Entity } from './entity.ts';

/**
 * The identifier as it is compared (wire-facts §7): without blanks and angle brackets at its ends, case kept.
 * Undefined when nothing is left.
 */
export function messageIdKey(text: string | undefined): string | undefined {
  const value = text ?? '';
  let start = 0;
  let end = value.length;
  while (start < end && /[\s<]/.test(value[start]!)) start++;
  while (end > start && /[\s>]/.test(value[end - 1]!)) end--;
  return start === end ? undefined : value.slice(start, end);
}

/** `<key>`, as it is written. */
export const bracketed = (id: string): string => `<${messageIdKey(id) ?? ''}>`;

/** The identifiers of a field that may list several: In-Reply-To, References. Compared form. */
export function messageIds(value: string | undefined): string[] {
  if (!value) return [];
  const listed = [...value.slice(0, 100_000).matchAll(/<([^<>]{1,998})>/g)].map((match) => match[1]!.trim());
  if (listed.length > 0) return listed;
  return value.split(/\s+/).flatMap((word) => messageIdKey(word) ?? []);
}

/** What the message answers: In-Reply-To, then the last of References. */
export function inReplyTo(entity: Entity): string | undefined {
  return messageIds(entity.header('in-reply-to'))[0] ?? messageIds(entity.header('references')).at(-1);
}

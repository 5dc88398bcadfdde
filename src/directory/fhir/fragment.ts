/**
 * Pieces of SQL with their values, put together without counting question marks.
 *
 * @module
 */
import type { SqlValue } from '../../store/handle.ts';

export interface Fragment {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

type Part = SqlValue | Fragment;

const isFragment = (part: Part): part is Fragment =>
  typeof part === 'object' && part !== null && 'sql' in part;

/** A template: fragments are put in, all else becomes a value. */
export function sql(texts: TemplateStringsArray, ...parts: readonly Part[]): Fragment {
  let text = texts[0]!;
  const values: SqlValue[] = [];
  for (const [i, part] of parts.entries()) {
    if (isFragment(part)) {
      text += part.sql;
      values.push(...part.values);
    } else {
      text += '?';
      values.push(part);
    }
    text += texts[i + 1]!;
  }
  return { sql: text, values };
}

/** Text of ours as it stands: names of tables and columns. */
export const raw = (text: string): Fragment => ({ sql: text, values: [] });

const joined = (parts: readonly Fragment[], word: string, none: string): Fragment =>
  parts.length === 0
    ? raw(none)
    : { sql: parts.map((part) => `(${part.sql})`).join(word), values: parts.flatMap((part) => part.values) };

export const every = (parts: readonly Fragment[]): Fragment => joined(parts, ' and ', '1');
export const some = (parts: readonly Fragment[]): Fragment => joined(parts, ' or ', '0');
export const NOTHING = raw('0');

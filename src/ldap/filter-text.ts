/**
 * Reads filters from text (RFC 4515). ldapts's own reader does not know attribute options, and discovery asks for
 * `userCertificate;binary`.
 *
 * @module
 */
import {
  AndFilter,
  ApproximateFilter,
  EqualityFilter,
  GreaterThanEqualsFilter,
  type Filter as LdaptsFilter,
  LessThanEqualsFilter,
  NotFilter,
  OrFilter,
  PresenceFilter,
  SubstringFilter,
} from 'ldapts';
import { LdapError } from './error.ts';
import type { Filter } from './filter.ts';

const LONGEST = 8192;
const DEPTH = 32;

const ITEM = /\(([A-Za-z0-9][A-Za-z0-9.;-]*)(=|>=|<=|~=)((?:[^\\()\0]|\\[0-9a-fA-F]{2})*)\)/y;

/** Extensible matches are not read: nobody in discovery asks so. @throws {LdapError} filter */
export function parseFilter(text: string): Filter {
  if (text.length > LONGEST) throw new LdapError('filter', `filter of ${text.length} characters`);
  const { filter, end } = readOne(text, 0, 1);
  if (end !== text.length) throw wrong(text, end, 'the end');
  return filter;
}

function readOne(text: string, at: number, depth: number): { filter: Filter; end: number } {
  if (depth > DEPTH) throw new LdapError('filter', `filter nested deeper than ${DEPTH}`);
  if (text[at] !== '(') throw wrong(text, at, '(');
  const sign = text[at + 1];
  if (sign !== '&' && sign !== '|' && sign !== '!') return readItem(text, at);
  const filters: Filter[] = [];
  let end = at + 2;
  while (text[end] === '(') {
    const inner = readOne(text, end, depth + 1);
    filters.push(inner.filter);
    end = inner.end;
  }
  if (text[end] !== ')') throw wrong(text, end, ')');
  if (sign !== '!') return { filter: { kind: sign === '&' ? 'and' : 'or', filters }, end: end + 1 };
  const [filter] = filters;
  if (!filter || filters.length > 1) throw new LdapError('filter', `not: ${filters.length} filters`);
  return { filter: { kind: 'not', filter }, end: end + 1 };
}

const KINDS = { '>=': 'greaterOrEqual', '<=': 'lessOrEqual', '~=': 'approx' } as const;

function readItem(text: string, at: number): { filter: Filter; end: number } {
  ITEM.lastIndex = at;
  const match = ITEM.exec(text);
  if (!match) throw wrong(text, at, '(attribute=value) with special characters escaped');
  const [, attribute = '', sign = '', value = ''] = match;
  const end = ITEM.lastIndex;
  if (sign !== '=') {
    return { filter: { kind: KINDS[sign as keyof typeof KINDS], attribute, value: octets(value) }, end };
  }
  if (value === '*') return { filter: { kind: 'present', attribute }, end };
  const parts = value.split('*').map(octets);
  if (parts.length === 1) return { filter: { kind: 'equal', attribute, value: parts[0]! }, end };
  const initial = parts[0]!;
  const final = parts.at(-1)!;
  const any = parts.slice(1, -1).filter((part) => part.length > 0);
  return {
    filter: {
      kind: 'substrings',
      attribute,
      any,
      ...(initial.length > 0 && { initial }),
      ...(final.length > 0 && { final }),
    },
    end,
  };
}

/** UTF-8 of the text with `\hh` as single octets. */
function octets(escaped: string): Buffer {
  const pieces = escaped.split(/\\([0-9a-fA-F]{2})/);
  return Buffer.concat(pieces.map((piece, index) => Buffer.from(piece, index % 2 ? 'hex' : 'utf8')));
}

const wrong = (text: string, at: number, expected: string): LdapError =>
  new LdapError('filter', `filter ${JSON.stringify(text.slice(0, 200))}: expected ${expected} at ${at}`);

/** The same filter in the form that ldapts sends. @throws {LdapError} filter: a form that it cannot send */
export function forLdapts(filter: Filter): LdaptsFilter {
  switch (filter.kind) {
    case 'and':
      return new AndFilter({ filters: filter.filters.map(forLdapts) });
    case 'or':
      return new OrFilter({ filters: filter.filters.map(forLdapts) });
    case 'not':
      return new NotFilter({ filter: forLdapts(filter.filter) });
    case 'present':
      return new PresenceFilter({ attribute: filter.attribute });
    case 'equal':
      return new EqualityFilter({ attribute: filter.attribute, value: Buffer.from(filter.value) });
    case 'substrings': {
      const { attribute, initial, any, final } = filter;
      return new SubstringFilter({
        attribute,
        any: any.map(utf8),
        ...(initial && { initial: utf8(initial) }),
        ...(final && { final: utf8(final) }),
      });
    }
    case 'greaterOrEqual':
      return new GreaterThanEqualsFilter({ attribute: filter.attribute, value: utf8(filter.value) });
    case 'lessOrEqual':
      return new LessThanEqualsFilter({ attribute: filter.attribute, value: utf8(filter.value) });
    case 'approx':
      return new ApproximateFilter({ attribute: filter.attribute, value: utf8(filter.value) });
    case 'extensible':
      throw new LdapError('filter', 'extensible matches are not sent');
  }
}

const utf8 = (value: Uint8Array): string => Buffer.from(value).toString('utf8');

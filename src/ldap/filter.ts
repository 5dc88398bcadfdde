/**
 * Search filters (RFC 4511 §4.5.1.7): their form, their text (RFC 4515), their truth.
 *
 * @module
 */
import { describeAttribute } from './attributes.ts';
import { comparableAs, hasSubstrings } from './comparison.ts';

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'present'; readonly attribute: string }
  | { readonly kind: 'equal'; readonly attribute: string; readonly value: Uint8Array }
  | {
      readonly kind: 'substrings';
      readonly attribute: string;
      readonly initial?: Uint8Array;
      readonly any: readonly Uint8Array[];
      readonly final?: Uint8Array;
    }
  /** Known forms that we do not evaluate; they are neither true nor false. */
  | {
      readonly kind: 'greaterOrEqual' | 'lessOrEqual' | 'approx' | 'extensible';
      readonly attribute: string;
      readonly value: Uint8Array;
    };

/** What a filter looks at. */
export interface Filterable {
  readonly byType: ReadonlyMap<string, FilterableAttribute>;
}
export interface FilterableAttribute {
  readonly values: readonly (string | Uint8Array)[];
  /** For text: the values as `comparable` gives them. */
  readonly comparable: readonly string[];
}

/** Three-valued: 1 true, 0 false, -1 undefined. */
export type Truth = 1 | 0 | -1;

export interface Predicate {
  test(entry: Filterable): Truth;
  /** How many comparisons one test costs, for limits. */
  readonly cost: number;
}

/**
 * Prepares a filter for many entries. `knows` tells whether a type exists at all: an assertion about a type that
 * nobody knows is undefined, one about a type that the entry lacks is false.
 *
 * Recursion is bounded by the guard's limit on nesting.
 */
export function compileFilter(filter: Filter, knows: (type: string) => boolean): Predicate {
  switch (filter.kind) {
    case 'and':
      return junction(filter.filters, 0, knows);
    case 'or':
      return junction(filter.filters, 1, knows);
    case 'not': {
      const inner = compileFilter(filter.filter, knows);
      const test = (entry: Filterable): Truth => {
        const truth = inner.test(entry);
        return truth === -1 ? -1 : truth === 1 ? 0 : 1;
      };
      return { test, cost: inner.cost };
    }
    case 'present':
      return assertion(filter.attribute, knows, (attribute) => (attribute.values.length > 0 ? 1 : 0));
    case 'equal':
      return equality(filter.attribute, filter.value, knows);
    case 'substrings':
      return substrings(filter, knows);
    default:
      return UNDEFINED;
  }
}

const UNDEFINED: Predicate = { test: () => -1, cost: 1 };

/** `and` is decided by a false part, `or` by a true one; else an undefined part leaves it undefined. */
function junction(filters: readonly Filter[], decides: Truth, knows: (type: string) => boolean): Predicate {
  const parts = filters.map((filter) => compileFilter(filter, knows));
  const otherwise: Truth = decides === 0 ? 1 : 0;
  return {
    test(entry) {
      let truth: Truth = otherwise;
      for (const part of parts) {
        const one = part.test(entry);
        if (one === decides) return decides;
        if (one === -1) truth = -1;
      }
      return truth;
    },
    cost: parts.reduce((sum, part) => sum + part.cost, 1),
  };
}

function assertion(
  attribute: string,
  knows: (type: string) => boolean,
  test: (attribute: FilterableAttribute) => Truth,
): Predicate {
  const { type, tagged } = describeAttribute(attribute);
  if (!knows(type)) return UNDEFINED;
  return {
    test(entry) {
      const found = entry.byType.get(type);
      return found && !tagged ? test(found) : 0;
    },
    cost: 1,
  };
}

function equality(attribute: string, value: Uint8Array, knows: (type: string) => boolean): Predicate {
  const { syntax, type } = describeAttribute(attribute);
  if (syntax === 'octets') {
    return assertion(attribute, knows, ({ values }) =>
      values.some((one) => typeof one !== 'string' && Buffer.compare(one, value) === 0) ? 1 : 0,
    );
  }
  const wanted = comparableAs(type, assertionText(value));
  return assertion(attribute, knows, (found) => (found.comparable.includes(wanted) ? 1 : 0));
}

function substrings(
  filter: Filter & { readonly kind: 'substrings' },
  knows: (type: string) => boolean,
): Predicate {
  const { syntax, type } = describeAttribute(filter.attribute);
  // No substring rule exists for certificates.
  if (syntax === 'octets' || !hasSubstrings(type)) return UNDEFINED;
  const part = (value: Uint8Array): string => {
    const text = assertionText(value);
    // a telephone number loses its blanks; of other values, blanks at the ends of a part count
    return / /.test(text) && comparableAs(type, 'a b') === 'a b'
      ? text.toLowerCase().replace(/ {2,}/g, ' ')
      : comparableAs(type, text);
  };
  const initial = filter.initial ? part(filter.initial) : '';
  const final = filter.final ? part(filter.final) : '';
  const any = filter.any.map(part);
  const matches = (value: string): boolean => {
    if (!value.startsWith(initial) || !value.endsWith(final)) return false;
    let at = initial.length;
    for (const piece of any) {
      const found = value.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at + final.length <= value.length;
  };
  const predicate = assertion(filter.attribute, knows, (found) => (found.comparable.some(matches) ? 1 : 0));
  return { ...predicate, cost: 2 + any.length };
}

/** An assertion value as text; octets that are not UTF-8 become U+FFFD. */
export const assertionText = (value: Uint8Array): string =>
  (Buffer.isBuffer(value) ? value : Buffer.from(value)).toString('utf8');

/**
 * A value for a filter text, so that nothing in it is read as syntax (RFC 4515 §3): `*`, `(`, `)`, `\`, NUL and
 * everything beyond ASCII as backslash and two hex digits. REQ-LDAP-12.
 */
export function escapeFilter(value: string | Uint8Array): string {
  let text = '';
  for (const octet of typeof value === 'string' ? Buffer.from(value, 'utf8') : value) {
    const plain = octet >= 0x20 && octet < 0x7f && octet !== 0x28 && octet !== 0x29;
    text +=
      plain && octet !== 0x2a && octet !== 0x5c
        ? String.fromCharCode(octet)
        : `\\${octet.toString(16).padStart(2, '0')}`;
  }
  return text;
}

const SIGNS = {
  equal: '=',
  greaterOrEqual: '>=',
  lessOrEqual: '<=',
  approx: '~=',
  extensible: ':=',
} as const;

/** The filter as text (RFC 4515), for evidence. */
export function formatFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.kind === 'and' ? '&' : '|'}${filter.filters.map(formatFilter).join('')})`;
    case 'not':
      return `(!${formatFilter(filter.filter)})`;
    case 'present':
      return `(${filter.attribute}=*)`;
    case 'substrings': {
      const { initial, any, final } = filter;
      const parts = [initial ?? new Uint8Array(), ...any, final ?? new Uint8Array()];
      return `(${filter.attribute}=${parts.map(escapeFilter).join('*')})`;
    }
    default:
      return `(${filter.attribute}${SIGNS[filter.kind]}${escapeFilter(filter.value)})`;
  }
}

/** Every equality assertion inside, with its value as text: what a search is about. */
export function equalities(filter: Filter): { attribute: string; value: string }[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(equalities);
    case 'not':
      return equalities(filter.filter);
    case 'equal':
      return [{ attribute: filter.attribute, value: assertionText(filter.value) }];
    default:
      return [];
  }
}

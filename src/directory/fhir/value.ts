/**
 * Values of search parameters, read (FHIR R4, 3.1.1.4): a comma means or, a vertical bar parts system and code, and a
 * backslash takes their meaning away.
 *
 * @module
 */
import { RESOURCE_TYPES, type ResourceType } from '../write/fhir-resources.ts';
import type { Handles, Thing } from './handles.ts';
import { type FhirError, problem } from './outcome.ts';

export type ParameterType = 'string' | 'token' | 'reference' | 'uri';

export type Modifier = 'exact' | 'contains' | 'missing';

export type Value =
  | { readonly kind: 'text'; readonly text: string; readonly modifier?: 'exact' | 'contains' }
  /** `system` undefined: any; '': none. */
  | { readonly kind: 'token'; readonly system: string | undefined; readonly code: string }
  /** Undefined: an id that is none of ours, which is nothing. */
  | { readonly kind: 'thing'; readonly thing: Thing | undefined };

const MAX_ALTERNATIVES = 20;
const MAX_TEXT = 200;

/** Splits at a character that has no backslash before it, and takes the backslashes away when `plain`. */
function split(text: string, at: ',' | '|', plain: boolean): string[] {
  const parts = [''];
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\\' && i + 1 < text.length) {
      i += 1;
      parts[parts.length - 1] += plain ? text[i]! : `\\${text[i]!}`;
    } else if (char === at) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

const bare = (text: string): string => split(text, ',', true).join(',');

export interface ValueContext {
  readonly handles: Handles;
  /** Where the resources are served, without a slash at its end. */
  readonly base: string;
  /** `http.` and the name of the parameter, for errors. */
  readonly at: string;
}

/** @throws {FhirError} */
export function readValues(
  type: ParameterType,
  text: string,
  modifier: 'exact' | 'contains' | undefined,
  targets: readonly ResourceType[],
  context: ValueContext,
): Value[] {
  const parts = split(text, ',', false);
  if (parts.length > MAX_ALTERNATIVES) {
    throw problem(
      400,
      'too-costly',
      `${parts.length} alternatives; expected at most ${MAX_ALTERNATIVES}.`,
      context.at,
    );
  }
  const one = (part: string): Value => {
    if (part.trim() === '') throw wrong(context, text, 'a value, and one behind each comma');
    if (part.length > MAX_TEXT) throw wrong(context, part, `at most ${MAX_TEXT} characters`);
    switch (type) {
      case 'string':
      case 'uri':
        return { kind: 'text', text: bare(part).trim(), ...(modifier ? { modifier } : {}) };
      case 'token':
        return tokenOf(part, context);
      case 'reference':
        return { kind: 'thing', thing: referenceOf(bare(part).trim(), targets, context) };
    }
  };
  return parts.map(one);
}

export const wrong = ({ at }: Pick<ValueContext, 'at'>, found: string, expected: string): FhirError =>
  problem(400, 'value', `Found "${found.slice(0, 80)}"; expected ${expected}.`, at);

function tokenOf(part: string, context: ValueContext): Value {
  const pieces = split(part, '|', true);
  if (pieces.length > 2) throw wrong(context, part, 'code, system|code or |code, with one vertical bar');
  const [system, code] = pieces.length === 2 ? pieces : [undefined, pieces[0]];
  if (code!.trim() === '') throw wrong(context, part, 'a code; a system alone is not searched for');
  return { kind: 'token', system: system?.trim(), code: code!.trim() };
}

function referenceOf(
  text: string,
  targets: readonly ResourceType[],
  context: ValueContext,
): Thing | undefined {
  const relative = text.startsWith(`${context.base}/`) ? text.slice(context.base.length + 1) : text;
  const pieces = relative.split('/');
  const expected = `${targets.map((one) => `${one}/id`).join(' or ')}, or the id alone`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(relative) || pieces.length > 2) {
    throw wrong(context, text, `a reference to this server: ${expected}`);
  }
  const [type, id] = pieces.length === 2 ? pieces : [undefined, pieces[0]];
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(id!)) throw wrong(context, text, expected);
  if (type === undefined) {
    return targets.map((one) => context.handles.thingOf(one, id!)).find((one) => one !== undefined);
  }
  const named = targets.find((one) => one === type);
  if (named) return context.handles.thingOf(named, id!);
  const known = RESOURCE_TYPES.some((one) => one === type);
  throw wrong(context, text, `${expected}${known ? `; a ${type} does not stand here` : ''}`);
}

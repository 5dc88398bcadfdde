/** Holds a resource against the published structure rules of FHIR R4, and says each fault with its place. */
import { INVARIANTS } from './invariants.ts';
import { BINDINGS, PRIMITIVES, STRUCTURES } from './structures.ts';

export interface Fault {
  /** FHIRPath of element names. */
  readonly at: string;
  readonly what: string;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Obj = { readonly [name: string]: Json };

interface Element {
  readonly name: string;
  readonly min: number;
  readonly many: boolean;
  readonly type: string;
  readonly targets: readonly string[];
}

const isObject = (value: unknown): value is Obj =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const elements = new Map<string, ReadonlyMap<string, Element>>(
  Object.entries(STRUCTURES).map(([name, text]) => [
    name,
    new Map(
      text
        .trim()
        .split('\n')
        .map((line) => {
          const [, element = '', min, max, type = '', targets] =
            /^\s*(\w+) (\d)\.\.(\d|\*) ([\w.]+)(?:\(([\w|]+)\))?$/.exec(line) ?? [];
          if (element === '') throw new Error(`the table has a line that is none: ${line}`);
          return [
            element,
            { name: element, min: Number(min), many: max === '*', type, targets: targets?.split('|') ?? [] },
          ];
        }),
    ),
  ]),
);

/** All faults of a resource; none: it is valid as far as these rules go. */
export function faultsOf(resource: unknown): Fault[] {
  const faults: Fault[] = [];
  const tell = (at: string, what: string): void => void faults.push({ at, what });
  checkResource(resource, '', tell);
  return faults;
}

type Tell = (at: string, what: string) => void;

function checkResource(value: unknown, at: string, tell: Tell): void {
  const type = isObject(value) ? value['resourceType'] : undefined;
  if (!isObject(value) || typeof type !== 'string' || !elements.has(type) || type.includes('.')) {
    tell(at, `no resource of a known type: ${String(type)}`);
    return;
  }
  const { resourceType: _, ...rest } = value;
  const path = at === '' ? type : at;
  checkStructure(rest, type, path, tell);
  for (const [key, rule] of Object.entries(INVARIANTS[type] ?? {})) {
    if (!holds(rule, value)) tell(path, `invariant ${key}`);
  }
}

const holds = (rule: (value: never) => boolean, value: Obj): boolean => {
  try {
    return rule(value as never);
  } catch {
    return false;
  }
};

function checkStructure(value: Obj, type: string, at: string, tell: Tell): void {
  const known = elements.get(type)!;
  if (Object.keys(value).length === 0) tell(at, 'an empty object');
  for (const name of Object.keys(value)) if (!known.has(name)) tell(`${at}.${name}`, 'no such element');
  for (const element of known.values()) {
    const found = value[element.name];
    const here = `${at}.${element.name}`;
    if (found === undefined) {
      if (element.min > 0) tell(here, 'required, and missing');
      continue;
    }
    if (element.many !== Array.isArray(found)) {
      tell(here, element.many ? 'expected a list' : 'expected one value, not a list');
      continue;
    }
    const list = Array.isArray(found) ? (found as readonly Json[]) : [found];
    if (list.length === 0) tell(here, 'an empty list');
    for (const [i, one] of list.entries()) {
      checkValue(one, element, `${type}.${element.name}`, element.many ? `${here}[${i}]` : here, tell);
    }
  }
  for (const [key, rule] of Object.entries(INVARIANTS[type] ?? {})) {
    if (!elements.get(type)!.has('id') && !holds(rule, value)) tell(at, `invariant ${key}`);
  }
}

function checkValue(value: Json, { type, targets }: Element, path: string, at: string, tell: Tell): void {
  if (value === null) {
    tell(at, 'null');
    return;
  }
  if (type === 'Resource') {
    checkResource(value, at, tell);
    return;
  }
  const primitive = PRIMITIVES[type];
  if (primitive) {
    if (typeof value !== primitive.json) {
      tell(at, `${type} as ${typeof value}`);
      return;
    }
    if (value === '') {
      tell(at, 'an empty string');
      return;
    }
    if (!primitive.form.test(String(value))) {
      tell(at, `no ${type}: ${String(value)}`);
      return;
    }
    if (type !== 'boolean' && String(value).trim() === '') tell(at, 'only blanks');
    if (controls(String(value))) tell(at, 'a control character');
    const binding = BINDINGS[path];
    if (binding && !binding.has(String(value))) tell(at, `not of the required value set: ${String(value)}`);
    if ((type === 'instant' || type === 'dateTime') && Number.isNaN(Date.parse(String(value)))) {
      tell(at, `no day of the calendar: ${String(value)}`);
    }
    return;
  }
  if (!isObject(value)) {
    tell(at, `${type} as ${typeof value}`);
    return;
  }
  if (type === 'Reference') {
    checkReference(value, targets, at, tell);
    return;
  }
  if (!elements.has(type)) {
    tell(at, `the table has no ${type}`);
    return;
  }
  checkStructure(value, type, at, tell);
}

const controls = (text: string): boolean =>
  [...text].some((char) => char < ' ' && char !== '\n' && char !== '\r' && char !== '\t');

function checkReference(value: Obj, targets: readonly string[], at: string, tell: Tell): void {
  const extra = Object.keys(value).filter(
    (name) => !['reference', 'type', 'identifier', 'display'].includes(name),
  );
  for (const name of extra) tell(`${at}.${name}`, 'no such element');
  const { reference } = value;
  if (typeof reference !== 'string') {
    if (value['identifier'] === undefined && value['display'] === undefined) tell(at, 'an empty reference');
    return;
  }
  const [, type] = /^(?:https?:\/\/\S+\/)?([A-Z]\w+)\/[A-Za-z0-9\-.]{1,64}$/.exec(reference) ?? [];
  if (type === undefined) tell(`${at}.reference`, `no literal reference: ${reference}`);
  else if (!targets.includes(type)) tell(`${at}.reference`, `to ${type}; expected ${targets.join(' or ')}`);
}

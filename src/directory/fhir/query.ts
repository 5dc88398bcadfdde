/**
 * A search as it is asked: names and values of the query, read by the table of parameters. All that is wrong with it is
 * told at once.
 *
 * @module
 */
import { nearest } from '../../outcome/nearest.ts';
import type { Reach } from '../access.ts';
import { RESOURCE_TYPES, type ResourceType } from '../write/fhir-resources.ts';
import { type Fragment, some, sql } from './fragment.ts';
import { FhirError, type Issue, problem } from './outcome.ts';
import { PARAMETERS, type Parameter, REFERENCES } from './parameters.ts';
import type { Sight } from './sight.ts';
import { readValues } from './value.ts';

export interface Include {
  readonly reverse: boolean;
  readonly source: ResourceType;
  readonly parameter: string;
  readonly target: ResourceType;
  /** Also from what was included. */
  readonly iterate: boolean;
}

export interface Query {
  readonly type: ResourceType;
  readonly criteria: readonly Fragment[];
  readonly includes: readonly Include[];
  readonly count: number;
  /** `count`: only how many; `true`: the elements that the standard calls the summary. */
  readonly summary: 'count' | 'true' | 'false';
  readonly elements: readonly string[] | undefined;
  /** Whether `total` is wanted. */
  readonly counted: boolean;
  /** Sealed mark of the page. */
  readonly page: string | undefined;
  /** Names and values that were used, as they stand in the link `self`. */
  readonly used: readonly (readonly [string, string])[];
  /** What was left out of account. */
  readonly ignored: readonly Issue[];
}

export interface QueryOptions {
  readonly base: string;
  readonly reach: Reach;
  /** Leaves out what is not known, and says so; else that is an error. */
  readonly lenient: boolean;
}

const MAX_PARAMETERS = 40;
const DEFAULT_COUNT = 20;
/** Served with the answer, not with the search. */
const OF_THE_ANSWER = new Set(['_format', '_pretty']);

type Pair = readonly [name: string, value: string];

/** @throws {FhirError} with an issue for each thing that is wrong */
export function readQuery(
  type: ResourceType,
  pairs: readonly Pair[],
  sight: Sight,
  { base, reach, lenient }: QueryOptions,
): Query {
  if (pairs.length > MAX_PARAMETERS) {
    throw problem(400, 'too-costly', `${pairs.length} parameters; expected at most ${MAX_PARAMETERS}.`);
  }
  const issues: Issue[] = [];
  const ignored: Issue[] = [];
  const used: Pair[] = [];
  const criteria: Fragment[] = [];
  let narrow = false;
  const spent = { texts: 0, others: 0 };
  const includes: Include[] = [];
  const found: {
    count?: number;
    summary?: Query['summary'];
    elements?: string[];
    counted?: boolean;
    page?: string;
  } = {};
  for (const [name, value] of pairs) {
    const at = `http.${name.slice(0, 80)}`;
    if (OF_THE_ANSWER.has(name)) continue;
    try {
      switch (name) {
        case '_count':
          found.count = wholeNumber(value, at);
          break;
        case '_summary':
          found.summary = oneOf<Query['summary']>(value, ['count', 'true', 'false'], at);
          break;
        case '_elements':
          found.elements = value
            .split(',')
            .map((one) => one.trim())
            .filter((one) => one !== '');
          break;
        case '_total':
          found.counted = oneOf(value, ['none', 'accurate', 'estimate'], at) !== 'none';
          break;
        case '_page':
          found.page = value;
          continue;
        case '_include':
        case '_include:iterate':
        case '_revinclude':
        case '_revinclude:iterate':
          includes.push(includeOf(type, name, value, at));
          break;
        default:
          criteria.push(criterion(type, name, value, { sight, base, at, spent }));
          narrow ||= narrows(type, name);
      }
      used.push([name, value]);
    } catch (error) {
      if (!(error instanceof FhirError)) throw error;
      // what is not known may be left out; a wrong value of something known may not
      const unknown = error.issues.every(({ code }) => code === 'not-supported');
      if (lenient && unknown) {
        ignored.push(...error.issues.map((issue) => ({ ...issue, severity: 'warning' as const })));
      } else issues.push(...error.issues);
    }
  }
  if (issues.length > 0) throw new FhirError(400, issues);
  if (!narrow && found.summary !== 'count' && !reach.listing) {
    const names = [...PARAMETERS[type].values()].filter(({ broad }) => !broad).map((one) => one.name);
    throw problem(
      403,
      'forbidden',
      `A search of ${type} without a criterion that narrows it lists the directory, which needs the right "bulk". Expected one of ${names.join(', ')}.`,
    );
  }
  const { count = DEFAULT_COUNT, summary = 'false', elements, counted = true, page } = found;
  return {
    type,
    criteria,
    includes,
    count: Math.min(count, reach.page),
    summary: count === 0 ? 'count' : summary,
    elements,
    counted,
    page,
    used,
    ignored,
  };
}

/** Whether a criterion that was read takes away more than a little. */
function narrows(type: ResourceType, name: string): boolean {
  if (name.endsWith(':missing')) return false;
  const [own = '', rest] = name.split('.', 2);
  const parameter = PARAMETERS[type].get(own.split(':', 1)[0]!);
  const target = parameter?.targets[0];
  return rest === undefined ? !parameter?.broad : target !== undefined && narrows(target, rest);
}

const namesOf = (type: ResourceType): string[] => [...PARAMETERS[type].keys()];

function wholeNumber(value: string, at: string): number {
  if (/^\d{1,6}$/.test(value)) return Number(value);
  throw problem(400, 'value', `Found "${value.slice(0, 40)}"; expected a whole number from 0 up.`, at);
}

function oneOf<T extends string>(value: string, known: readonly T[], at: string): T {
  const found = known.find((one) => one === value);
  if (found) return found;
  throw problem(400, 'value', `Found "${value.slice(0, 40)}"; expected ${known.join(', ')}.`, at);
}

const unknown = (type: ResourceType, name: string, at: string): FhirError => {
  const names = namesOf(type);
  const meant = nearest(name, names);
  return problem(
    400,
    'not-supported',
    `${type} is not searched by "${name.slice(0, 80)}"${meant ? ` (is "${meant}" meant?)` : ''}; expected one of ${names.join(', ')}, _count, _include, _revinclude, _summary, _elements, _total.`,
    at,
  );
};

/** What a criterion is read in. `spent`: values of the whole query so far. */
interface Asked {
  readonly sight: Sight;
  readonly base: string;
  readonly at: string;
  readonly spent: { texts: number; others: number };
}

/** Values of one search: texts are looked for in long lists. */
const AFFORDED = { texts: 20, others: 100 } as const;

/** One parameter of the query: its alternatives, and what they mean for the rows. */
function criterion(type: ResourceType, name: string, value: string, asked: Asked): Fragment {
  const { at } = asked;
  const dot = name.indexOf('.');
  if (dot > 0) return chained(type, name, value, asked);
  const [own = '', modifier] = name.split(':', 2);
  const parameter = PARAMETERS[type].get(own);
  if (!parameter) throw unknown(type, own, at);
  if (parameter.type === 'reference' && modifier !== undefined) {
    const target = parameter.targets.find((one) => one === modifier);
    if (target) return meaning(parameter, value, undefined, [target], asked);
  }
  const known = parameter.modifiers.find((one) => one === modifier);
  if (modifier !== undefined && known === undefined) {
    const expected = parameter.modifiers.map((one) => `${own}:${one}`);
    throw problem(
      400,
      'not-supported',
      `Found "${name.slice(0, 80)}"; expected ${[own, ...expected].join(', ')}.`,
      at,
    );
  }
  if (known === 'missing') {
    const missing = oneOf(value, ['true', 'false'], at) === 'true';
    return missing ? parameter.missing! : sql`not (${parameter.missing!})`;
  }
  return meaning(parameter, value, known, parameter.targets, asked);
}

function meaning(
  parameter: Parameter,
  value: string,
  modifier: 'exact' | 'contains' | undefined,
  targets: readonly ResourceType[],
  { sight, base, at, spent }: Asked,
): Fragment {
  const context = { handles: sight.handles, base, at };
  const values = readValues(parameter.type, value, modifier, targets, context);
  const kind = parameter.type === 'string' ? 'texts' : 'others';
  spent[kind] += values.length;
  if (spent[kind] > AFFORDED[kind]) {
    throw problem(
      400,
      'too-costly',
      `More than ${AFFORDED[kind]} ${kind === 'texts' ? 'texts' : 'codes and references'} in all; expected fewer alternatives, or several searches.`,
      at,
    );
  }
  return some(values.map((one) => parameter.condition(one, sight, at)));
}

/** `organization.name=…`, or `organization:Organization.name=…`: one step, on what the reference is to. */
function chained(type: ResourceType, name: string, value: string, asked: Asked): Fragment {
  const { at } = asked;
  const dot = name.indexOf('.');
  const [own = '', as] = name.slice(0, dot).split(':', 2);
  const parameter = PARAMETERS[type].get(own);
  const target = parameter?.targets[0];
  if (!parameter?.chain || target === undefined || (as !== undefined && as !== target)) {
    const chains = [...PARAMETERS[type].values()].filter(({ chain }) => chain).map((one) => `${one.name}.…`);
    throw problem(
      400,
      'not-supported',
      `Found "${name.slice(0, 80)}"; ${chains.length > 0 ? `expected a chain that begins with ${chains.join(', ')}` : `${type} has no chains`}.`,
      at,
    );
  }
  const rest = name.slice(dot + 1);
  if (rest.includes('.')) {
    throw problem(400, 'not-supported', `Found "${name.slice(0, 80)}"; expected a chain of one step.`, at);
  }
  return parameter.chain(criterion(target, rest, value, asked));
}

function includeOf(type: ResourceType, name: string, value: string, at: string): Include {
  const reverse = name.startsWith('_revinclude');
  const [from = '', parameter = '', to] = value.split(':');
  const source = RESOURCE_TYPES.find((one) => one === from);
  const target = source && REFERENCES[source][parameter];
  const iterate = name.endsWith(':iterate');
  // without iteration it begins, or ends, at what is searched for
  const fits = iterate || (reverse ? target === type : source === type);
  if (source && target && fits && (to === undefined || to === target)) {
    return { reverse, source, parameter, target, iterate };
  }
  const known = RESOURCE_TYPES.flatMap((one) =>
    Object.entries(REFERENCES[one])
      .filter(([, goal]) => (reverse ? goal === type : one === type))
      .map(([parameterName]) => `${one}:${parameterName}`),
  );
  throw problem(
    400,
    'not-supported',
    `Found "${name}=${value.slice(0, 80)}"; expected ${known.length > 0 ? known.join(', ') : `none, since nothing ${reverse ? `refers to ${type} here` : `is referred to by ${type}`}`}.`,
    at,
  );
}

/**
 * Reads scenario files: YAML to a checked scenario per variant, or errors at line and column.
 *
 * @module
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, Scalar } from 'yaml';
import type { z } from 'zod';
import { nearest } from '../outcome/nearest.ts';
import { type NameProblem, unknownNames } from './names.ts';
import { type Scenario, type ScenarioFile, scenarioFileSchema, scenarioSchema } from './schema.ts';

export interface ScenarioProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export const formatProblem = (problem: ScenarioProblem): string =>
  `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;

/** All that is wrong with one or more scenario files. */
export class ScenarioFileError extends Error {
  override readonly name = 'ScenarioFileError';
  readonly problems: readonly ScenarioProblem[];
  constructor(problems: readonly ScenarioProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** A scenario with one of its variants laid over it. */
export interface VariantOf {
  /** undefined when the file has no variants. */
  readonly variant: string | undefined;
  readonly scenario: Scenario;
}

/**
 * Every variant of the scenario in `text`, with `{D}` and `{base}` still in place.
 *
 * @throws {ScenarioFileError} with every problem found
 */
export function readScenarioFile(text: string, file: string): VariantOf[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number) => {
    const position = lines.linePos(offset);
    return { file, line: position.line, column: position.col };
  };
  if (document.errors.length > 0) {
    throw new ScenarioFileError(
      document.errors.map((error) => ({ ...at(error.pos[0]), message: error.message })),
    );
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const locate: Locate = (path, within) => {
    const inside = within && placeWithin(text, lines, nodeAt(document.contents, path), within);
    return inside ? { file, ...inside } : at(offsetOf(document.contents, path));
  };
  const parsed = scenarioFileSchema.safeParse(value);
  if (!parsed.success) {
    throw new ScenarioFileError(parsed.error.issues.flatMap((issue) => problemsOf(issue, value, locate)));
  }
  return variantsOf(parsed.data, value as Record<string, unknown>, locate);
}

type Locate = (
  path: readonly PropertyKey[],
  within?: NameProblem['within'],
) => Omit<ScenarioProblem, 'message'>;

function variantsOf(file: ScenarioFile, value: Record<string, unknown>, locate: Locate): VariantOf[] {
  const { variants: _variants, $schema: _schema, ...base } = value;
  if (!file.variants) {
    const scenario = scenarioSchema.parse(base);
    const unknown = unknownNames(scenario);
    if (unknown.length > 0) {
      throw new ScenarioFileError(
        unknown.map(({ path, message, within }) => ({ ...locate(path, within), message: at(path, message) })),
      );
    }
    return [{ variant: undefined, scenario }];
  }
  const problems: ScenarioProblem[] = [];
  const out: VariantOf[] = [];
  for (const [variant, patch] of Object.entries(file.variants)) {
    const merged = merge(base, patch);
    const parsed = scenarioSchema.safeParse(merged);
    if (parsed.success) {
      out.push({ variant, scenario: parsed.data });
      for (const { path, message, within } of unknownNames(parsed.data)) {
        // What a variant does not change stands in the file itself.
        const place = valueAt(patch, path.slice(0, 1)) === undefined ? path : ['variants', variant, ...path];
        problems.push({ ...locate(place, within), message: at(path, `${message} (variant ${variant})`) });
      }
    } else {
      const here: Locate = (path) => locate(['variants', variant, ...path]);
      problems.push(...parsed.error.issues.flatMap((issue) => problemsOf(issue, merged, here)));
    }
  }
  if (problems.length > 0) throw new ScenarioFileError(problems);
  return out;
}

const at = (path: readonly PropertyKey[], message: string): string =>
  `${path.map(String).join('.')}: ${message}`;

/** Objects are merged key by key; everything else of `patch` replaces what stood there. `null` takes a key away. */
function merge(base: unknown, patch: unknown): unknown {
  if (!isPlain(base) || !isPlain(patch)) return patch;
  const out: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merge(base[key], value);
  }
  return out;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function problemsOf(issue: z.core.$ZodIssue, value: unknown, locate: Locate): ScenarioProblem[] {
  const where = issue.path.length ? `${issue.path.map(String).join('.')}: ` : '';
  const found = valueAt(value, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const guess = KNOWN_KEYS.has(key) ? undefined : nearest(key, KNOWN_KEYS);
        const hint = KNOWN_KEYS.has(key)
          ? '; it belongs elsewhere in the file'
          : guess
            ? `; did you mean "${guess}"?`
            : '';
        return { ...locate([...issue.path, key]), message: `${where}unknown key "${key}"${hint}` };
      });
    case 'invalid_value': {
      const guess = typeof found === 'string' ? nearest(found, issue.values.map(String)) : undefined;
      const hint = guess ? `; did you mean "${guess}"?` : '';
      const expected = issue.values.map((candidate) => JSON.stringify(candidate)).join(', ');
      return [
        {
          ...locate(issue.path),
          message: `${where}found ${show(found)}, expected one of ${expected}${hint}`,
        },
      ];
    }
    case 'invalid_type':
      return [
        { ...locate(issue.path), message: `${where}found ${show(found)}, expected ${aKind(issue.expected)}` },
      ];
    case 'invalid_union':
      return [{ ...locate(issue.path), message: `${where}found ${show(found)}${oneOf(issue, found)}` }];
    default:
      return [{ ...locate(issue.path), message: `${where}found ${show(found)}; ${issue.message}` }];
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  array: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
  boolean: 'true or false',
};

const aKind = (expected: string): string => KINDS[expected] ?? `a ${expected}`;

/** What a value of several possible forms may be: the key that each form begins with, or its kind. */
function oneOf({ errors }: z.core.$ZodIssueInvalidUnion, found: unknown): string {
  const missing = errors.flatMap((form) =>
    form.flatMap((issue) =>
      issue.code === 'invalid_type' && issue.path.length === 1 ? [issue.path[0]!] : [],
    ),
  );
  const keys = [...new Set(missing.map(String))];
  if (isPlain(found) && keys.length > 0) {
    const guess = Object.keys(found).map((key) => nearest(key, keys))[0];
    return `, expected one of ${keys.join(', ')}${guess ? `; did you mean "${guess}"?` : ''}`;
  }
  const kinds = errors.flatMap((form) =>
    form.flatMap((issue) =>
      issue.code === 'invalid_type' && issue.path.length === 0 ? [issue.expected] : [],
    ),
  );
  return kinds.length > 0 ? `, expected ${[...new Set(kinds)].map(aKind).join(' or ')}` : '';
}

const KNOWN_KEYS = collectKeys(scenarioFileSchema);

/** Every key of every object in the schema, for guesses. */
function collectKeys(schema: unknown, seen = new Set<unknown>(), keys = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return keys;
  seen.add(schema);
  const def = (schema as { def?: Record<string, unknown> }).def;
  if (!def) return keys;
  if (isPlain(def['shape'])) {
    for (const [key, inner] of Object.entries(def['shape'])) {
      keys.add(key);
      collectKeys(inner, seen, keys);
    }
  }
  for (const part of [
    def['innerType'],
    def['element'],
    def['valueType'],
    ...((def['options'] as unknown[]) ?? []),
  ]) {
    collectKeys(part, seen, keys);
  }
  return keys;
}

const show = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
  return at;
}

/** Offset of the deepest node on the path that exists: of the key where the last step is one. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => String(item.key) === String(step));
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}

function nodeAt(root: Node | null, path: readonly PropertyKey[]): unknown {
  let node: unknown = root;
  for (const step of path) {
    if (isMap(node)) node = node.get(String(step), true);
    else if (isSeq(node)) node = node.get(Number(step), true);
    else return undefined;
  }
  return node;
}

/** The place in the file of a place in a literal block (`key: |`); undefined for other texts. */
function placeWithin(
  text: string,
  lines: LineCounter,
  node: unknown,
  within: { readonly line: number; readonly column: number },
): { readonly line: number; readonly column: number } | undefined {
  if (!isScalar(node) || node.type !== Scalar.BLOCK_LITERAL || !node.range) return undefined;
  const line = lines.linePos(node.range[0]).line + within.line;
  const inFile = text.split('\n')[line - 1] ?? '';
  const inText = String(node.value).split('\n')[within.line - 1] ?? '';
  return { line, column: inFile.trimEnd().length - inText.trimEnd().length + within.column };
}

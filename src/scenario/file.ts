/**
 * Reads scenario files: YAML to a checked scenario per variant, or errors at line and column.
 *
 * @module
 */
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { nearest } from '../outcome/nearest.ts';
import { unknownNames } from './names.ts';
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
  const locate = (path: readonly PropertyKey[]) => at(offsetOf(document.contents, path));
  const parsed = scenarioFileSchema.safeParse(value);
  if (!parsed.success) {
    throw new ScenarioFileError(parsed.error.issues.flatMap((issue) => problemsOf(issue, value, locate)));
  }
  return variantsOf(parsed.data, value as Record<string, unknown>, locate);
}

function variantsOf(
  file: ScenarioFile,
  value: Record<string, unknown>,
  locate: (path: readonly PropertyKey[]) => Omit<ScenarioProblem, 'message'>,
): VariantOf[] {
  const { variants: _variants, $schema: _schema, ...base } = value;
  if (!file.variants) {
    const scenario = scenarioSchema.parse(base);
    const unknown = unknownNames(scenario);
    if (unknown.length > 0) {
      throw new ScenarioFileError(
        unknown.map(({ path, message }) => ({ ...locate(path), message: at(path, message) })),
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
      for (const { path, message } of unknownNames(parsed.data)) {
        // What a variant does not change stands in the file itself.
        const place = valueAt(patch, path.slice(0, 1)) === undefined ? path : ['variants', variant, ...path];
        problems.push({ ...locate(place), message: at(path, `${message} (variant ${variant})`) });
      }
    } else {
      const here = (path: readonly PropertyKey[]) => locate(['variants', variant, ...path]);
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

function problemsOf(
  issue: z.core.$ZodIssue,
  value: unknown,
  locate: (path: readonly PropertyKey[]) => Omit<ScenarioProblem, 'message'>,
): ScenarioProblem[] {
  const where = issue.path.length ? `${issue.path.map(String).join('.')}: ` : '';
  const found = valueAt(value, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const guess = nearest(key, KNOWN_KEYS);
        return {
          ...locate([...issue.path, key]),
          message: `${where}unknown key "${key}"${guess ? `; did you mean "${guess}"?` : ''}`,
        };
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
    default:
      return [{ ...locate(issue.path), message: `${where}found ${show(found)}; ${issue.message}` }];
  }
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

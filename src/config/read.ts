/**
 * Reads a YAML file against a strict schema and says exactly where it goes wrong.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { isMap, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { nearest } from '../outcome/nearest.ts';
import { ConfigError, type Problem } from './error.ts';

type Path = readonly (string | number)[];

/**
 * Parses YAML text into what `schema` describes, defaults filled in.
 *
 * @throws {ConfigError} `syntax` when it is not YAML, `invalid` with every mistake at its line and column
 */
export function readYaml<S extends z.ZodType>(text: string, schema: S, file: string): z.output<S> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new ConfigError(
      'syntax',
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        const said = error.message.split(/ at line \d+/)[0]!.replace(/:$/, '');
        return {
          file,
          line,
          column: col,
          path: '',
          found: `text that is not YAML (${said})`,
          expected: 'valid YAML',
        };
      }),
    );
  }
  const root = document.contents as Node | null;
  const at = (path: Path, key?: string): Pick<Problem, 'line' | 'column'> => {
    const offset = offsetOf(root, path, key);
    if (offset === undefined) return {};
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const value: unknown = document.toJS() ?? {};
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, schema, value, file, at));
  throw new ConfigError('invalid', problems.sort(byPlace));
}

const byPlace = (a: Problem, b: Problem): number =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

/**
 * Reads a file as `readYaml` does its text.
 *
 * @throws {ConfigError} `unreadable` when there is no such file
 */
export function readYamlFile<S extends z.ZodType>(path: string, schema: S): z.output<S> {
  return readYaml(fileText(path), schema, path);
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const found = code === 'ENOENT' ? 'no such file' : code;
    throw new ConfigError('unreadable', [{ file: path, path: '', found, expected: 'a readable YAML file' }]);
  }
}

function problemsOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  value: unknown,
  file: string,
  at: (path: Path, key?: string) => Pick<Problem, 'line' | 'column'>,
): Problem[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  const found = describe(valueAt(value, path));
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      return {
        file,
        ...at(path, key),
        path: pathText([...path, key]),
        found: 'an unknown key',
        expected: known.length > 0 ? `one of ${known.join(', ')}` : 'no keys here',
        ...(near === undefined ? {} : { nearest: near }),
      };
    });
  }
  const words = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const near = nearest(String(valueAt(value, path) ?? ''), words);
  return [
    {
      file,
      ...at(path),
      path: pathText(path),
      found,
      expected: expectation(issue),
      ...(near === undefined ? {} : { nearest: near }),
    },
  ];
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : article(issue.expected);
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'too_small':
      return `at least ${issue.minimum}`;
    default:
      return issue.message.replace(/^expected /, '');
  }
}

const article = (type: string): string =>
  ({ array: 'a list', object: 'keys and values', record: 'keys and values', boolean: 'true or false' })[
    type
  ] ?? (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys and values';
  return typeof value === 'string' ? JSON.stringify(value) : `${typeof value} ${String(value)}`;
}

const pathText = (path: Path): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Record<string | number, unknown> | undefined | null)?.[part],
    value,
  );
}

/** Where the value at `path` (or its key `key`) starts; the nearest enclosing place when it is missing. */
function offsetOf(root: Node | null, path: Path, key?: string): number | undefined {
  let node: Node | null = root;
  for (const part of path) {
    let next: unknown;
    if (isMap(node)) next = pairOf(node, String(part))?.value;
    else if (isSeq(node)) next = node.items[Number(part)];
    if (!next) break;
    node = next as Node;
  }
  if (key !== undefined && isMap(node)) {
    const found = pairOf(node, key)?.key as Node | undefined;
    if (found?.range) return found.range[0];
  }
  return node?.range?.[0];
}

const pairOf = (map: YAMLMap, key: string) =>
  map.items.find((pair) => String((pair.key as { value?: unknown } | null)?.value ?? pair.key) === key);

/** The keys that the schema knows at `path`, through optional and default wrappers, lists, maps and unions. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  const inner = unwrap(schema);
  const [part, ...rest] = path;
  if (inner instanceof z.ZodUnion) {
    return [...new Set(inner.options.flatMap((option) => keysAt(option as z.ZodType, path)))];
  }
  if (part === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  if (inner instanceof z.ZodObject) {
    const next = (inner.shape as Record<string, z.ZodType | undefined>)[String(part)];
    return next ? keysAt(next, rest) : [];
  }
  if (inner instanceof z.ZodArray) return keysAt(inner.element as z.ZodType, rest);
  if (inner instanceof z.ZodRecord) return keysAt(inner.valueType as z.ZodType, rest);
  return [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  ) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodPipe ? unwrap(schema.in as z.ZodType) : schema;
}

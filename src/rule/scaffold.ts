/**
 * A new rule: its file, its line in the list, its cases in the test. What still has to be written is marked, and a test
 * fails as long as a mark is left.
 *
 * @module
 */
import { AREAS, type Area } from './rule.ts';

/** Left in what the scaffolder wrote until somebody replaces it. */
export const MARK = 'REPLACE-ME';

export class ScaffoldError extends Error {
  override readonly name = 'ScaffoldError';
}

export interface Scaffold {
  readonly area: Area;
  readonly name: string;
  readonly variable: string;
  readonly file: string;
  readonly source: string;
}

const ID = new RegExp(`^(${AREAS.join('|')})/([a-z0-9]+(?:-[a-z0-9]+)*)$`);

/** @param id `certificate/serial-positive` @throws {ScaffoldError} it is no name of a rule */
export function scaffold(id: string): Scaffold {
  const match = ID.exec(id);
  if (!match)
    throw new ScaffoldError(
      `found "${id}"; expected <area>/<name>, such as certificate/serial-positive (areas: ${AREAS.join(', ')})`,
    );
  const area = match[1] as Area;
  const name = match[2]!;
  const variable = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const source = template(TEMPLATES[area], `${area}/${name}`, variable);
  return { area, name, variable, file: `src/rule/${area}/${name}.ts`, source };
}

interface Template {
  /** What makes a rule of the area. */
  readonly maker: string;
  readonly cites: string;
  /** From `applies` or `items` to the end of `check`. */
  readonly lines: readonly string[];
}

const NOTICE = {
  cites: 'REQ-DN-12',
  lines: [
    'items: ({ notice }) => [notice],',
    `check: ({ fields }) => (fields.length > 0 ? undefined : { found: '${MARK}' }),`,
  ],
};

const TEMPLATES: Readonly<Record<Area, Template>> = {
  certificate: {
    maker: 'certificateRule',
    cites: 'REQ-CERT-01',
    lines: [
      "applies: ({ role }) => role === 'direct',",
      `check: (certificate) => (certificate.version === 3 ? undefined : { found: '${MARK}' }),`,
    ],
  },
  bundle: {
    maker: 'refusalRule',
    cites: 'REQ-TB-01',
    lines: [`refusals: ['format'], // ${MARK}: or make a note in trust/bundle and a noteRule here`],
  },
  zone: {
    maker: 'zoneRule',
    cites: 'REQ-DNS-06',
    lines: [
      'items: ({ certs }) => certs,',
      'where: ({ name }: { readonly name: string }) => name,',
      `check: ({ unreadable }) => (unreadable === undefined ? undefined : { found: '${MARK}' }),`,
    ],
  },
  message: {
    maker: 'messageRule',
    cites: 'REQ-AS-38',
    lines: [
      'items: ({ entity }) => [entity],',
      `check: ({ headers }) => (headers.length > 0 ? undefined : { found: '${MARK}' }),`,
    ],
  },
  mdn: { maker: 'mdnRule', ...NOTICE },
  dsn: { maker: 'dsnRule', ...NOTICE },
};

const template = ({ maker, cites, lines }: Template, id: string, variable: string): string =>
  [
    `import { ${maker} } from './subject.ts';`,
    '',
    `export const ${variable} = ${maker}({`,
    `  id: '${id}',`,
    `  title: '${MARK}: what is right, in one sentence',`,
    ...(maker === 'refusalRule' ? [] : ["  level: 'must',"]),
    `  cites: ['${cites}'],`,
    ...lines.map((line) => `  ${line}`),
    ...(maker === 'refusalRule' ? [] : [`  text: ({ found }) => \`found \${found}; expected ${MARK}\`,`]),
    '});',
    '',
  ].join('\n');

/** The list of an area with one more rule: an import in order, and a last line. @throws {ScaffoldError} it is there */
export function withRule(index: string, { name, variable }: Pick<Scaffold, 'name' | 'variable'>): string {
  const line = `import { ${variable} } from './${name}.ts';`;
  if (index.includes(`'./${name}.ts'`)) throw new ScaffoldError(`the rule ${name} is in the list already`);
  const lines = index.split('\n');
  const fileOf = (text: string): string => /^import \{ \w+ \} from '(\.\/[\w-]+\.ts)'/.exec(text)?.[1] ?? '';
  const after = lines.findLastIndex((text) => fileOf(text) !== '' && fileOf(text) < `./${name}.ts`);
  const first = lines.findIndex((text) => fileOf(text) !== '');
  lines.splice(after < 0 ? first : after + 1, 0, line);
  return lines.join('\n').replace(/\n\];\n$/, `\n  ${variable},\n];\n`);
}

/** The cases of an area, whose list ends the file, with three more, one of each kind. */
export function withCases(test: string, { area, name }: Pick<Scaffold, 'area' | 'name'>): string {
  const end = test.lastIndexOf('\n];');
  const cases = ['pass', 'fail', 'na'].map(
    (status) => `  ['${area}/${name}', '${MARK}', {}, '${status}'],\n`,
  );
  return `${test.slice(0, end)}\n\n  // ${MARK}: what passes, what does not, and what the rule says nothing about\n${cases.join('')}${test.slice(end + 1)}`;
}

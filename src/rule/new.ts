/** `npm run new:rule <area>/<name>`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ScaffoldError, scaffold, withCases, withRule } from './scaffold.ts';

const root = resolve(import.meta.dirname, '../..');
const edit = (path: string, change: (text: string) => string): void => {
  const file = resolve(root, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  process.stdout.write(`  ${path}\n`);
};

try {
  const made = scaffold(process.argv[2] ?? '');
  const file = resolve(root, made.file);
  if (existsSync(file)) throw new ScaffoldError(`${made.file} is there already`);
  edit(`src/rule/${made.area}/index.ts`, (text) => withRule(text, made));
  edit(`test/rule/${made.area}-cases.ts`, (text) => withCases(text, made));
  writeFileSync(file, made.source);
  process.stdout.write(
    `  ${made.file}\nWrite the rule and its cases, then: npm run rules && npx vitest run test/rule\n`,
  );
} catch (error) {
  if (!(error instanceof ScaffoldError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

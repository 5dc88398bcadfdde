import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version in package.json, which lies two folders up in a clone and three in the published package. */
export function version(): string {
  const file = ['../../package.json', '../../../package.json']
    .map((path) => join(import.meta.dirname, path))
    .find((path) => existsSync(path));
  const { version: text } = JSON.parse(readFileSync(file!, 'utf8')) as { version: string };
  return text;
}

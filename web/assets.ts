/**
 * The few files that pages load: all from this machine, each under a name that changes with its content.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const packages = createRequire(import.meta.url);

const own = (name: string) => {
  const beside = join(import.meta.dirname, 'static', name);
  // the published program lies in dist/, its static files beside it
  return existsSync(beside) ? beside : join(import.meta.dirname, '../../web/static', name);
};

const FILES: Readonly<Record<string, { path: string; type: string }>> = {
  'anchorage.css': { path: own('anchorage.css'), type: 'text/css; charset=utf-8' },
  'desk.css': { path: own('desk.css'), type: 'text/css; charset=utf-8' },
  'directory.css': { path: own('directory.css'), type: 'text/css; charset=utf-8' },
  'explain.css': { path: own('explain.css'), type: 'text/css; charset=utf-8' },
  'readiness.css': { path: own('readiness.css'), type: 'text/css; charset=utf-8' },
  'enrollment.css': { path: own('enrollment.css'), type: 'text/css; charset=utf-8' },
  'watch.css': { path: own('watch.css'), type: 'text/css; charset=utf-8' },
  'trust.css': { path: own('trust.css'), type: 'text/css; charset=utf-8' },
  'anchor.svg': { path: own('anchor.svg'), type: 'image/svg+xml' },
  'htmx.js': { path: packages.resolve('htmx.org/dist/htmx.min.js'), type: 'text/javascript; charset=utf-8' },
  'sse.js': {
    path: packages.resolve('htmx.org/dist/ext/hx-sse.min.js'),
    type: 'text/javascript; charset=utf-8',
  },
};

export interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly hash: string;
}

const loaded = new Map<string, Asset>();

/** The file, read once; undefined when pages have no such file. */
export function asset(name: string): Asset | undefined {
  const known = loaded.get(name);
  if (known) return known;
  const file = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  if (!file) return undefined;
  const body = new Uint8Array(readFileSync(file.path));
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const found = { body, type: file.type, hash };
  loaded.set(name, found);
  return found;
}

export const assetUrl = (name: keyof typeof FILES & string): string =>
  `/static/${name}?v=${asset(name)?.hash}`;

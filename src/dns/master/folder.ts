/**
 * A folder of zone files: each `*.zone` is one zone; what they include lies in the same folder or under it.
 *
 * @module
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { DnsError } from '../error.ts';
import type { Zone } from '../zone.ts';
import { type Placed, parseZone } from './index.ts';

export interface ZoneFolder {
  readonly zones: readonly Zone[];
  /** `file:line:column: …`, of all files. */
  readonly errors: readonly string[];
}

/** Longest zone or include file, in octets. */
const MAX_FILE = 64 * 1024 * 1024;

/**
 * Reads every `*.zone` of the folder, in order of name.
 *
 * @throws when the folder itself cannot be read
 */
export function readZoneFolder(
  folder: string,
  options: { readonly place?: (name: string) => readonly Placed[] } = {},
): ZoneFolder {
  const root = realpathSync(folder);
  const zones: Zone[] = [];
  const errors: string[] = [];
  for (const file of readdirSync(root)
    .filter((name) => name.endsWith('.zone'))
    .sort()) {
    try {
      const zone = parseZone(readWithin(root, file), {
        file,
        include: (path) => readWithin(root, path),
        ...(options.place && { place: options.place }),
      });
      const twice = zones.some((other) => other.origin === zone.origin);
      if (twice)
        errors.push(`${file}:1:1: the zone ${zone.origin}. stands in another file too; keep one of them`);
      else zones.push(zone);
    } catch (error) {
      if (!(error instanceof DnsError)) throw error;
      errors.push(...error.message.split('\n'));
    }
  }
  return { zones, errors };
}

/** Links are followed only as far as the folder goes. */
function readWithin(root: string, path: string): string {
  let real: string;
  try {
    real = realpathSync(join(root, path));
  } catch {
    throw new DnsError('value', `there is no file ${path} in the folder of the zone files`);
  }
  if (!real.startsWith(root + sep))
    throw new DnsError('value', `${path} leads out of the folder of the zone files`);
  const { size } = statSync(real);
  if (size > MAX_FILE)
    throw new DnsError('value', `${path} has ${size} octets, at most ${MAX_FILE} are read`);
  return readFileSync(real, 'utf8');
}

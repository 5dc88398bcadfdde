/**
 * What was held against the rules, and what came of it.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { RuleResult } from '../../rule/index.ts';
import type { Kind } from './kind.ts';

export interface Linted {
  readonly file: string;
  readonly kind: Kind;
  /** Of a certificate its subject and names, of a zone its origin, of a message its Message-ID. */
  readonly title: string;
  readonly sha256?: string;
  /** Set when the file cannot be read as what it should be. */
  readonly unreadable?: string;
  readonly results: readonly RuleResult[];
  /** Lines of the file by what a finding names, lower case: owner names of a zone. */
  readonly lines?: ReadonlyMap<string, number>;
}

export const unreadable = (file: string, kind: Kind, why: string, bytes?: Uint8Array): Linted => ({
  file,
  kind,
  title: basename(file),
  ...(bytes && { sha256: sha256Of(bytes) }),
  unreadable: why,
  results: [],
});

/** Lower hex. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

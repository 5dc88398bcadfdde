/**
 * What a file holds, held against the rules of what it is.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import type { RuleContext } from '../../rule/index.ts';
import { Failure } from '../failure.ts';
import { cutFromMessage } from './bare-cms.ts';
import { lintBundleFile } from './bundles.ts';
import { lintCertificates } from './certificates.ts';
import { type Kind, kindOf } from './kind.ts';
import { type Linted, unreadable } from './linted.ts';
import { lintMessage, lintNotice } from './messages.ts';
import { lintZone } from './zones.ts';

export interface LintPlace {
  /** What the file holds; undefined: by its looks. */
  readonly kind?: Kind | undefined;
  /** Where a bundle was fetched. */
  readonly url?: string | undefined;
  /** File with what the envelope of the message holds. */
  readonly opened?: string | undefined;
}

/** @throws {Failure} it cannot be opened */
export function lintFile(file: string, place: LintPlace, context: RuleContext): Linted[] {
  const bytes = open(file);
  const kind = place.kind ?? kindOf(bytes);
  const cut = place.kind === undefined && kind === 'bundle' ? cutFromMessage(bytes) : undefined;
  if (cut !== undefined) return [unreadable(file, 'message', cut, bytes)];
  switch (kind) {
    case 'certificate':
      return lintCertificates(file, bytes, context);
    case 'bundle':
      return lintBundleFile(file, bytes, context, place.url);
    case 'zone':
      return lintZone(file, bytes, context);
    case 'message': {
      const opened = place.opened === undefined ? undefined : open(place.opened);
      // who says that it is a message says that it travels as it stands
      return lintMessage(file, bytes, context, { opened, travelled: place.kind === 'message' || undefined });
    }
    case 'mdn':
    case 'dsn':
      return lintNotice(file, bytes, context, kind);
  }
}

function open(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`, { exitCode: 2 });
  }
}

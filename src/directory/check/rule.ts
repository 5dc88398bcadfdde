/**
 * What a compliance check is (directory §4): one rule a file, which says of an entry what is wrong, field by field.
 *
 * @module
 */
import type { Contributor } from '../directory.ts';
import type { Entry } from '../entries.ts';
import type { NpiType } from '../npi-types.ts';
import type { Column } from '../record.ts';
import type { CertificateFacts } from './facts.ts';

/** The faults of one field. */
export interface FieldFault {
  readonly field: Column;
  readonly value: string;
  /** In the order: missing, character set, structure, length, guess. */
  readonly faults: readonly string[];
  /** Ends the sentence: what was expected, or what to do. */
  readonly closing?: string;
}

export interface CheckContext {
  /** The day of the publication, ms UTC. */
  readonly at: number;
  /** Days after which a verification, and an entry, count as old. */
  readonly verifiedDays: number;
  readonly updatedDays: number;
  /** What discovery found, when it was asked. */
  readonly factsOf: (entry: Entry) => CertificateFacts | undefined;
  /** Other entries of the same address. */
  readonly sameAddress: (entry: Entry) => readonly Entry[];
  /** Whose number it is by the NPPES table; undefined: no table is loaded, or it does not have the number. */
  readonly npiType: (npi: string) => NpiType | undefined;
  readonly contributor: (id: string) => Contributor | undefined;
}

export interface ComplianceRule {
  readonly code: string;
  readonly category: 'format' | 'certificate' | 'publication';
  /** What is right, in one sentence. */
  readonly title: string;
  readonly check: (entry: Entry, context: CheckContext) => readonly FieldFault[];
}

/** The reason in words: `` `FIELD` 'value': fault, fault; expected … `` for each field, and a full stop. */
export function reason(faults: readonly FieldFault[]): string {
  const parts = faults.map(
    ({ field, value, faults: wrong, closing }) =>
      `\`${field}\` '${quoted(value)}': ${wrong.join(', ')}${closing ? `; ${closing}` : ''}`,
  );
  return `${parts.join('; ')}.`;
}

/** At most 200 characters, control characters as `\u00XX`. */
const quoted = (value: string): string =>
  value
    .slice(0, 200)
    .replace(
      /[\u0000-\u001f\u007f]/g,
      (character) => `\\u00${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );

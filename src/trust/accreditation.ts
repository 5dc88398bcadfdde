/**
 * The accreditation record of a HISP: programme, time and evidence, as stated by the operator. Nobody here judges whether
 * it is true; what can be judged is whether a record that was stated is in force.
 *
 * @module
 */
import { z } from 'zod';

const day = z.iso.date({ error: 'expected a date such as 2026-01-31' });

/** Who is said to have found a HISP fit, and until when. */
export const accreditationSchema = z.strictObject({
  programme: z.string(),
  /** First day. */
  from: day,
  /** Last day. */
  to: day,
  /** Number of the record, a report, a letter. */
  evidence: z.string().optional(),
});

export type Accreditation = z.output<typeof accreditationSchema>;

/** What a participation policy asks of a record. */
export interface AccreditationAsked {
  readonly required: boolean;
  /** Programmes that count; none: any. */
  readonly programmes: readonly string[];
  readonly evidence: boolean;
}

const DAY = 86_400_000;

/** When a record is over: the last day counts whole. Milliseconds since 1970 UTC. */
export const accreditationEnd = ({ to }: Accreditation): number => Date.parse(to) + DAY;

/** Where a record stands. @param at ms since 1970 UTC */
export const accreditationState = (record: Accreditation, at: number): 'in force' | 'not begun' | 'ended' => {
  if (at < Date.parse(record.from)) return 'not begun';
  return at >= accreditationEnd(record) ? 'ended' : 'in force';
};

/** Why no record meets what is asked; empty when one does. Of several, the one that lacks least is spoken of. */
export function accreditationRefusal(
  records: readonly Accreditation[],
  asked: AccreditationAsked,
  at: number,
): readonly string[] {
  if (!asked.required) return [];
  const [first, ...rest] = records.map((record) => lacking(record, asked, at));
  if (!first) return ['it has no accreditation record'];
  return rest.reduce((least, one) => (one.length < least.length ? one : least), first);
}

function lacking(record: Accreditation, asked: AccreditationAsked, at: number): string[] {
  const { programme, from, to, evidence } = record;
  const state = accreditationState(record, at);
  return [
    ...(asked.programmes.length > 0 && !asked.programmes.includes(programme)
      ? [`its accreditation record names ${programme}; the policy asks for ${asked.programmes.join(' or ')}`]
      : []),
    ...(state === 'not begun' ? [`its accreditation record begins on ${from}`] : []),
    ...(state === 'ended' ? [`its accreditation record ended on ${to}`] : []),
    ...(asked.evidence && !evidence ? ['its accreditation record names no evidence'] : []),
  ];
}

/** One line, without a full stop. */
export const accreditationText = ({ programme, from, to, evidence }: Accreditation): string =>
  `${programme}, ${from} to ${to}${evidence ? `, ${evidence}` : ''}`;

/**
 * What an operator checks before an organization is accepted: a data file of the network, with its source.
 *
 * @module
 */
import { z } from 'zod';
import type { EnrollmentCheck } from '../../store/enrollment-schema.ts';
import type { JoinRequest } from './request.ts';

const id = z.string().regex(/^[a-z0-9-]{1,40}$/);

export const checklistSchema = z.strictObject({
  source: z.string(),
  recorded: z.coerce.string(),
  levels: z.array(z.strictObject({ id, title: z.string(), default: z.boolean().default(false) })).min(1),
  documents: z.array(z.strictObject({ id, title: z.string() })).min(1),
  items: z
    .array(
      z.strictObject({
        id,
        title: z.string(),
        how: z.string(),
        levels: z.array(id).min(1),
        /** Only where the request has this. */
        when: z.enum(['npi']).optional(),
      }),
    )
    .min(1),
});

export type Checklist = Readonly<z.output<typeof checklistSchema>>;
export type ChecklistItem = Checklist['items'][number];

export const defaultLevel = ({ levels }: Checklist): string =>
  (levels.find((one) => one.default) ?? levels[0]!).id;

/** The items that a level asks for of this request. */
export const itemsFor = (
  { items }: Checklist,
  level: string,
  request: Pick<JoinRequest, 'npi'>,
): ChecklistItem[] =>
  items.filter((item) => item.levels.includes(level) && (item.when !== 'npi' || request.npi !== null));

/** Items that nobody has checked yet. */
export const unchecked = (
  items: readonly ChecklistItem[],
  checks: readonly Pick<EnrollmentCheck, 'item'>[],
): ChecklistItem[] => items.filter((item) => !checks.some((check) => check.item === item.id));

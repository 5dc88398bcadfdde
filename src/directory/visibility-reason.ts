/**
 * Why an entry is shown to whom it is shown, for those who decide about it.
 *
 * @module
 */
import { type Choice, choiceOf, type Visibility } from './choices.ts';
import type { Directory } from './directory.ts';
import type { Entry } from './entries.ts';
import { isOfPatient } from './patient.ts';
import { standingOf } from './standing.ts';

export type VisibilityReason =
  | { readonly kind: 'patient' }
  /** It could not be verified since then, ms UTC. */
  | { readonly kind: 'hidden'; readonly since: number }
  | { readonly kind: 'choice'; readonly choice: Choice }
  | { readonly kind: 'default' };

export interface Shown {
  readonly visibility: Visibility;
  readonly reason: VisibilityReason;
}

/** What `visibilityOf` says of the entry, and why. */
export function visibilityReason(directory: Directory, entry: Entry): Shown {
  if (isOfPatient(entry)) return { visibility: 'never', reason: { kind: 'patient' } };
  const { state, since } = standingOf(entry, directory.host.now());
  if (state === 'hidden' && since !== undefined)
    return { visibility: 'never', reason: { kind: 'hidden', since } };
  const [choice] = keysOf(entry).flatMap(({ subject, key }) => choiceOf(directory, subject, key) ?? []);
  return choice
    ? { visibility: choice.choice, reason: { kind: 'choice', choice } }
    : { visibility: 'participants', reason: { kind: 'default' } };
}

/** What may be chosen of, the nearest first. */
export function keysOf({
  record,
  contributor,
}: Pick<Entry, 'record' | 'contributor'>): readonly Pick<Choice, 'subject' | 'key'>[] {
  return [
    { subject: 'address', key: record.DIRECT_ADDRESS },
    ...(record.ORG_UID === ''
      ? []
      : [{ subject: 'organization' as const, key: `${contributor}/${record.ORG_UID}` }]),
    { subject: 'contributor', key: contributor },
  ];
}

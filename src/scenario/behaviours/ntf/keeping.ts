/**
 * Keeping the books of delivery notification in ways of one's own.
 *
 * @module
 */
import type { NoticeParts } from '../../../hisp/notice-parts.ts';
import type { HispParts } from '../../../hisp/parts.ts';
import type { Tracked, TrackingEvent, TrackingStep } from '../../../hisp/transition.ts';

type Apply = (parts: HispParts) => HispParts;

/** What an event does, changed. */
export const inBooks =
  (change: (step: TrackingStep, tracked: Tracked, event: TrackingEvent) => TrackingStep): Apply =>
  (parts) => ({
    ...parts,
    transition: (tracked, event) => change(parts.transition(tracked, event), tracked, event),
  });

/** One element of reading, matching or making notices, changed. */
export const inNotices =
  (change: (notices: NoticeParts) => Partial<NoticeParts>): Apply =>
  (parts) => ({ ...parts, notices: { ...parts.notices, ...change(parts.notices) } });

/**
 * Making a message in ways of one's own: a stage replaced, or what it is given or leaves changed.
 *
 * @module
 */
import type { Draft } from '../../../agent/draft.ts';
import type { NamedStage } from '../../../agent/parts.ts';
import type { HispParts } from '../../../hisp/parts.ts';
import { staged } from '../behaviour.ts';

type Stages = readonly NamedStage<Draft>[];
type Apply = (parts: HispParts) => HispParts;

export const inComposing =
  (change: (stages: Stages) => Stages): Apply =>
  (parts) => ({ ...parts, compose: change(parts.compose) });

/** One stage, done in another way. */
export const instead = (name: string, run: (draft: Draft) => Draft): Apply =>
  inComposing((stages) => staged(stages, name, run));

/** What one stage is given, changed. */
export const given = (name: string, change: (draft: Draft) => Draft): Apply =>
  inComposing((stages) => staged(stages, name, (draft, run) => run(change(draft))));

/** What one stage leaves, changed. */
export const left = (name: string, change: (draft: Draft) => Draft): Apply =>
  inComposing((stages) => staged(stages, name, async (draft, run) => change(await run(draft))));

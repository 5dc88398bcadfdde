/**
 * What the page's runs and the thread that does them say to each other.
 *
 * @module
 */
import type { Event, ScenarioReport } from '../../scenario/index.ts';

/** One run, as it is asked for. */
export interface ScenarioWork {
  readonly run: string;
  readonly seed: number;
  readonly twins: boolean;
  readonly version: string;
  readonly selectors: readonly string[];
}

/** What the thread tells. `index` counts the selected scenarios, in catalogue order. */
export type ScenarioNews =
  | { readonly kind: 'start'; readonly index: number }
  | {
      readonly kind: 'result';
      readonly index: number;
      readonly report: ScenarioReport;
      readonly events: readonly Event[];
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'failure'; readonly why: string };

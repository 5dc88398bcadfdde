/**
 * What was said at the submission server and what became of what was handed in, out of the evidence.
 *
 * @module
 */
import { z } from 'zod';
import type { Scope } from '../../verifier.ts';
import { arrivedFor, type RunView } from '../../view.ts';

const exchange = z.looseObject({
  op: z.literal('exchange'),
  part: z.enum(['main', 'control']),
  as: z.string().optional(),
  said: z.string(),
  heard: z.string(),
  text: z.string(),
});
const handed = z.looseObject({
  step: z.literal('handed'),
  part: z.enum(['main', 'control']),
  to: z.array(z.string()),
  heard: z.string(),
});

export interface Exchange {
  readonly event: number;
  readonly said: string;
  readonly heard: string;
  readonly text: string;
}

/** The exchanges that a scenario calls by this name. */
export const exchangesOf = (view: RunView, as: string, scope: Scope): Exchange[] =>
  view.events.flatMap((event) => {
    const parsed = exchange.safeParse(event.summary);
    if (!parsed.success || parsed.data.as !== as || parsed.data.part !== scope.part) return [];
    const { said, heard, text } = parsed.data;
    return [{ event: event.n, said, heard, text }];
  });

export interface Handed {
  readonly event: number;
  /** Lower case, in order. */
  readonly to: readonly string[];
  readonly heard: string;
}

/** The messages that were handed in, with the last reply to each. */
export const handedIn = (view: RunView, scope: Scope): Handed[] =>
  view.events.flatMap((event) => {
    const parsed = handed.safeParse(event.summary);
    if (!parsed.success || parsed.data.part !== scope.part) return [];
    const to = parsed.data.to.map((address) => address.toLowerCase()).sort();
    return [{ event: event.n, to, heard: parsed.data.heard }];
  });

/** The messages that arrived, each once although it may have come in several transactions, by their recipients. */
export function arrivals(
  view: RunView,
  scope: Scope,
): { readonly to: readonly string[]; readonly event: number }[] {
  const ofControl = new Set(arrivedFor(view, 'control'));
  const messages =
    scope.part === 'main' ? view.arrived.filter((message) => !ofControl.has(message)) : [...ofControl];
  return [...Map.groupBy(messages, ({ blob }) => blob).values()].map((same) => ({
    to: [...new Set(same.flatMap(({ rcptTo }) => rcptTo))].sort(),
    event: same[0]!.event,
  }));
}

/**
 * What the testers saw of a publisher, picked from the evidence.
 *
 * @module
 */
import type { z } from 'zod';
import type { Finding } from '../../outcome/check.ts';
import { type LookedUp, lookedUpSchema } from '../looked-up.ts';
import { found, type Scope, type Verdict } from './verifier.ts';
import type { RunView } from './view.ts';

export type Seen<T> = T & { readonly event: number };

/** The look-up of this id in the part that is judged. */
export const lookUpOf = (view: RunView, id: string, scope: Scope): Seen<LookedUp> | undefined =>
  stepOf(view, lookedUpSchema, id, scope);

/** The step of this id and shape, with the number of its event. */
export function stepOf<T extends { readonly id: string; readonly part: string }>(
  view: RunView,
  schema: z.ZodType<T>,
  id: string,
  { part }: Scope,
): Seen<T> | undefined {
  for (const event of view.events) {
    if (event.kind !== 'step') continue;
    const parsed = schema.safeParse(event.summary);
    if (parsed.success && parsed.data.id === id && parsed.data.part === part)
      return { ...parsed.data, event: event.n };
  }
  return undefined;
}

/** The scenario asks for what none of its steps did. */
export function notDone(what: string, scope: Scope): Verdict {
  const params = { what, why: 'no step of this scenario did it' };
  const finding = found('error', { code: 'testbed.failure', params }, [], scope);
  return { status: 'error', reason: 'the testbed could not judge', findings: [finding] };
}

/** As it should be. */
export const right = (what: string, seen: string, evidence: readonly number[], scope: Scope): Finding =>
  found('info', { code: 'observed.seen', params: { what, found: seen } }, evidence, scope);

/** Not as it should be: `fail` for what a peer must do, `warn` for what it should. */
export const wrong = (
  level: 'fail' | 'warn',
  differs: { readonly what: string; readonly expected: string; readonly found: string },
  evidence: readonly number[],
  scope: Scope,
): Finding => found(level, { code: 'observed.differs', params: differs }, evidence, scope);

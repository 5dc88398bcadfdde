/**
 * A sequence of steps that survives a stop in the middle: each is written down when it is done, none is begun before
 * the one in front of it, and each may be done twice without harm.
 *
 * @module
 */
import { writeAudit } from '../../store/audit.ts';
import { orderedSteps, putOrderedStep } from '../../store/departures.ts';
import type { OrderedStepRow } from '../../store/enrollment-schema.ts';
import { atomically } from '../../store/scope.ts';
import { type Actor, TenancyError } from '../tenancy/actor.ts';
import type { TenancyWorld } from '../tenancy/change.ts';

/** `said`: what it did; `waits`: what has to happen first. */
export type StepResult =
  | { readonly done: true; readonly said: string }
  | { readonly done: false; readonly waits: string };

export interface SequenceStep<C> {
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** From here on there is no way back. */
  readonly irreversible?: true;
  /** Finds out what is there already. @throws {TenancyError} what an operator has to mend */
  run(context: C): Promise<StepResult>;
}

export interface Sequence {
  /** `enrollment/ID` or `departure/ID`. */
  readonly process: string;
  /** For the audit log. */
  readonly subject: string;
  readonly organization: string;
}

/** A step as it stands. */
export interface StepView {
  readonly id: string;
  readonly title: string;
  readonly irreversible: boolean;
  readonly state: OrderedStepRow['state'] | 'ahead';
  /** ms since 1970 UTC */
  readonly at?: number;
  readonly said?: string;
}

/**
 * Does what can be done now.
 *
 * @returns whether all is done
 * @throws what a step threw that is no `TenancyError`; it counts as not done
 */
export async function runSequence<C>(
  world: TenancyWorld,
  actor: Actor,
  { process, subject, organization }: Sequence,
  steps: readonly SequenceStep<C>[],
  context: C,
): Promise<boolean> {
  const kind = process.split('/')[0]!;
  const known = new Map((await orderedSteps(world.scope, process)).map((row) => [row.step, row]));
  for (const step of steps) {
    if (known.get(step.id)?.state === 'done') continue;
    if (step.irreversible && !known.has(step.id)) {
      // written before it happens: nobody takes it for not begun
      const begun = { state: 'waits' as const, done_at: null, said: 'begun' };
      await putOrderedStep(world.scope, { process, step: step.id, tried_at: world.host.now(), ...begun });
    }
    const result = await step.run(context).catch((error: unknown) => {
      if (error instanceof TenancyError) return { done: false as const, failed: error.message };
      throw error;
    });
    const now = world.host.now();
    const row = { process, step: step.id, tried_at: now };
    if (!result.done) {
      const failed = 'failed' in result;
      const said = failed ? result.failed : result.waits;
      await putOrderedStep(world.scope, { ...row, state: failed ? 'failed' : 'waits', done_at: null, said });
      return false;
    }
    await atomically(world.scope, async (inside) => {
      await putOrderedStep(inside, { ...row, state: 'done', done_at: now, said: result.said });
      const action = `${kind}.${step.id}`;
      const detail = { said: result.said };
      await writeAudit(inside, { at: now, actor: actor.name, action, subject, organization, detail });
    });
  }
  return true;
}

/** The steps of a sequence, in order, as they stand. */
export async function stepViews<C>(
  world: Pick<TenancyWorld, 'scope'>,
  process: string,
  steps: readonly SequenceStep<C>[],
): Promise<StepView[]> {
  const known = new Map((await orderedSteps(world.scope, process)).map((row) => [row.step, row]));
  return steps.map(({ id, title, irreversible = false }): StepView => {
    const row = known.get(id);
    if (!row) return { id, title, irreversible, state: 'ahead' };
    const at = row.done_at ?? row.tried_at;
    return {
      id,
      title,
      irreversible,
      state: row.state,
      at,
      ...(row.said === null ? {} : { said: row.said }),
    };
  });
}

/**
 * What a step of a scenario can do. Each step stands in a file of its own.
 *
 * @module
 */
import type { Host, Random } from '../../net/host.ts';
import type { Step } from '../schema.ts';

/** The edge of the system under test, as a user of it has it. */
export interface Edge {
  /** The address that messages are sent from. */
  readonly address: string;
  submit(message: { from: string; to: readonly string[]; bytes: Uint8Array }): Promise<void>;
}

export interface StepContext {
  /** The machine of the person who tests. */
  readonly host: Host;
  readonly edge: Edge;
  readonly random: Random;
  readonly part: 'main' | 'control';
}

/** Does one kind of step. `T` is the shape that the schema gives it. */
export interface StepKind<K extends string = string> {
  readonly kind: K;
  run(step: Extract<Step, Record<K, unknown>>, context: StepContext): Promise<void>;
}

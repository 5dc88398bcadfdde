/**
 * What a step of a scenario can do. Each step stands in a file of its own.
 *
 * @module
 */
import type { Host, Random } from '../../net/host.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Issued } from '../../pki/issue.ts';
import type { BundlePublisher } from '../fixtures/bundles.ts';
import type { Consumer } from '../fixtures/consumer.ts';
import type { Looker } from '../fixtures/looker.ts';
import type { Step } from '../schema.ts';

/** The edge of the system under test, as a user of it has it. */
export interface Edge {
  /** The address that messages are sent from. */
  readonly address: string;
  submit(message: { from: string; to: readonly string[]; bytes: Uint8Array }): Promise<void>;
}

/** Ways into the system under test that need no edge: messages of our own making. */
export interface Outside {
  /** The certificate that messages to its user are encrypted to. */
  readonly recipient: Certificate;
  /** @throws {PlanError} no such role, or one that is not a certificate */
  signer(caseId: string, role: string): Issued;
  /** Over SMTP, to its mail server. */
  deliver(message: { from: string; to: readonly string[]; bytes: Uint8Array }): Promise<void>;
}

export interface StepContext {
  /** The machine of the person who tests. */
  readonly host: Host;
  readonly edge: Edge;
  readonly outside: Outside;
  /** Of a network with trust bundles. */
  readonly bundles: BundlePublisher | undefined;
  /** How the system under test takes them. */
  readonly consumer: Pick<Consumer, 'crashAt'> | undefined;
  /** Looks up what the system under test publishes. */
  readonly looker: Looker;
  /** The case that the scenario is. */
  readonly case: string;
  readonly random: Random;
  readonly part: 'main' | 'control';
}

/** Does one kind of step. `T` is the shape that the schema gives it. */
export interface StepKind<K extends string = string> {
  readonly kind: K;
  run(step: Extract<Step, Record<K, unknown>>, context: StepContext): Promise<void>;
}

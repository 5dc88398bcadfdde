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
import type { ReadingPlaces } from '../fixtures/reading-edge.ts';
import type { OwnKey } from '../own-schema.ts';
import type { Step } from '../schema.ts';
import type { SubmissionAccess } from './talking/conversation.ts';

/** The edge of the system under test, as a user of it has it. */
export interface Edge {
  /** The address that messages are sent from. */
  readonly address: string;
  /** Where its mail program hands in. */
  readonly submission: SubmissionAccess;
  /** Where it reads. */
  readonly reading: ReadingPlaces;
  /** A person sends what is to be sent: nobody knows its Message-ID beforehand. */
  readonly byHand?: boolean;
  /** @returns why the message was not taken; undefined when it was */
  submit(message: {
    from: string;
    to: readonly string[];
    bytes: Uint8Array;
    /** It asks for notice of delivery, as its header says. */
    requests?: boolean;
  }): Promise<string | undefined>;
  /**
   * The mails that it shows to one of its users, oldest first, as they can be fetched by POP3 or IMAP. `pending`:
   * messages that wait in its queue, where that can be seen.
   */
  read(address: string): Promise<{ readonly mails: readonly Uint8Array[]; readonly pending?: number }>;
}

/** Ways into the system under test that need no edge: messages of our own making. */
export interface Outside {
  /** The certificate that messages to a user of it are encrypted to. @throws {PlanError} nobody of this address */
  recipient(address: string): Certificate;
  /** URL of pages that nobody but a victim would fetch. */
  readonly pages: string;
  /** @throws {PlanError} no such role, or one that is not a certificate */
  signer(caseId: string, role: string): Issued;
  /** Over SMTP, to its mail server. @returns its last word on each recipient, or why there is none */
  deliver(message: {
    from: string;
    to: readonly string[];
    bytes: Uint8Array;
  }): Promise<Readonly<Record<string, string>>>;
}

/** What steps change while time goes on. */
export interface ChangingWorld {
  /** @throws {PlanError} no such certificate */
  keys(keys: readonly OwnKey[]): void;
  /** @throws {PlanError} no such authority */
  authority(change: Extract<Step, { authority: unknown }>['authority']): void;
  machine(name: string, state: 'down' | 'up'): void;
  /** @throws {PlanError} the records cannot be read */
  zone(records: string): void;
  /** Starts or stops one machine of the system under test. */
  node(name: 'first' | 'second', state: 'down' | 'up'): Promise<void>;
  /** Sets the clock of the system under test back. */
  setBack(ms: number): void;
  /** Until then its books cannot be written. */
  outage(until: number): void;
}

/** A message that a step has sent. */
export interface Told {
  readonly messageId: string;
  readonly bytes: Uint8Array;
  readonly inner: Uint8Array;
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
  readonly world: ChangingWorld;
  /** Messages of earlier steps, by their id. */
  readonly told: Map<string, Told>;
  /** Looks up what the system under test publishes. */
  readonly looker: Looker;
  /** The case that the scenario is. */
  readonly case: string;
  readonly random: Random;
  readonly part: 'main' | 'control';
  /** How a step lets time pass; by the clock of `host` if absent. */
  readonly pass?: (ms: number, part: StepContext['part']) => Promise<void>;
  /** The longest that a silent client waits to be hung up on, in milliseconds; as the step says if absent. */
  readonly silence?: number;
}

/** Does one kind of step. `T` is the shape that the schema gives it. */
export interface StepKind<K extends string = string> {
  readonly kind: K;
  run(step: Extract<Step, Record<K, unknown>>, context: StepContext): Promise<void>;
}

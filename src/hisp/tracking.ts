/**
 * Outcomes of recipients: the books are changed and the sender is told in one transaction, so that nobody is told
 * twice or never (hisp-behaviour §5).
 *
 * @module
 */
import type { Cause } from '../outcome/cause.ts';
import { writeJournal } from '../store/mailbox.ts';
import { advance, type Progress, recipientOf, recipientsOf } from '../store/queue.ts';
import type { MessageRow, RecipientRow } from '../store/schema.ts';
import type { Scope } from '../store/scope.ts';
import { type Failure, putFailureNotice } from './failure-notice.ts';
import { timersOf } from './members.ts';
import type { TrackedState, TrackingEvent, TrackingStep } from './transition.ts';
import { domainOf, localDomain, tell, type World } from './world.ts';

/** Something that happened to one recipient of a message of ours. */
export interface Occurrence {
  readonly address: string;
  /** What it means for the sender's books. Not for messages that are not tracked. */
  readonly event?: TrackingEvent;
  /** What it means for the queue. */
  readonly progress?: Progress;
  /** When it was encrypted, in the same work. */
  readonly encryptedAt?: number;
  /** What would make it pass. */
  readonly cure?: string;
}

const TRACKED: readonly string[] = ['open', 'processed', 'dispatched', 'failed', 'timed-out'];

/**
 * Writes down what happened to some recipients of one message in one step. Those who failed stand in one notice to
 * the sender. Runs inside a transaction.
 */
export async function record(
  world: World,
  inside: Scope,
  message: MessageRow,
  occurrences: readonly Occurrence[],
): Promise<TrackingStep[]> {
  const failures: Failure[] = [];
  const steps: TrackingStep[] = [];
  const all = await world.parts.notices.concerned(occurrences, () => recipientsOf(inside, message.id));
  for (const occurrence of all) {
    const step = await recordOne(world, inside, message, occurrence);
    if (!step) continue;
    steps.push(step.step);
    if (step.step.tell === 'failure' && step.step.cause) {
      failures.push({
        recipient: step.row,
        cause: step.step.cause,
        ...(step.step.status ? { status: step.step.status } : {}),
        ...(occurrence.cure ? { cure: occurrence.cure } : {}),
      });
    }
  }
  if (failures.length > 0) await putFailureNotice(world, inside, message, failures);
  return steps;
}

async function recordOne(
  world: World,
  inside: Scope,
  message: MessageRow,
  { address, event, progress, encryptedAt }: Occurrence,
): Promise<{ row: RecipientRow; step: TrackingStep } | undefined> {
  for (;;) {
    const row = await recipientOf(inside, message.id, address);
    if (!row) return undefined;
    const tracked = TRACKED.includes(row.state) && event !== undefined;
    const step = tracked ? stepFor(world, message, row, event) : undefined;
    // what is ended stays ended, whatever an attempt that was under way reports
    const queue = row.stage === 'ended' ? {} : progress;
    const change: Progress = { ...queue, ...(step ? changeOf(world, message, row, step) : {}) };
    // somebody else changed the row in between: look at it again
    if (!(await advance(inside, row, change))) continue;
    if (TRACKED.includes(row.state)) await journalProgress(world, inside, message, row, change, encryptedAt);
    if (!step) return undefined;
    if (step.note) await journalNote(world, inside, message, row, step.note);
    if (step.state !== row.state) tellState(world, message, row, step);
    return { row, step };
  }
}

/** What the event would do to the books of this recipient. */
export function stepFor(
  world: World,
  message: MessageRow,
  row: RecipientRow,
  event: TrackingEvent,
): TrackingStep {
  return world.parts.transition(
    {
      state: row.state as TrackedState,
      requested: message.delivery_requested === 1,
      domain: row.domain,
      messageId: message.internet_id ?? message.id,
      minutes: Math.max(0, Math.round((world.host.now() - message.received_at) / 60_000)),
      lenient: localDomain(world, domainOf(message.envelope_from))?.lenientDispatch === true,
    },
    event,
  );
}

function changeOf(world: World, message: MessageRow, row: RecipientRow, step: TrackingStep): Progress {
  const timer_at =
    step.timer === 'stop'
      ? null
      : step.timer === 'second'
        ? message.received_at +
          timersOf(world.config, world.timers, domainOf(message.envelope_from)).dispatchedMs
        : row.timer_at;
  // what was told to the sender as failed is never sent afterwards
  return {
    state: step.state,
    timer_at,
    ...(step.ends ? { stage: 'ended' as const, next_at: null } : {}),
    ...(step.cause ? { causes: JSON.stringify([step.cause]) } : {}),
  };
}

/** The way of a message of ours, for the timeline that its sender sees. */
async function journalProgress(
  world: World,
  inside: Scope,
  message: MessageRow,
  row: RecipientRow,
  { state = row.state, stage = row.stage, causes }: Progress,
  encryptedAt?: number,
): Promise<void> {
  const moved = stage !== row.stage && row.stage !== 'ended';
  const encrypted = moved && (stage === 'transmit' || encryptedAt !== undefined);
  const wasReady = row.stage === 'transmit' || encryptedAt !== undefined;
  const sent = moved && stage === 'ended' && wasReady && state !== 'failed' && state !== 'timed-out';
  const reached = state === row.state ? undefined : `message.${state}`;
  const events = [encrypted ? 'message.encrypted' : undefined, sent ? 'message.sent' : undefined, reached];
  for (const event of events) {
    if (event === undefined) continue;
    await writeJournal(inside, {
      at: event === 'message.encrypted' && encryptedAt !== undefined ? encryptedAt : world.host.now(),
      event,
      messageId: message.id,
      address: row.address,
      ...(event === reached && causes ? { detail: JSON.parse(causes) as unknown } : {}),
    });
  }
}

async function journalNote(world: World, inside: Scope, message: MessageRow, row: RecipientRow, note: Cause) {
  await writeJournal(inside, {
    at: world.host.now(),
    event: note.code,
    messageId: message.id,
    address: row.address,
    detail: note.params,
  });
}

function tellState(world: World, message: MessageRow, row: RecipientRow, step: TrackingStep): void {
  tell(world, step.state, {
    id: message.id,
    messageId: message.internet_id ?? '',
    address: row.written,
    ...(step.tell === 'nothing' ? {} : { told: step.tell }),
    ...(step.cause ? { cause: { code: step.cause.code, params: { ...step.cause.params } } } : {}),
  });
}

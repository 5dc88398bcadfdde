/**
 * From the user's message to encrypted envelopes: the agent finds and judges, the outcome of every recipient is
 * committed together with the envelopes (hisp-behaviour §2.7-14).
 *
 * @module
 */
import { AgentStop } from '../agent/stop.ts';
import type { Envelope, Outbound, Unsent } from '../agent/types.ts';
import { addressKey } from '../mail/address.ts';
import { messageIdKey } from '../mail/message-id.ts';
import { giveBack } from '../net/memory.ts';
import { type Cause, cause } from '../outcome/cause.ts';
import { getBlob } from '../store/blobs.ts';
import { addKeyUses, type KeyUse } from '../store/key-use.ts';
import { writeJournal } from '../store/mailbox.ts';
import { addRecipient, type Claim, putEnvelope } from '../store/queue.ts';
import type { MessageRow, RecipientRow } from '../store/schema.ts';
import { atomically, type Scope } from '../store/scope.ts';
import type { Held } from './in-hand.ts';
import { counting } from './key-use.ts';
import { cureFor } from './missing-anchor.ts';
import { orderedId } from './ordered-id.ts';
import { type Occurrence, record } from './tracking.ts';
import { sendAtOnce, tellPrepared } from './transmit.ts';
import { domainOf, localDomain, type World } from './world.ts';

/** Works on the recipients of one message that are due. */
export async function prepareStep(
  world: World,
  { message, recipients, isLarge }: Claim,
  held: Held,
): Promise<void> {
  const uses: KeyUse[] = [];
  const outbound = await prepared(world, message, recipients, uses, held.bytes);
  const only = isLarge ? undefined : onlyOne(world, recipients, outbound);
  const answered = only && (await held.sends(only.domain));
  if (only && answered) {
    return sendAtOnce(world, message, recipients, { ...only, uses, answered });
  }
  const ids = outbound.envelopes.map(() => orderedId(world.host));
  await atomically(world.scope, async (inside) => {
    await addKeyUses(inside, uses, world.host.now());
    const occurrences = new Map<string, Occurrence>();
    for (const [index, envelope] of outbound.envelopes.entries()) {
      await putEnvelope(inside, {
        id: ids[index]!,
        message_id: message.id,
        mail_from: envelope.mailFrom,
        internet_id: messageIdKey(envelope.messageId) ?? '',
        bytes: envelope.bytes,
      });
      for (const written of envelope.rcptTo) {
        await present(world, inside, recipients, message.id, written);
        occurrences.set(addressKey(written), {
          address: addressKey(written),
          progress: { stage: 'transmit', next_at: world.host.now(), envelope_id: ids[index]!, attempts: 0 },
        });
      }
    }
    for (const unsent of outbound.failures) {
      const address = addressKey(unsent.address);
      const sentAnyway = occurrences.get(address)?.progress;
      occurrences.set(address, {
        address,
        event: { kind: 'failure', cause: unsent.cause },
        progress: sentAnyway ?? { stage: 'ended', next_at: null, causes: JSON.stringify([unsent.cause]) },
        ...cureOf(world, unsent),
      });
    }
    for (const row of recipients) {
      if (occurrences.has(row.address)) continue;
      const unsent = outbound.deferred.find(({ address }) => addressKey(address) === row.address);
      occurrences.set(row.address, later(world, message.received_at, row, unsent));
    }
    await record(world, inside, message, [...occurrences.values()]);
    if (message.kind !== 'message') await noteLost(world, inside, message.id, outbound);
  });
  for (const envelope of outbound.envelopes) {
    tellPrepared(world, message, envelope);
    // it is in the store; whoever sends it reads it there
    if (world.host.events.keepsNoBlobs) giveBack(envelope.bytes, []);
  }
  if (outbound.envelopes.length > 0) world.nudge();
}

/** The one envelope that serves everybody, at one domain that is not ours; undefined where it is not so simple. */
function onlyOne(
  world: World,
  recipients: readonly RecipientRow[],
  { envelopes, failures, deferred }: Outbound,
): { readonly envelope: Envelope; readonly domain: string } | undefined {
  const [envelope, ...more] = envelopes;
  const domain = recipients[0]?.domain;
  if (!envelope || more.length > 0 || failures.length > 0 || deferred.length > 0) return undefined;
  if (domain === undefined || localDomain(world, domain)) return undefined;
  const served = new Set(envelope.rcptTo.map(addressKey));
  const everybody = recipients.every((row) => row.domain === domain && served.has(row.address));
  return everybody && served.size === recipients.length ? { envelope, domain } : undefined;
}

/** On its own, so that the user's message is gone from memory before what was made of it is stored. */
async function prepared(
  world: World,
  message: MessageRow,
  recipients: readonly RecipientRow[],
  uses: KeyUse[],
  inHand: Uint8Array | undefined,
): Promise<Outbound> {
  const bytes = inHand ?? (await getBlob(world.scope, message.bytes_sha256));
  try {
    const outbound = await world.agent.prepare(
      { from: message.envelope_from, to: recipients.map(({ written }) => written), bytes },
      counting(world.agentContext, uses),
    );
    if (!inHand) {
      giveBack(
        bytes,
        outbound.envelopes.map((envelope) => envelope.bytes),
      );
    }
    return outbound;
  } catch (error) {
    return nothingSent(message.internet_id ?? '', recipients, error);
  }
}

/** An agent that gave up: for a reason of its own it is the end, otherwise something to try again. */
function nothingSent(messageId: string, recipients: readonly RecipientRow[], error: unknown): Outbound {
  const stopped = error instanceof AgentStop;
  const why = error instanceof Error ? error.message : String(error);
  const reason: Cause = stopped
    ? error.reason
    : cause('discovery.temporary', { stage: 'security agent', why });
  const unsent = recipients.map(({ written }) => ({ address: written, cause: reason }));
  return {
    messageId,
    envelopes: [],
    failures: stopped ? unsent : [],
    deferred: stopped ? [] : unsent,
    decisions: [],
    findings: [],
  };
}

/** A recipient that nobody could decide on: again later, or, when the time is up, a failure. */
function later(world: World, acceptedAt: number, row: RecipientRow, unsent: Unsent | undefined): Occurrence {
  const reason =
    unsent?.cause ?? cause('discovery.temporary', { stage: 'security agent', why: 'no decision was made' });
  const next = world.parts.notices.nextAttempt('lookup', acceptedAt, world.host.now(), row.deadline);
  const causes = JSON.stringify([reason]);
  if (next === undefined) {
    return {
      address: row.address,
      event: { kind: 'failure', cause: reason },
      progress: { stage: 'ended', next_at: null, causes },
      ...cureOf(world, unsent),
    };
  }
  return {
    address: row.address,
    progress: { stage: 'prepare', next_at: next, causes, attempts: row.attempts + 1 },
  };
}

/** An envelope may name somebody that the submission did not: a habit of some peers. */
async function present(
  world: World,
  inside: Scope,
  recipients: readonly RecipientRow[],
  messageId: string,
  written: string,
): Promise<void> {
  const address = addressKey(written);
  if (recipients.some((row) => row.address === address)) return;
  const now = world.host.now();
  await addRecipient(inside, messageId, {
    address,
    written,
    domain: domainOf(written),
    stage: 'prepare',
    state: 'untracked',
    next_at: now,
    deadline: now + world.timers.processedMs,
    timer_at: null,
  });
}

async function noteLost(world: World, inside: Scope, messageId: string, outbound: Outbound): Promise<void> {
  for (const { address, cause: reason } of outbound.failures) {
    await writeJournal(inside, {
      at: world.host.now(),
      event: 'notice.undelivered',
      messageId,
      address: addressKey(address),
      detail: reason,
    });
  }
}

function cureOf(world: World, unsent: Unsent | undefined): { cure?: string } {
  const cure = unsent && cureFor(world, unsent);
  return cure === undefined ? {} : { cure };
}

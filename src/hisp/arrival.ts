/**
 * From ciphertext to mailbox: the agent opens and judges, and what follows (delivery, notices, quarantine, another
 * try) is committed at once (hisp-behaviour §3.2-12).
 *
 * @module
 */
import { AgentStop } from '../agent/stop.ts';
import type { Inbound } from '../agent/types.ts';
import { addressKey } from '../mail/address.ts';
import { giveBack } from '../net/memory.ts';
import { type Cause, cause } from '../outcome/cause.ts';
import { getBlob, sha256Hex } from '../store/blobs.ts';
import { putForward } from '../store/forwards.ts';
import { addKeyUses, type KeyUse } from '../store/key-use.ts';
import { putMailboxItem, putQuarantine, writeJournal } from '../store/mailbox.ts';
import { advance, type Claim, recipientOf } from '../store/queue.ts';
import type { MessageRow, RecipientRow, RecipientState } from '../store/schema.ts';
import { atomically, type Scope } from '../store/scope.ts';
import { acceptOnce, isAccepted } from '../store/tracking.ts';
import { answer, answeredIn } from './answers.ts';
import type { Held } from './in-hand.ts';
import { counting } from './key-use.ts';
import { overQuota } from './mailboxes.ts';
import { takeNotice } from './returned-notices.ts';
import { LAST_BEFORE_DEADLINE, nextAttempt } from './schedule.ts';
import { forwardFor, mailboxFor, tell, type World } from './world.ts';

/** A message that was opened and belongs to a trusted sender. */
type Opened = Inbound & { readonly message: Uint8Array; readonly sender: string };

type Fate =
  | { readonly verdict: 'accepted'; readonly opened: Opened }
  | { readonly verdict: 'refused' | 'deferred'; readonly causes: readonly Cause[] };

/** Works on the recipients of one incoming message that are due. */
export async function openStep(world: World, { message, recipients }: Claim, held: Held): Promise<void> {
  const uses: KeyUse[] = [];
  const inbound = await opened(world, message, recipients, uses, held.bytes);
  const told: (() => void)[] = [];
  await atomically(world.scope, async (inside) => {
    await addKeyUses(inside, uses, world.host.now());
    for (const claimed of recipients) {
      const row = await recipientOf(inside, message.id, claimed.address);
      if (row?.stage !== 'open') continue;
      told.push(await settle(world, inside, message, row, fateOf(inbound, row)));
    }
  });
  for (const say of told) say();
}

/** On its own, so that the ciphertext is gone from memory before the message is stored. */
async function opened(
  world: World,
  message: MessageRow,
  recipients: readonly RecipientRow[],
  uses: KeyUse[],
  inHand: Uint8Array | undefined,
): Promise<Inbound> {
  const bytes = inHand ?? (await getBlob(world.scope, message.bytes_sha256));
  const envelope = { mailFrom: message.envelope_from, rcptTo: recipients.map(({ written }) => written) };
  try {
    const inbound = await world.agent.open(bytes, envelope, counting(world.agentContext, uses));
    if (!inHand) giveBack(bytes, [inbound.message]);
    return inbound;
  } catch (error) {
    return notOpened(error);
  }
}

function fateOf(inbound: Inbound, row: RecipientRow): Fate {
  const verdict = inbound.perRecipient.find(({ address }) => addressKey(address) === row.address);
  const { message, sender } = inbound;
  if (verdict?.verdict === 'accepted' && message && sender !== undefined) {
    return { verdict: 'accepted', opened: { ...inbound, message, sender } };
  }
  if (verdict && verdict.verdict !== 'accepted') return { verdict: verdict.verdict, causes: verdict.causes };
  if (inbound.refusal) return { verdict: 'refused', causes: [inbound.refusal] };
  const why = 'the security agent gave no verdict';
  return { verdict: 'deferred', causes: [cause('discovery.temporary', { stage: 'security agent', why })] };
}

/** An agent that gave up: for a reason of its own it is a refusal, otherwise something to try again. */
function notOpened(error: unknown): Inbound {
  const nothing = {
    perRecipient: [],
    kind: 'message' as const,
    deliveryRequested: false,
    stages: [],
    findings: [],
  };
  return error instanceof AgentStop ? { ...nothing, refusal: error.reason } : nothing;
}

/** Ends or puts off one recipient; returns what to leave as evidence once it is committed. */
async function settle(
  world: World,
  inside: Scope,
  message: MessageRow,
  row: RecipientRow,
  fate: Fate,
): Promise<() => void> {
  if (fate.verdict === 'accepted') return deliver(world, inside, message, row, fate.opened);
  const causes = JSON.stringify(fate.causes);
  const facts = { id: message.id, address: row.written, causes: fate.causes.map(({ code }) => code) };
  const next =
    fate.verdict === 'deferred'
      ? nextAttempt('lookup', message.received_at, world.host.now(), row.deadline + LAST_BEFORE_DEADLINE)
      : undefined;
  if (next !== undefined) {
    await advance(inside, row, { next_at: next, causes, attempts: row.attempts + 1 });
    await note(world, inside, row, 'message.deferred', fate.causes);
    return () => tell(world, 'deferred', facts);
  }
  await putQuarantine(inside, {
    message_id: message.id,
    address: row.address,
    bytes_sha256: message.bytes_sha256,
    causes,
    at: world.host.now(),
  });
  await end(inside, row, 'quarantined', causes);
  await note(world, inside, row, 'message.quarantined', fate.causes);
  return () => {
    tell(world, 'quarantined', facts);
    world.kept();
  };
}

async function deliver(
  world: World,
  inside: Scope,
  message: MessageRow,
  row: RecipientRow,
  opened: Opened,
): Promise<() => void> {
  const mailbox = mailboxFor(world, row.address);
  const about = answeredIn(
    message,
    row,
    opened.message,
    opened.sender,
    opened.deliveryRequested,
    opened.entity,
  );
  const facts = {
    id: message.id,
    messageId: about.messageId ?? '',
    address: row.written,
    from: opened.sender,
    ...(opened.findings.length > 0 ? { findings: opened.findings.map(({ code }) => code) } : {}),
  };
  const undeliverable = async (failure: Cause): Promise<() => void> => {
    await answer(world, inside, about, ['undeliverable'], opened.kind, failure);
    await end(inside, row, 'quarantined', JSON.stringify([failure]));
    await note(world, inside, row, 'message.undeliverable', [failure]);
    return () => tell(world, 'undeliverable', { ...facts, causes: [failure.code] });
  };
  const left = world.config.left?.(row.domain.toLowerCase())?.day;
  if (mailbox === undefined || (left !== undefined && opened.kind === 'message')) {
    const gone = { address: row.written, ...(left === undefined ? {} : { left }) };
    return undeliverable(cause('edge.unknown-mailbox', gone));
  }
  if (opened.kind !== 'message') {
    const waits = await takeNotice(world, inside, opened, row, mailbox);
    await answer(world, inside, about, ['accepted'], opened.kind);
    await end(inside, row, 'delivered', null);
    return () => {
      tell(world, 'noticed', { ...facts, kind: opened.kind }, opened.message);
      if (waits) world.kept();
    };
  }
  const digest = sha256Hex(world.parts.identity({ ...about, recipient: row.address }));
  const forwarded = forwardFor(world, row.address) !== undefined;
  // what was taken before is acknowledged again, however full it is
  if (!forwarded && !(await isAccepted(inside, digest)) && (await isFull(world, inside, mailbox, opened))) {
    return undeliverable(cause('edge.full', { address: row.written }));
  }
  const now = world.host.now();
  const before = await acceptOnce(inside, { digest, message_id: message.id, address: row.address, at: now });
  // the same message once more is one that is decided again
  const earlier = before === message.id ? undefined : before;
  if (earlier === undefined && !forwarded) {
    await putMailboxItem(inside, {
      address: mailbox,
      kind: 'message',
      message_id: message.id,
      internet_id: about.messageId ?? null,
      sender: opened.sender,
      subject: about.subject,
      received_at: now,
      bytes: opened.message,
    });
  }
  // what came again is acknowledged again, by the same notices, and not delivered again
  const so = forwarded ? (['accepted'] as const) : (['accepted', 'delivered'] as const);
  await answer(world, inside, about, so, opened.kind);
  if (forwarded && earlier === undefined) {
    await putForward(inside, {
      message_id: message.id,
      address: row.address,
      sender: opened.sender,
      requested: opened.deliveryRequested ? 1 : 0,
      bytes: opened.message,
    });
    const deadline = now + world.timers.forwardMs;
    await advance(inside, row, { stage: 'forward', next_at: now, deadline, causes: null, attempts: 0 });
    return () => tell(world, 'accepted', facts, opened.message);
  }
  await end(inside, row, earlier === undefined ? 'delivered' : 'duplicate', null);
  return () => tell(world, earlier === undefined ? 'delivered' : 'duplicate', facts, opened.message);
}

const isFull = (world: World, inside: Scope, mailbox: string, { message }: Opened): Promise<boolean> =>
  overQuota(inside, mailbox, message.length, world.config.quotaOctets);

/** @throws {Error} when the row changed under a transaction, which rolls back and is tried again */
async function end(
  inside: Scope,
  row: RecipientRow,
  state: RecipientState,
  causes: string | null,
): Promise<void> {
  if (!(await advance(inside, row, { stage: 'ended', next_at: null, state, causes }))) {
    throw new Error(`recipient ${row.address} of ${row.message_id} was changed by another worker`);
  }
}

async function note(
  world: World,
  inside: Scope,
  row: RecipientRow,
  event: string,
  causes: readonly Cause[],
): Promise<void> {
  await writeJournal(inside, {
    at: world.host.now(),
    event,
    messageId: row.message_id,
    address: row.address,
    detail: causes,
  });
}

/**
 * From the edge to the network (hisp-behaviour §2): find, decide, wrap, sign, encrypt. Nothing leaves that is not
 * encrypted to a certificate that the sender's domain trusts; what cannot be told now is deferred.
 *
 * @module
 */
import { CmsError } from '../cms/error.ts';
import { addressKey } from '../mail/address.ts';
import { MailError } from '../mail/error.ts';
import { type Cause, cause } from '../outcome/cause.ts';
import type { Finding } from '../outcome/check.ts';
import type { Draft } from './draft.ts';
import { mailCause } from './mail-cause.ts';
import type { AgentParts } from './parts.ts';
import { decideRecipient, domainOf } from './recipient.ts';
import { referenceAgent } from './reference.ts';
import { AgentStop } from './stop.ts';
import { type Copy, type ReadSubmission, readSubmission } from './submission.ts';
import type { AgentContext, Decided, Envelope, LocalKey, Outbound, Submission, Unsent } from './types.ts';

/**
 * Prepares a submission for the network: an envelope for those who can be served, a reason for each of the others.
 * What is wrong with the message itself, or with the keys of its sender, fails every recipient.
 *
 * Queue grouping by destination, retries and notices are the caller's.
 */
export async function prepare(submission: Submission, context: AgentContext): Promise<Outbound> {
  const parts = context.parts ?? referenceAgent;
  let read: ReadSubmission;
  try {
    read = readSubmission(submission, context.host);
  } catch (error) {
    const reason = stopReason(error);
    const failures = submission.to.map((address) => ({ address, cause: reason }));
    return finish({ messageId: '', failures }, submission, parts);
  }
  const late = lateAfter(context, parts);
  const looked = await atOnce(
    parts.discovery.limits.recipients,
    read.copies.flatMap(({ recipients }) => recipients),
    (address) => late.race(address, () => decideRecipient(read.sender, address, context, parts)),
  ).finally(late.cancel);
  const settled = new Map(looked.map((one) => [one.address, one]));
  const envelopes: Envelope[] = [];
  const stopped: Unsent[] = [];
  for (const copy of read.copies) {
    const decided = copy.recipients
      .map((address) => settled.get(address)!)
      .filter((one) => 'certificates' in one);
    for (const together of parts.plan(decided)) {
      try {
        const envelope = await compose(read, copy, together, context, parts);
        if (envelope) envelopes.push(envelope);
      } catch (error) {
        const reason = stopReason(error);
        stopped.push(
          ...together.map(({ address, discovery, decision }) => ({
            address,
            cause: reason,
            discovery,
            decision,
          })),
        );
      }
    }
  }
  const sent = new Set(envelopes.flatMap(({ rcptTo }) => rcptTo.map(addressKey)));
  return finish({ messageId: read.messageId, envelopes, stopped, settled: looked, sent }, submission, parts);
}

/** Does the work of every item, so many at a time; gives the results in the order of the items. */
async function atOnce<T, R>(width: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

/** Recipients that are still being looked for when the first pass is over wait for the next one. */
function lateAfter(
  context: AgentContext,
  parts: AgentParts,
): {
  race: (address: string, work: () => Promise<Decided>) => Promise<Decided | Unsent>;
  cancel: () => void;
} {
  const ms = parts.discovery.limits.passMs;
  let isOver = false;
  let cancel = (): void => {};
  const over = new Promise<void>((resolve) => {
    cancel = context.host.timer(ms, () => {
      isOver = true;
      resolve();
    });
  });
  const reason = cause('discovery.temporary', {
    stage: 'first pass',
    why: `still looking after ${ms / 1000} s`,
  });
  return {
    // A search that goes on behind the time limit ends by its own limits; nobody waits for its result any more.
    race: async (address, work) => {
      const late: Unsent = { address, cause: reason };
      return isOver ? late : Promise.race([work(), over.then(() => late)]);
    },
    cancel: () => cancel(),
  };
}

async function compose(
  read: ReadSubmission,
  copy: Copy,
  together: readonly Decided[],
  context: AgentContext,
  parts: AgentParts,
): Promise<Envelope | undefined> {
  const certificates = unique(together.flatMap((one) => one.certificates));
  if (certificates.length === 0) return undefined;
  const { cipher, keyTransport } = context.policy(domainOf(read.sender));
  const staying = new Set(together.map(({ address }) => addressKey(address)));
  const stays = (address: string): boolean => staying.has(addressKey(address));
  let draft: Draft = {
    sender: read.sender,
    message: copy.message,
    recipients: together,
    algorithms: { cipher, keyTransport },
    signers: signersOf(read.sender, context),
    certificates,
    outer: {
      from: read.sender,
      to: copy.to.filter(stays),
      cc: copy.cc.filter(stays),
      date: context.host.now(),
      messageId: read.messageId,
    },
    entity: new Uint8Array(0),
    mailFrom: read.sender,
    rcptTo: together.map(({ address }) => address),
    at: context.host.now(),
    random: context.host.random,
  };
  for (const stage of parts.compose) draft = await stage.run(draft);
  return {
    mailFrom: draft.mailFrom,
    rcptTo: draft.rcptTo,
    bytes: draft.entity,
    messageId: draft.outer.messageId,
  };
}

/**
 * Every active key of the address, else of the domain, that may sign now (REQ-AS-41).
 *
 * @throws {AgentStop} `config.missing-key`
 */
export function signersOf(sender: string, { keys, host }: AgentContext): LocalKey[] {
  const now = host.now();
  const usable = ({ certificate }: LocalKey): boolean =>
    now >= certificate.notBefore &&
    now <= certificate.notAfter &&
    (!certificate.keyUsage || certificate.keyUsage.has('digitalSignature'));
  for (const owner of [addressKey(sender), domainOf(sender)]) {
    const found = keys(owner, 'sign').filter(usable);
    if (found.length > 0) return found;
  }
  throw new AgentStop(cause('config.missing-key', { sender }));
}

function unique<T extends { readonly sha256: string }>(list: readonly T[]): T[] {
  return [...new Map(list.map((one) => [one.sha256, one])).values()];
}

/** @throws whatever is no reason: a mistake in the program, which leaves the message where it is */
function stopReason(error: unknown): Cause {
  if (error instanceof AgentStop || error instanceof CmsError) return error.reason;
  if (error instanceof MailError) return mailCause(error);
  throw error;
}

function finish(
  done: {
    readonly messageId: string;
    readonly envelopes?: readonly Envelope[];
    readonly failures?: readonly Unsent[];
    readonly stopped?: readonly Unsent[];
    readonly settled?: readonly (Decided | Unsent)[];
    readonly sent?: ReadonlySet<string>;
  },
  submission: Submission,
  parts: AgentParts,
): Outbound {
  const { envelopes = [], settled = [], stopped = [], sent = new Set<string>() } = done;
  const failures: Unsent[] = [...(done.failures ?? []), ...stopped];
  const deferred: Unsent[] = [];
  const decisions = settled.flatMap((one) => ('certificates' in one ? one.decision : []));
  for (const one of settled) {
    if (!('certificates' in one)) deferred.push(one);
    else if (one.decision.verdict !== 'trusted') {
      const { address, discovery, decision } = one;
      const list = decision.verdict === 'undetermined' ? deferred : failures;
      list.push({ address, cause: decision.firstCause!, discovery, decision });
    } else if (
      !sent.has(addressKey(one.address)) &&
      !stopped.some(({ address }) => address === one.address)
    ) {
      // Only a plan that leaves out somebody it could serve ends here.
      const reason = cause('cert.policy', {
        name: 'sending',
        term: 'the message was not sent to this recipient',
      });
      failures.push({
        address: one.address,
        cause: reason,
        discovery: one.discovery,
        decision: one.decision,
      });
    }
  }
  const findings: Finding[] = decisions.flatMap(({ candidates, notes }) => [
    ...notes,
    ...candidates.flatMap((candidate) => candidate.notes),
  ]);
  const anyway = parts.unsent([...failures, ...deferred], submission);
  const gone = new Set(anyway.flatMap(({ rcptTo }) => rcptTo.map(addressKey)));
  return {
    messageId: done.messageId,
    envelopes: [...envelopes, ...anyway],
    // Who sends to them all the same does not know that it failed.
    failures: failures.filter(({ address }) => !gone.has(addressKey(address))),
    deferred,
    decisions,
    findings,
  };
}

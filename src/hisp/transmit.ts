/**
 * Bringing one envelope to one domain: by SMTP to its mail exchangers, or, for a domain of ours, straight to the
 * incoming queue, through the same opening and trust as mail from outside (hisp-behaviour §2.6).
 *
 * @module
 */
import { type Cause, cause } from '../outcome/cause.ts';
import type { SmtpError } from '../smtp/error.ts';
import { enhancedStatus, isPermanent, isPositive, replyText, type SmtpReply } from '../smtp/reply.ts';
import { deliver, type SmtpOutcome } from '../smtp/sender.ts';
import { getBlob } from '../store/blobs.ts';
import { type Claim, envelopeOf } from '../store/queue.ts';
import type { EnvelopeRow, MessageRow, RecipientRow } from '../store/schema.ts';
import { atomically } from '../store/scope.ts';
import { keepIncoming } from './acceptance.ts';
import { mailExchangers } from './mail-exchangers.ts';
import { nextAttempt } from './schedule.ts';
import { type Occurrence, record } from './tracking.ts';
import { localDomain, tell, type World } from './world.ts';

/** What an attempt came to for one recipient. */
type Attempt =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'refused'; readonly cause: Cause }
  | { readonly outcome: 'again'; readonly cause: Cause };

const LOOKUP_MS = 20_000;

/** Works on the recipients of one envelope in one domain that are due. */
export async function transmitStep(world: World, { message, recipients }: Claim): Promise<void> {
  const envelope = await envelopeOf(world.scope, recipients[0]!.envelope_id!);
  if (!envelope) throw new Error(`the store lacks the envelope ${recipients[0]!.envelope_id}`);
  const bytes = await getBlob(world.scope, envelope.bytes_sha256);
  const domain = recipients[0]!.domain;
  if (localDomain(world, domain)) return deliverHere(world, message, recipients, envelope, bytes);
  const attempts = await attemptAll(world, domain, envelope, bytes, recipients);
  await atomically(world.scope, async (inside) => {
    const occurrences = recipients.map((row) => occurrenceOf(world, message, row, attempts(row)));
    await record(world, inside, message, occurrences);
  });
  for (const row of recipients) {
    const attempt = attempts(row);
    tell(world, attempt.outcome === 'sent' ? 'sent' : attempt.outcome === 'refused' ? 'refused' : 'delayed', {
      id: message.id,
      messageId: message.internet_id ?? '',
      address: row.written,
      ...('cause' in attempt
        ? { cause: { code: attempt.cause.code, params: { ...attempt.cause.params } } }
        : {}),
    });
  }
}

async function deliverHere(
  world: World,
  message: MessageRow,
  recipients: readonly RecipientRow[],
  envelope: EnvelopeRow,
  bytes: Uint8Array,
): Promise<void> {
  const id = world.host.random.uuid();
  await atomically(world.scope, async (inside) => {
    await keepIncoming(world, inside, {
      id,
      mailFrom: envelope.mail_from,
      rcptTo: recipients.map(({ written }) => written),
      bytes,
    });
    const done = recipients.map(({ address }) => ({
      address,
      progress: { stage: 'ended' as const, next_at: null },
    }));
    await record(world, inside, message, done);
  });
  for (const { written } of recipients) {
    tell(world, 'sent', {
      id: message.id,
      messageId: message.internet_id ?? '',
      address: written,
      local: true,
    });
  }
}

function occurrenceOf(world: World, message: MessageRow, row: RecipientRow, attempt: Attempt): Occurrence {
  const { address } = row;
  if (attempt.outcome === 'sent')
    return { address, progress: { stage: 'ended', next_at: null, causes: null } };
  const causes = JSON.stringify([attempt.cause]);
  const next =
    attempt.outcome === 'again'
      ? nextAttempt('transmit', message.received_at, world.host.now(), row.deadline)
      : undefined;
  if (next === undefined) {
    return {
      address,
      event: { kind: 'failure', cause: attempt.cause },
      progress: { stage: 'ended', next_at: null, causes },
    };
  }
  return { address, progress: { stage: 'transmit', next_at: next, causes, attempts: row.attempts + 1 } };
}

/** Tries the servers of the domain in order until every recipient has an answer. */
async function attemptAll(
  world: World,
  domain: string,
  envelope: EnvelopeRow,
  bytes: Uint8Array,
  recipients: readonly RecipientRow[],
): Promise<(row: RecipientRow) => Attempt> {
  const { host, resolver, config } = world;
  const routing = await mailExchangers(resolver, host.random, domain, LOOKUP_MS);
  if (routing.outcome === 'none') {
    return () => ({ outcome: 'refused', cause: cause('transport.mx-none', { domain }) });
  }
  if (routing.outcome === 'unknown') {
    return () => ({ outcome: 'again', cause: cause('transport.connect', { domain, why: routing.why }) });
  }
  const answers = new Map<string, Attempt>();
  let problem: Cause = cause('transport.connect', { domain, why: 'no answer' });
  for (const exchanger of routing.exchangers) {
    for (const address of exchanger.addresses) {
      const left = recipients.map(({ written }) => written).filter((rcpt) => !answers.has(rcpt));
      const outcome = await deliver(
        host,
        { host: address, port: config.port ?? 25 },
        {
          helo: config.hostname,
          mailFrom: envelope.mail_from,
          rcptTo: left,
          bytes,
          deadlineMs: world.timers.deliverMs,
        },
      );
      for (const [rcpt, reply] of outcome.perRecipient) {
        answers.set(rcpt, judgeReply(reply, exchanger.name, outcome));
      }
      if (outcome.error) problem = connectCause(domain, exchanger.name, outcome.error);
      // who took the content without an answer may have it: no second server gets it in the same attempt
      if (outcome.unconfirmed || answers.size === recipients.length) {
        return (row) => answers.get(row.written) ?? { outcome: 'again', cause: problem };
      }
    }
  }
  return (row) => answers.get(row.written) ?? { outcome: 'again', cause: problem };
}

function judgeReply(reply: SmtpReply, server: string, { sizeLimit }: SmtpOutcome): Attempt {
  if (isPositive(reply)) return { outcome: 'sent' };
  const tooLarge = reply.code === 552 && enhancedStatus(reply) === '5.3.4' && sizeLimit !== undefined;
  const why = tooLarge
    ? cause('transport.size', { limit: sizeLimit })
    : cause('transport.reply', { host: server, reply: replyText(reply) });
  return { outcome: isPermanent(reply) ? 'refused' : 'again', cause: why };
}

const connectCause = (domain: string, server: string, error: SmtpError): Cause =>
  error.code === 'tls'
    ? cause('transport.tls', { domain, why: error.message })
    : cause('transport.connect', { domain, why: `${server}: ${error.message}` });

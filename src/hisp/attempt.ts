/**
 * One attempt to bring an envelope to the servers of a domain (RFC 5321 §5.1): in the order of their preference, each
 * address of each, until every recipient has a last word.
 *
 * @module
 */
import { type Cause, cause } from '../outcome/cause.ts';
import type { SmtpError } from '../smtp/error.ts';
import { enhancedStatus, isPermanent, isPositive, replyText, type SmtpReply } from '../smtp/reply.ts';
import { deliver, type SmtpOutcome } from '../smtp/sender.ts';
import { mailExchangers } from './mail-exchangers.ts';
import type { World } from './world.ts';

/** What an attempt came to for one recipient. */
export type Attempt =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'refused'; readonly cause: Cause }
  | { readonly outcome: 'again'; readonly cause: Cause };

export interface OneEnvelope {
  readonly domain: string;
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly bytes: Uint8Array;
}

const LOOKUP_MS = 20_000;
/** Addresses that are tried in one attempt: a domain may publish any number of them. */
const MOST_ADDRESSES = 10;
/** For all servers together; well below the lease of the work. */
const ATTEMPT_MS = 8 * 60_000;

/**
 * Who has a definite answer is not asked about again. Who was told "later" by one server may be taken by the next one
 * in the same attempt, and so may all when a server wants no mail at all. Gives what became of each recipient, by its
 * spelling in the envelope.
 */
export async function attempt(world: World, envelope: OneEnvelope): Promise<(rcpt: string) => Attempt> {
  const { host, resolver, config } = world;
  const { domain } = envelope;
  const routing = await mailExchangers(resolver, host.random, domain, LOOKUP_MS);
  if (routing.outcome === 'none') {
    return () => ({ outcome: 'refused', cause: cause('transport.mx-none', { domain }) });
  }
  if (routing.outcome === 'unknown') {
    return () => ({ outcome: 'again', cause: cause('transport.connect', { domain, why: routing.why }) });
  }
  const endsAt = host.mono() + ATTEMPT_MS;
  const answers = new Map<string, Attempt>();
  const settled = new Set<string>();
  let problem: Cause = cause('transport.connect', { domain, why: 'no answer' });
  const servers = world.parts
    .exchangers(routing.exchangers, domain)
    .flatMap(({ name, addresses }) => addresses.map((address) => ({ name, address })))
    .slice(0, MOST_ADDRESSES);
  for (const { name, address } of servers) {
    const left = envelope.recipients.filter((rcpt) => !settled.has(rcpt));
    const time = endsAt - host.mono();
    if (left.length === 0 || time <= 0) break;
    const outcome = await deliver(
      host,
      { host: address, port: config.port ?? 25 },
      {
        helo: config.hostname,
        mailFrom: envelope.mailFrom,
        rcptTo: left,
        bytes: envelope.bytes,
        deadlineMs: Math.min(world.timers.deliverMs, time),
      },
      world.connections,
    );
    for (const [rcpt, reply] of outcome.perRecipient) {
      const answer = judgeReply(reply, name, outcome);
      answers.set(rcpt, answer);
      if (answer.outcome !== 'again' && !outcome.turnedAway) settled.add(rcpt);
    }
    if (outcome.error) problem = connectCause(domain, name, outcome.error);
    // who took the content without an answer may have it: no second server gets it in the same attempt
    if (outcome.unconfirmed) break;
  }
  return (rcpt) => answers.get(rcpt) ?? { outcome: 'again', cause: problem };
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

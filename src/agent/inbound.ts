/**
 * From the network to the edge (hisp-behaviour §3): any octets come to a verdict for each recipient, with its reason.
 *
 * @module
 */
import { CmsError } from '../cms/error.ts';
import { addressKey } from '../mail/address.ts';
import { MailError } from '../mail/error.ts';
import { messageIdKey } from '../mail/message-id.ts';
import { giveBack } from '../net/memory.ts';
import { type Cause, cause } from '../outcome/cause.ts';
import { PkiError } from '../pki/error.ts';
import { mailCause } from './mail-cause.ts';
import type { Opening, OpeningRecipient } from './opening.ts';
import { domainOf } from './recipient.ts';
import { referenceAgent } from './reference.ts';
import { AgentStop } from './stop.ts';
import type { AgentContext, Inbound, InboundEnvelope, InboundRecipient } from './types.ts';

/**
 * Opens a message for those of its recipients that are ours.
 *
 * Never throws for what is in the message. `deferred` recipients are to be tried again; refusals are silent towards
 * the sender, and their causes are for the journal.
 *
 * @param envelope the recipients of ours, and the reverse-path
 */
export async function open(
  bytes: Uint8Array,
  envelope: InboundEnvelope,
  context: AgentContext,
): Promise<Inbound> {
  const parts = context.parts ?? referenceAgent;
  let opening: Opening = {
    bytes,
    envelope,
    recipients: envelope.rcptTo.map((address) => recipientOf(address, context)),
    signers: [],
    certificates: [],
    kind: 'message',
    answersOurs: false,
    deliveryRequested: false,
    findings: [],
    world: context,
    parts,
  };
  const stages: string[] = [];
  let refusal: Cause | undefined;
  for (const stage of parts.open) {
    if (opening.recipients.length > 0 && opening.recipients.every(({ verdict }) => verdict === 'refused'))
      break;
    try {
      opening = await stage.run(opening);
    } catch (error) {
      refusal = reasonOf(error);
      break;
    }
    stages.push(stage.name);
  }
  const inbound = conclude(opening, stages, refusal, parts.report(opening.findings));
  if (opening.enveloped) giveBack(opening.enveloped.ciphertext, [bytes, inbound.message]);
  return inbound;
}

function recipientOf(address: string, context: AgentContext): OpeningRecipient {
  const domain = domainOf(address);
  return {
    address,
    domain,
    policy: context.policy(domain),
    keys: [addressKey(address), domain].flatMap((owner) => context.keys(owner, 'decrypt')),
    verdict: 'open',
    causes: [],
  };
}

function conclude(
  opening: Opening,
  stages: readonly string[],
  refusal: Cause | undefined,
  findings: Inbound['findings'],
): Inbound {
  // Who passed every stage that there was is accepted: the stages are the guard.
  const perRecipient = opening.recipients.map(({ address, verdict, causes, decision }): InboundRecipient => {
    const refused = refusal !== undefined && verdict === 'open';
    return {
      address,
      verdict: refused ? 'refused' : verdict === 'open' ? 'accepted' : verdict,
      causes: refused ? [...causes, refusal] : verdict === 'accepted' || verdict === 'open' ? [] : causes,
      ...(decision && { decision }),
    };
  });
  const accepted = perRecipient.some(({ verdict }) => verdict === 'accepted');
  const message = opening.message ?? opening.content ?? opening.clear;
  const messageId = messageIdKey(opening.inner?.header('message-id'));
  return {
    perRecipient,
    ...(accepted && message && { message }),
    ...(accepted && message && opening.inner?.raw === message && { entity: opening.inner }),
    kind: opening.kind,
    ...(opening.sender !== undefined && { sender: opening.sender }),
    ...(messageId !== undefined && { messageId }),
    deliveryRequested: opening.deliveryRequested,
    stages,
    ...(refusal && { refusal }),
    findings,
  };
}

/** @throws whatever is no error of a parser: a mistake in the program, which leaves the message where it is */
function reasonOf(error: unknown): Cause {
  if (error instanceof AgentStop || error instanceof CmsError) return error.reason;
  if (error instanceof MailError) return mailCause(error);
  if (error instanceof PkiError) return cause('parse.der', { why: error.message });
  throw error;
}

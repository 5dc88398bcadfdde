/**
 * The part of a failure notice that people read: for each recipient what happened, what to do about it, and what an
 * administrator can do (hisp-behaviour §6). Written for a clinician: the care of a patient may wait for the message.
 *
 * @module
 */
import type { Cause, Code } from '../outcome/cause.ts';
import { plainSentence } from '../trust/explain/reason.ts';

interface About {
  readonly recipient: { readonly written: string };
  readonly cause: Cause;
  /** What would make it pass, where that is known. */
  readonly cure?: string;
}

/** The text, one paragraph a recipient. */
export const noticeText = (failures: readonly About[]): string => failures.map(paragraph).join('\n\n');

function paragraph({ recipient, cause, cure }: About): string {
  return [
    `Your message was not delivered to ${recipient.written}:`,
    `${plainSentence(cause, 'encrypt')}.`,
    `What to do: ${adviceFor(cause)}`,
    ...(cure ? [`For your administrator: it passes when ${cure}.`] : []),
  ].join('\n');
}

const WAIT = 'Reach the recipient in another way if it is urgent.';
const THEIRS = `The recipient's mail system has to mend its certificate; tell the recipient. ${WAIT}`;
const TRUST = `Your organization and the recipient's do not exchange secure messages yet. Ask your administrator whether they should. ${WAIT}`;
const AGAIN = `Send it again later. ${WAIT}`;
const UNSURE =
  'The message may have arrived or not. Ask the recipient in another way before you send it again.';
const ADDRESS = 'Check the address with the recipient, and send the message again to the right one.';
const MESSAGE = 'The message itself has to be written anew; if it fails again, tell your administrator.';

/** For the codes that stand in notices. */
const ADVICE: { readonly [C in Code]?: string } = {
  'discovery.none': `Check the address for a typing error. If it is right, the recipient has no secure mailbox there. ${WAIT}`,
  'discovery.temporary': AGAIN,
  'cert.expired': THEIRS,
  'cert.not-yet-valid': THEIRS,
  'cert.revoked': `Do not use this address until the recipient confirms it. ${WAIT}`,
  'cert.revocation-unknown': AGAIN,
  'cert.binding': THEIRS,
  'cert.usage': THEIRS,
  'cert.weak-key': THEIRS,
  'cert.weak-signature': THEIRS,
  'cert.ca-as-leaf': THEIRS,
  'cert.policy': TRUST,
  'cert.unparsable': THEIRS,
  'trust.no-anchors': TRUST,
  'trust.no-path': TRUST,
  'trust.aia-failed': AGAIN,
  'trust.constraint': THEIRS,
  'trust.anchor-expired': TRUST,
  'config.missing-key': 'Tell your administrator: your own mail system lacks a key to sign with.',
  'transport.mx-none': ADDRESS,
  'transport.connect': AGAIN,
  'transport.tls': AGAIN,
  'transport.reply': `The recipient's mail system refused it; its answer stands above. ${WAIT}`,
  'transport.size': 'Send it in several smaller messages.',
  'notification.no-processed': UNSURE,
  'notification.no-dispatched':
    'The recipient’s mail system has it, but did not confirm that it reached the recipient. Ask the recipient in another way.',
  'notification.failed-by-peer': `The recipient's mail system could not deliver it; its reason stands above. ${WAIT}`,
  'edge.unknown-mailbox': ADDRESS,
  'edge.full': `The recipient has to make room first. ${WAIT}`,
  'edge.unavailable': AGAIN,
  'edge.xdr-fault': WAIT,
  'message.loop': 'Tell your administrator: mail to this address goes in a circle.',
  'parse.mime': MESSAGE,
  'parse.header': MESSAGE,
  'parse.base64': MESSAGE,
  'parse.cms-structure': MESSAGE,
  'parse.der': MESSAGE,
  'parse.limit': 'Send it in several smaller messages.',
  'message.from-missing': MESSAGE,
  'message.from-multiple': MESSAGE,
};

/** What the sender can do about it, in one or two sentences. */
export const adviceFor = ({ code }: Cause): string => ADVICE[code] ?? WAIT;

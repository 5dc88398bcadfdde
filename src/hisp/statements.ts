/**
 * What a notice says of each recipient that it names, in the words of our own books (hisp-behaviour §5, REQ-DN-16,
 * -17).
 *
 * @module
 */
import { addressKey } from '../mail/address.ts';
import type { Dsn } from '../mail/dsn.ts';
import type { Mdn } from '../mail/mdn.ts';
import { cause } from '../outcome/cause.ts';
import { STATES } from '../outcome/cause-text.ts';
import type { TrackingEvent } from './transition.ts';
import { domainOf } from './world.ts';

/** One thing that a notice says of one recipient. */
export interface Statement {
  /** Under which the recipient may be known to us, best first, in compared form. */
  readonly recipients: readonly string[];
  /** Compared form; undefined when the notice names no message. */
  readonly originalMessageId: string | undefined;
  readonly event: TrackingEvent;
  /** For the journal, when it decides nothing: `dsn.delayed`, `mdn.deleted`. */
  readonly word: string;
}

/** The statement of an MDN; none when it has no disposition. `sender`: whom the signature proves. */
export function mdnStatements(mdn: Mdn, sender: string): Statement[] {
  if (!mdn.disposition) return [];
  const { type } = mdn.disposition;
  return [
    {
      recipients: knownAs(mdn.originalRecipient, mdn.finalRecipient),
      originalMessageId: mdn.originalMessageId,
      event: mdnEvent(mdn, type, domainOf(sender)),
      word: type === 'deleted' ? 'mdn.deleted' : 'mdn.other',
    },
  ];
}

function mdnEvent(mdn: Mdn, type: string, domain: string): TrackingEvent {
  if (mdn.negative) {
    const text = mdn.reasons[0] ?? `disposition ${type}`;
    return { kind: 'failure', cause: cause('notification.failed-by-peer', { domain, text }) };
  }
  switch (type) {
    case 'processed':
      return { kind: 'processed' };
    case 'dispatched':
      return { kind: 'dispatched', extension: mdn.finalDelivery };
    case 'displayed':
      return { kind: 'displayed' };
    default:
      return { kind: 'progress' };
  }
}

const WORDS: ReadonlySet<string> = new Set(['delayed', 'delivered', 'relayed', 'expanded']);

/** One statement for each recipient block of a DSN; only the Action `failed` ends a recipient. */
export function dsnStatements(dsn: Dsn, sender: string): Statement[] {
  const domain = domainOf(sender);
  return dsn.recipients.map((about) => ({
    recipients: knownAs(about.originalRecipient, about.finalRecipient),
    originalMessageId: dsn.originalMessageId,
    event: about.action === 'failed' ? failedBy(domain, about) : { kind: 'progress' },
    word: `dsn.${about.action !== undefined && WORDS.has(about.action) ? about.action : 'other'}`,
  }));
}

/** What a recipient block that says `failed` means to us. */
export const failedBy = (
  domain: string,
  { diagnostic, status }: Pick<Dsn['recipients'][number], 'diagnostic' | 'status'>,
): TrackingEvent => ({
  kind: 'failure',
  cause: cause('notification.failed-by-peer', {
    domain,
    text: withoutCode(diagnostic) ?? status ?? 'failed',
  }),
  ...(status ? { status } : {}),
});

/** A diagnostic of the Direct kind starts with its code (§6): that is for programs, what follows for people. */
const withoutCode = (diagnostic: string | undefined): string | undefined =>
  diagnostic?.replace(/^([a-z]+\.[a-z0-9-]+):?\s+(?=\S)/, (start, code: string) =>
    Object.hasOwn(STATES, code) ? '' : start,
  );

/** Original-Recipient before Final-Recipient, each as it stands and without its plus tag. */
function knownAs(...addresses: readonly (string | undefined)[]): string[] {
  const keys = addresses.filter((address) => address !== undefined).map(addressKey);
  return [...new Set([...keys, ...keys.map(untagged)])];
}

/** `a+tag@b` as `a@b`. */
export const untagged = (key: string): string => key.replace(/^([^"+@]+)\+[^@]*@/, '$1@');

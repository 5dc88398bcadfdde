/**
 * Robots: addresses of a simulated HISP whose local part says how it answers a message (suites.md §6 of the project's
 * catalogue). Every answer is signed and encrypted, but for `plainmdn`.
 *
 * @module
 */
import { disposition, undeliverable } from '../../hisp/answers.ts';
import type { Reply, ReplyContext } from '../../hisp/notice-parts.ts';
import type { MdnParts } from '../../mail/mdn.ts';
import { cause } from '../../outcome/cause.ts';

type Replies = (context: ReplyContext) => Reply[];
type MdnKind = 'processed' | 'dispatched' | 'failed';

const MINUTE = 60_000;
/** Behind any timer that a sender may have. */
const TOO_LATE = 75;

const mdn =
  (
    kind: MdnKind,
    afterMinutes = 0,
    parts: (proposed: MdnParts) => MdnParts = (proposed) => proposed,
    octets: (message: string) => string = (message) => message,
  ): Replies =>
  (context) => {
    const made = disposition(context.about, kind, context, context.about.sender, (proposed) =>
      parts(kind === 'failed' ? { ...proposed, failure: 'the robot says so' } : proposed),
    );
    const bytes = Buffer.from(octets(Buffer.from(made.bytes).toString('latin1')), 'latin1');
    const after = afterMinutes > 0 ? { afterMs: afterMinutes * MINUTE } : {};
    return [{ kind, to: context.about.sender, ...made, bytes, ...after }];
  };

const dsn: Replies = (context) => {
  const why = cause('edge.unknown-mailbox', { address: context.about.recipient });
  return [{ kind: 'failed', to: context.about.sender, ...undeliverable(context.about, why, context) }];
};

const all =
  (...parts: readonly Replies[]): Replies =>
  (context) =>
    parts.flatMap((part) => part(context));

const silence: Replies = () => [];

/** The processed notice, with some of its text written otherwise. */
const written = (octets: (message: string) => string): Replies => mdn('processed', 0, undefined, octets);
/** The processed notice, with its Final-Recipient written otherwise. */
const final = (form: (address: string) => string): Replies =>
  written((message) => message.replace(/^Final-Recipient: rfc822; (.*)$/m, (_, address) => form(address)));
const line = (value: string): string => `Final-Recipient: ${value}`;

const ROBOTS: Readonly<Record<string, Replies>> = {
  processedonly: mdn('processed'),
  processeddispatched: all(mdn('processed'), mdn('dispatched')),
  nomdn: silence,
  failed: mdn('failed'),
  processedfailed: all(mdn('processed'), mdn('failed', 5)),
  processedtimeoutfailed: all(mdn('processed'), mdn('failed', TOO_LATE)),
  dsn,
  dispatchedonly: mdn('dispatched'),
  plainmdn: mdn('processed'),
  badaddress: all(mdn('processed'), dsn),
  // the machine part in odd letters
  'mdn-case': written((message) =>
    message
      .replace('Disposition: automatic-action/MDN-sent-automatically; processed', (text) =>
        text.toUpperCase(),
      )
      .replace('Original-Message-ID:', 'ORIGINAL-message-id:'),
  ),
  'mdn-space': written((message) =>
    message.replace(
      'automatic-action/MDN-sent-automatically; processed',
      'automatic-action / MDN-sent-automatically  ;   processed  ',
    ),
  ),
  'mdn-fold': written((message) =>
    message.replace(
      'Disposition: automatic-action/MDN-sent-automatically; processed',
      'Disposition:\r\n automatic-action/MDN-sent-automatically;\r\n\tprocessed',
    ),
  ),
  'mdn-space822': written((message) =>
    message.replaceAll(/^(Final-Recipient): rfc822;/gm, '$1 :  rfc822 ;  '),
  ),
  'mdn-nodisposition': written((message) => message.replace(/^Disposition:.*\r\n/m, '')),
  'mdn-nofinal': written((message) => message.replace(/^Final-Recipient:.*\r\n/m, '')),
  'mdn-foreign': final((address) => line(`rfc822; somebody-else${address.slice(address.indexOf('@'))}`)),
  'mdn-nofrom': mdn('processed'),
  'mdn-sender': mdn('processed'),
  'mdn-outerid': mdn('processed'),
  // ways of writing the recipient that all mean the same
  'final-nospace': final((address) => line(`rfc822;${address}`)),
  'final-upper': final((address) => line(`RFC822; ${address.toUpperCase()}`)),
  'final-bare': final((address) => line(address)),
  'final-angle': final((address) => line(`rfc822; <${address}>`)),
  'final-named': final((address) => line(`rfc822; Some Body <${address}>`)),
  'final-quoted': final((address) => line(`rfc822; "Body, Some" <${address}>`)),
  'final-tag': final((address) => line(`rfc822; ${address.replace('@', '+inbox@')}`)),
  // the message named without its brackets, or in the header alone
  'id-bare': written((message) =>
    message.replace(/^Original-Message-ID: <(.*)>/m, 'Original-Message-ID: $1'),
  ),
  'id-header': written((message) => message.replace(/^Original-Message-ID:.*\r\n/m, '')),
  // the edge behind it has the recipient under another name
  forwards: mdn('processed', 0, (proposed) => ({
    ...proposed,
    originalRecipient: proposed.finalRecipient,
    finalRecipient: `inbox-77@edge.${proposed.finalRecipient.split('@')[1]}`,
  })),
};

/** Local parts of all robots that have a fixed name. */
export const ROBOT_NAMES: readonly string[] = Object.keys(ROBOTS);

/** Minutes of the delays that a HISP of the testbed has mailboxes for, where no step names another. */
const DELAYS = [1, 5, 30, 59, 61, 65, 70];

/** The addresses of all robots in a domain. */
export const robotAddresses = (domain: string): string[] =>
  [...ROBOT_NAMES, ...DELAYS.map((minutes) => `delaydispatched${minutes}`)].map(
    (name) => `${name}@${domain}`,
  );

/** The local part of a robot's address, lower case and without its plus tag; undefined for other addresses. */
export function robotOf(address: string): string | undefined {
  const local = address.slice(0, address.lastIndexOf('@')).toLowerCase().replace(/\+.*$/, '');
  return Object.hasOwn(ROBOTS, local) || /^delaydispatched\d{1,3}$/.test(local) ? local : undefined;
}

/** What the robot answers. */
export function reactionOf(robot: string, context: ReplyContext): Reply[] {
  const delay = /^delaydispatched(\d+)$/.exec(robot);
  if (delay) return all(mdn('processed'), mdn('dispatched', Number(delay[1])))(context);
  return ROBOTS[robot]?.(context) ?? [];
}

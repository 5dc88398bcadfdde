/**
 * How notices are read, matched, believed and made: the seams that a HISP with other habits lays its behaviour over.
 *
 * @module
 */
import type { NoticeKind, NoticeOccasion } from '../agent/parts.ts';
import type { Dsn } from '../mail/dsn.ts';
import type { Mdn, MdnParts } from '../mail/mdn.ts';
import type { Cause } from '../outcome/cause.ts';
import { sha256Hex } from '../store/blobs.ts';
import type { NewQueued } from '../store/queue.ts';
import type { RecipientRow } from '../store/schema.ts';
import type { Tracked } from '../store/tracking.ts';
import type { Answered } from './answers.ts';
import { nextAttempt } from './schedule.ts';
import { dsnStatements, mdnStatements, type Statement } from './statements.ts';
import type { Occurrence } from './tracking.ts';
import { domainOf } from './world.ts';

/** A notice of ours, ready to be queued. */
export interface Reply {
  readonly kind: NoticeKind;
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  readonly bytes: Uint8Array;
  /** How long it waits before it leaves. */
  readonly afterMs?: number;
}

/** What a notice is made with. */
export interface ReplyContext {
  readonly occasion: NoticeOccasion;
  readonly about: Answered;
  readonly now: number;
  readonly hostname: string;
  readonly postmaster: string;
}

export interface NoticeParts {
  readonly mdn: (mdn: Mdn, sender: string) => readonly Statement[];
  readonly dsn: (dsn: Dsn, sender: string) => readonly Statement[];
  /** Whether the proven sender may speak of this recipient (REQ-MDN-15). */
  readonly believes: (sender: string, recipient: Pick<RecipientRow, 'domain'>) => boolean;
  /** Which of the messages with that id is meant; newest first. `moves`: the statement would change it. */
  readonly pick: (found: readonly Tracked[], moves: (tracked: Tracked) => boolean) => Tracked | undefined;
  /** Whether a notice of no message of ours waits for one that is written down later. */
  readonly keepsUnmatched: boolean;
  /** Whose books change, when this happened. */
  readonly concerned: (
    happened: readonly Occurrence[],
    everybody: () => Promise<readonly RecipientRow[]>,
  ) => readonly Occurrence[] | Promise<readonly Occurrence[]>;
  /** Ids of the failure notices for a recipient. One that was given is not given again. */
  readonly failureIds: (messageId: string, address: string, why: Cause) => readonly string[];
  /** The books of a new message. @throws when they cannot be written: then the message is not taken */
  readonly books: (recipients: readonly NewQueued[], at: number) => readonly NewQueued[];
  readonly nextAttempt: typeof nextAttempt;
  // what we tell others
  readonly addressee: (about: Answered) => string;
  readonly disposition: (proposed: MdnParts) => MdnParts;
  readonly replies: (proposed: readonly Reply[], context: ReplyContext) => readonly Reply[];
}

export const referenceNotices: NoticeParts = {
  mdn: mdnStatements,
  dsn: dsnStatements,
  believes: (sender, { domain }) => domainOf(sender) === domain,
  pick: (found, moves) =>
    found.find(moves) ?? found.find(({ recipient }) => recipient.state === 'open') ?? found[0],
  keepsUnmatched: true,
  concerned: (happened) => happened,
  failureIds: (messageId, address) => [sha256Hex(`failed\n${messageId}\n${address}`)],
  books: (recipients) => recipients,
  nextAttempt,
  addressee: ({ sender }) => sender,
  disposition: (proposed) => proposed,
  replies: (proposed) => proposed,
};

/**
 * What a submission server is made of: the seams that a simulated HISP with habits lays its behaviour over.
 *
 * @module
 */
import { addressKey } from '../../mail/address.ts';
import type { SecureServerOptions } from '../../net/tls.ts';
import type { Cause } from '../../outcome/cause.ts';
import type { ReplyContext } from '../../smtp/handlers.ts';
import { type ReceiverLimits, referenceLimits } from '../../smtp/limits.ts';
import type { SmtpReply } from '../../smtp/reply.ts';
import { referenceWire, type SmtpWire } from '../../smtp/wire.ts';
import type { Accounts, EdgeUser } from '../accounts.ts';

export interface SubmittedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it was sent: CRLF line ends, dots unstuffed. */
  readonly bytes: Uint8Array;
}

export type SubmitAnswer =
  /** Message, recipients and their tracking are on the disk. */
  | { readonly ok: true; readonly id: string }
  /** `edge.unavailable` and `edge.full` may come again; everything else may not. */
  | { readonly ok: false; readonly cause: Cause; readonly storage?: boolean };

/** Gives a message to the HISP. Resolves only when it is known what became of it. */
export type Submit = (user: EdgeUser, mail: SubmittedMail) => Promise<SubmitAnswer>;

export interface SubmissionParts {
  /** What the server says, given what it would say. */
  readonly reply: (proposed: SmtpReply, context: ReplyContext) => SmtpReply;
  readonly wire: SmtpWire;
  readonly limits: ReceiverLimits;
  readonly tls: (tls: SecureServerOptions) => SecureServerOptions;
  readonly accounts: (accounts: Accounts) => Accounts;
  /** Whether a user may send as this address. */
  readonly owns: (user: EdgeUser, address: string) => boolean;
  readonly submit: (submit: Submit) => Submit;
}

export const referenceSubmission: SubmissionParts = {
  reply: (proposed) => proposed,
  wire: referenceWire,
  limits: referenceLimits,
  tls: (tls) => tls,
  accounts: (accounts) => accounts,
  owns: (user, address) => user.addresses.includes(addressKey(address)),
  submit: (submit) => submit,
};

/**
 * All verifiers, by the name that a scenario calls them.
 *
 * @module
 */
import type { Verifier } from '../verifier.ts';
import { absent } from './absent.ts';
import { answered, putAway } from './answered.ts';
import { asked, askedInOrder, notAsked } from './asked.ts';
import { bundleFetched } from './bundle-fetched.ts';
import { bundleNoted, bundleTold } from './bundle-told.ts';
import { certificatesUsed } from './certificates-used.ts';
import { deliveredTimes, intact } from './delivered.ts';
import { edgeChecks } from './edge/index.ts';
import { encryptedTo } from './encrypted-to.ts';
import { processedOnce, replied } from './handed-over.ts';
import { hosted } from './hosted.ts';
import { mailHost } from './mail-host.ts';
import { mailboxChecks } from './mailbox/index.ts';
import { arrivedWithin, encrypted, oneMessage, reached, reported } from './messages.ts';
import { noted } from './noted.ts';
import { nothingFetched } from './nothing-fetched.ts';
import { notice } from './notice.ts';
import { posture } from './posture.ts';
import { recipient } from './recipient.ts';
import { refused } from './refused.ts';
import { sentChecks } from './sent/index.ts';
import { submissionChecks } from './submission/index.ts';
import { timeToTrust } from './time-to-trust.ts';
import { trustedMessages } from './trusted-messages.ts';

const ALL = [
  certificatesUsed,
  recipient,
  asked,
  notAsked,
  askedInOrder,
  refused,
  notice,
  encrypted,
  oneMessage,
  arrivedWithin,
  reached,
  reported,
  answered,
  putAway,
  ...sentChecks,
  ...edgeChecks,
  ...submissionChecks,
  ...mailboxChecks,
  trustedMessages,
  timeToTrust,
  bundleTold,
  bundleNoted,
  bundleFetched,
  hosted,
  absent,
  posture,
  mailHost,
  encryptedTo,
  intact,
  deliveredTimes,
  replied,
  processedOnce,
  noted,
  nothingFetched,
] as const;

export const verifiers: ReadonlyMap<string, Verifier> = new Map(
  ALL.map((verifier) => [verifier.id, verifier as unknown as Verifier]),
);

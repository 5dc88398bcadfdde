/**
 * What a HISP does wrong with notices.
 *
 * @module
 */
import { allOnOne } from './all-on-one.ts';
import { dispatchedNoExt } from './dispatched-no-ext.ts';
import { double } from './double.ts';
import { dropsForeignDsn } from './drops-foreign-dsn.ts';
import { dsnAnyAction } from './dsn-any-action.ts';
import { extInDisposition } from './ext-in-disposition.ts';
import { failedNotTerminal } from './failed-not-terminal.ts';
import { falseUnderLoad } from './false-under-load.ts';
import { firstBlockForAll } from './first-block-for-all.ts';
import { ignoresModifier } from './ignores-modifier.ts';
import { inboundAnchorsOnly } from './inbound-anchors-only.ts';
import { lateDispatched } from './late-dispatched.ts';
import { mdnAnySender } from './mdn-any-sender.ts';
import { mdnOnMdn } from './mdn-on-mdn.ts';
import { mergeIds } from './merge-ids.ts';
import { needsOrder } from './needs-order.ts';
import { noDsn } from './no-dsn.ts';
import { noTimer } from './no-timer.ts';
import { processedIsSuccess } from './processed-is-success.ts';
import { processedSwallowsFailure } from './processed-swallows-failure.ts';
import { refusesNull } from './refuses-null.ts';
import { retryOutlivesTimer } from './retry-outlives-timer.ts';
import { sameId } from './same-id.ts';
import { swallowSuccess } from './swallow-success.ts';
import { untracked } from './untracked.ts';
import { verbatimId } from './verbatim-id.ts';
import { verbatimRecipient } from './verbatim-recipient.ts';

export const noticeBehaviours = [
  allOnOne,
  dispatchedNoExt,
  double,
  dropsForeignDsn,
  dsnAnyAction,
  extInDisposition,
  failedNotTerminal,
  falseUnderLoad,
  firstBlockForAll,
  ignoresModifier,
  inboundAnchorsOnly,
  lateDispatched,
  mdnAnySender,
  mdnOnMdn,
  mergeIds,
  needsOrder,
  noDsn,
  noTimer,
  processedIsSuccess,
  processedSwallowsFailure,
  refusesNull,
  retryOutlivesTimer,
  sameId,
  swallowSuccess,
  untracked,
  verbatimId,
  verbatimRecipient,
] as const;

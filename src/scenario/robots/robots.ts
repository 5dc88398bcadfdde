/**
 * Lays the robots over a HISP of the testbed.
 *
 * @module
 */
import { contentStage } from '../../agent/compose.ts';
import type { Draft } from '../../agent/draft.ts';
import { editHeader } from '../../agent/header-edit.ts';
import type { NamedStage } from '../../agent/parts.ts';
import type { HispParts } from '../../hisp/parts.ts';
import { reactionOf, robotOf } from './reactions.ts';

/**
 * The parts with robots answering at their addresses; everybody else is as before.
 *
 * @param pace of their delays: 0.5 for half of what they are named for, where timers are shortened likewise
 */
export const withRobots = (parts: HispParts, pace = 1): HispParts => ({
  ...parts,
  notices: {
    ...parts.notices,
    replies(proposed, context) {
      const robot = robotOf(context.about.recipient);
      if (robot === undefined) return parts.notices.replies(proposed, context);
      if (context.occasion !== 'accepted') return [];
      return reactionOf(robot, context).map(({ afterMs, ...reply }) =>
        afterMs === undefined ? reply : { ...reply, afterMs: afterMs * pace },
      );
    },
  },
  compose: parts.compose.map(odd),
});

/** Those robots whose oddity is in how the notice travels. */
const odd = (stage: NamedStage<Draft>): NamedStage<Draft> => ({
  ...stage,
  run(draft) {
    const robot = robotOf(draft.sender);
    if (robot === 'plainmdn') {
      if (stage.name === 'wrap') return contentStage.run(draft);
      return stage.name === 'outer' ? stage.run(draft) : draft;
    }
    return stage.name === 'wrap' ? stage.run(changed(draft, robot)) : stage.run(draft);
  },
});

function changed(draft: Draft, robot: string | undefined): Draft {
  switch (robot) {
    case 'mdn-nofrom':
      return { ...draft, message: editHeader(draft.message, new Set(['from']), []) };
    case 'mdn-sender': {
      const sender = [{ name: 'Sender', addresses: ['clerk@somewhere-else.example'] }];
      return { ...draft, message: editHeader(draft.message, new Set(['sender']), sender) };
    }
    case 'mdn-outerid':
      return { ...draft, outer: { ...draft.outer, messageId: `outer-${draft.outer.messageId}` } };
    default:
      return draft;
  }
}

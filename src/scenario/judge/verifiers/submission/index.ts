import { onlyTaken, takenIsSent } from './handed-in.ts';
import { replies } from './replies.ts';
import { wentTo } from './went-to.ts';

/** Checks of the submission edge. */
export const submissionChecks = [replies, takenIsSent, onlyTaken, wentTo] as const;

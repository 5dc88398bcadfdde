import { onlyTaken, takenIsSent } from './handed-in.ts';
import { replies } from './replies.ts';

/** Checks of the submission edge. */
export const submissionChecks = [replies, takenIsSent, onlyTaken] as const;

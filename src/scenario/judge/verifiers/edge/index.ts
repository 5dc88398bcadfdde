/**
 * The verifiers of what the edge shows.
 *
 * @module
 */
import { accounted } from './accounted.ts';
import { dispatchedAfterEdge } from './after-edge.ts';
import { edgeCounts } from './counts.ts';
import { journaled, queueEmpty } from './inside.ts';
import { edgeReason } from './reason.ts';
import { edgeShows } from './shows.ts';

export const edgeChecks = [
  edgeShows,
  edgeCounts,
  edgeReason,
  accounted,
  dispatchedAfterEdge,
  journaled,
  queueEmpty,
] as const;

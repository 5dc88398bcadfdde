import type { Behaviour } from '../behaviour.ts';
import { replying } from './reading.ts';

const MISSING = ['NOOP', 'RSET', 'SEARCH'];

/** Some commands that every server has are not there. */
export const partialCommands: Behaviour = {
  id: 'edge.partial-commands',
  title: 'knows no NOOP, RSET or SEARCH',
  legal: false,
  apply: replying((reply, { command }) =>
    MISSING.includes(command) ? { status: 'BAD', text: 'Unknown command' } : reply,
  ),
};

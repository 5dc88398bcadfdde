import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

/** What came in clear behind STARTTLS is taken for what the client says in TLS. */
export const starttlsInject: Behaviour = {
  id: 'edge.starttls-inject',
  title: 'follows commands that came in clear behind STARTTLS',
  legal: false,
  apply: inSubmission(({ wire }) => ({ wire: { ...wire, afterStartTls: (clear) => clear } })),
};

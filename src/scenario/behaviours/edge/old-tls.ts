import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

/** Speaks versions of TLS that are out of use since RFC 8996. */
export const oldTls: Behaviour = {
  id: 'edge.old-tls',
  title: 'speaks TLS 1.0 and 1.1',
  legal: false,
  apply: inSubmission(() => ({ tls: (tls) => ({ ...tls, oldest: 'TLSv1' }) })),
};

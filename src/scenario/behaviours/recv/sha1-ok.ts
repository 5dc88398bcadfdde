import { without } from '../../../trust/named.ts';
import { type Behaviour, inSigner } from '../behaviour.ts';

/** Takes signatures with SHA-1 and MD5. */
export const sha1Ok: Behaviour = {
  id: 'recv.sha1-ok',
  title: 'takes signatures with SHA-1 and MD5',
  legal: false,
  apply: inSigner((checks) => without(checks, 'digest')),
};

import type { Behaviour } from '../behaviour.ts';
import { instead } from './composing.ts';
import { signatureOf, signedAs } from './signing.ts';

/** Leaves the certificate of the signer out. */
export const noSignerCert: Behaviour = {
  id: 'send.no-signer-cert',
  title: 'leaves the certificate of the signer out',
  legal: false,
  apply: instead('sign', (draft) =>
    signedAs(draft, draft.entity, signatureOf(draft, draft.entity, { embedSigners: false })),
  ),
};

import type { Behaviour } from '../behaviour.ts';
import { instead } from './composing.ts';
import { signatureOf, signedAs } from './signing.ts';

/** Turns line ends into bare line feeds after signing. */
export const lfSigned: Behaviour = {
  id: 'send.lf-signed',
  title: 'turns line ends into bare line feeds after signing',
  legal: false,
  apply: instead('sign', (draft) => {
    const text = Buffer.from(draft.entity).toString('latin1').replaceAll('\r\n', '\n');
    return signedAs(draft, Buffer.from(text, 'latin1'), signatureOf(draft, draft.entity));
  }),
};

import type { Behaviour } from '../behaviour.ts';
import { left } from './composing.ts';

/** Leaves out name and disposition of the envelope. */
export const bareParams: Behaviour = {
  id: 'send.bare-params',
  title: 'leaves out name and disposition of the envelope',
  legal: false,
  apply: left('encrypt', (draft) => {
    const text = Buffer.from(draft.entity).toString('latin1');
    const bare = text.replace(/;\s*name="smime.p7m"/, '').replace(/Content-Disposition: [^\r]*\r\n/, '');
    return { ...draft, entity: Buffer.from(bare, 'latin1') };
  }),
};

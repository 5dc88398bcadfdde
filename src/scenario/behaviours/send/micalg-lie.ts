import type { Behaviour } from '../behaviour.ts';
import { left } from './composing.ts';

/** Says another digest in micalg than it used. */
export const micalgLie: Behaviour = {
  id: 'send.micalg-lie',
  title: 'says another digest in micalg than it used',
  legal: false,
  apply: left('sign', (draft) => {
    const text = Buffer.from(draft.entity).toString('latin1');
    return { ...draft, entity: Buffer.from(text.replace(/micalg="?[^";\s]+"?/, 'micalg=sha-512'), 'latin1') };
  }),
};

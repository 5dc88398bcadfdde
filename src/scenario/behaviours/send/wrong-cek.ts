import { envelope, newContentKey, recipientInfo } from '../../../cms/encrypt.ts';
import { envelopedEntity } from '../../../mail/wrap.ts';
import type { Behaviour } from '../behaviour.ts';
import { instead } from './composing.ts';

/** Puts another content key into the envelope than it encrypted with. */
export const wrongCek: Behaviour = {
  id: 'send.wrong-cek',
  title: 'puts another content key into the envelope than it encrypted with',
  legal: false,
  apply: instead('encrypt', (draft) => {
    const { cipher, keyTransport } = draft.algorithms;
    const other = newContentKey(cipher);
    const infos = draft.certificates.map((one) => recipientInfo(one, other, { keyTransport }));
    const object = envelope(draft.entity, newContentKey(cipher), infos, { cipher });
    return { ...draft, entity: envelopedEntity(object) };
  }),
};

import type { Behaviour } from '../behaviour.ts';
import { left } from './composing.ts';

/** Writes Base64 as a single line. */
export const oneLineBase64: Behaviour = {
  id: 'send.one-line-base64',
  title: 'writes Base64 as a single line',
  legal: false,
  apply: left('encrypt', (draft) => {
    const text = Buffer.from(draft.entity).toString('latin1');
    const body = text.indexOf('\r\n\r\n') + 4;
    const line = text.slice(body).replaceAll('\r\n', '');
    return { ...draft, entity: Buffer.from(`${text.slice(0, body)}${line}\r\n`, 'latin1') };
  }),
};

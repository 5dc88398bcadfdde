import { parseAddressList } from '../../../mail/address.ts';
import { readEntity } from '../../../mail/entity.ts';
import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

/** A user may send as anybody: what stands in From is believed. */
export const anyFrom: Behaviour = {
  id: 'edge.any-from',
  title: 'lets a user send as somebody else',
  legal: false,
  apply: inSubmission(() => ({
    owns: () => true,
    submit: (submit) => (user, mail) => {
      const [writer] = parseAddressList(readEntity(mail.bytes).header('from') ?? '');
      return submit(user, { ...mail, from: writer?.address ?? mail.from });
    },
  })),
};

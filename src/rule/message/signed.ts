import { smimeKind } from '../../mail/signed.ts';
import { messageRule, openedEntities } from './subject.ts';

export const signed = messageRule({
  id: 'message/signed',
  title: 'What the envelope holds is signed',
  level: 'must',
  cites: ['REQ-AS-09', 'REQ-AS-10'],
  items: openedEntities,
  check: (entity, { signature }) =>
    smimeKind(entity) !== undefined && 'value' in signature
      ? undefined
      : { type: entity.contentType.type, why: 'missing' in signature ? signature.missing : 'no signature' },
  text: ({ type, why }) => `found ${type}: ${why}; expected multipart/signed`,
});

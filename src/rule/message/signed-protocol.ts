import { namesProtocol, SIGNATURE_TYPE } from './facts/signature.ts';
import { differenceRule } from './subject.ts';

export const signedProtocol = differenceRule({
  id: 'message/signed-protocol',
  title: 'The protocol of multipart/signed is application/pkcs7-signature',
  level: 'must',
  cites: ['REQ-AS-09'],
  items: ({ opened }) =>
    'value' in opened && opened.value.contentType.type === 'multipart/signed' ? [opened.value] : [],
  check: (entity) =>
    namesProtocol(entity)
      ? undefined
      : {
          what: 'the protocol',
          expected: SIGNATURE_TYPE,
          found: entity.contentType.parameters['protocol'] ?? 'none',
        },
});

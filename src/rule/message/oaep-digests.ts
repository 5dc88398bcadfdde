import { keyTravel } from './facts/envelope.ts';
import { messageRule } from './subject.ts';

export const oaepDigests = messageRule({
  id: 'message/oaep-digests',
  title: 'OAEP has the same digest for label and mask',
  level: 'should',
  cites: ['REQ-AS-23', 'REQ-AS-24'],
  items: ({ envelope }) =>
    'value' in envelope
      ? envelope.value.enveloped.recipients.map(keyTravel).filter((travel) => travel.kind === 'oaep')
      : [],
  check: ({ digest, maskDigest }) => (digest === maskDigest ? undefined : { digest, mask: maskDigest }),
  text: ({ digest, mask }) => `found ${digest} with MGF1 of ${mask}; many peers open only equal ones`,
});

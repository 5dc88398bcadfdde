import { keyTravel } from './facts/envelope.ts';
import { messageRule } from './subject.ts';

export const keyTransport = messageRule({
  id: 'message/key-transport',
  title: 'The content key travels by RSA',
  level: 'must',
  cites: ['REQ-AS-23'],
  items: ({ envelope }) => ('value' in envelope ? envelope.value.enveloped.recipients.map(keyTravel) : []),
  check: (travel) =>
    travel.kind === 'oaep' || travel.kind === 'pkcs1' ? undefined : { algorithm: travel.algorithm },
  text: ({ algorithm }) => `found ${algorithm}; expected RSAES-OAEP`,
});

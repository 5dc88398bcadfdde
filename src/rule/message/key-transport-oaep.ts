import { keyTravel } from './facts/envelope.ts';
import { messageRule } from './subject.ts';

export const keyTransportOaep = messageRule({
  id: 'message/key-transport-oaep',
  title: 'The content key travels by RSAES-OAEP',
  level: 'must',
  cites: ['REQ-AS-24'],
  since: { date: '2026-01-01' },
  items: ({ envelope }) =>
    'value' in envelope
      ? envelope.value.enveloped.recipients
          .map(keyTravel)
          .filter(({ kind }) => kind === 'oaep' || kind === 'pkcs1')
      : [],
  check: (travel) => (travel.kind === 'oaep' ? undefined : { scheme: travel.kind }),
  text: ({ scheme }) => `found ${scheme === 'pkcs1' ? 'PKCS #1 v1.5' : scheme}; expected RSAES-OAEP`,
});

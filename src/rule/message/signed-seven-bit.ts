import { isSevenBit } from '../../mail/canonical.ts';
import { messageRule, signatures } from './subject.ts';

export const signedSevenBit = messageRule({
  id: 'message/signed-seven-bit',
  title: 'What is signed has seven bits',
  level: 'must',
  cites: ['REQ-AS-17'],
  items: signatures,
  check: ({ content }) =>
    isSevenBit(content) ? undefined : { octets: content.filter((one) => one > 127).length },
  text: ({ octets }) => `found ${octets} octets over 127; expected quoted-printable or Base64 before signing`,
});

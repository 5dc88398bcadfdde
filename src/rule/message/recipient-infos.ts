import { envelopes, messageRule } from './subject.ts';

export const recipientInfos = messageRule({
  id: 'message/recipient-infos',
  title: 'Somebody can open the envelope',
  level: 'must',
  cites: ['REQ-AS-42'],
  items: envelopes,
  check: ({ enveloped: { recipients } }) =>
    recipients.length > 0 ? undefined : { recipients: recipients.length },
  text: ({ recipients }) =>
    `found ${recipients} RecipientInfos; expected one for each certificate that can open it`,
});

import { differenceRule, envelopes } from './subject.ts';

export const outerEncoding = differenceRule({
  id: 'message/outer-encoding',
  title: 'The envelope travels as Base64',
  level: 'must',
  cites: ['REQ-AS-10'],
  items: envelopes,
  check: ({ outer }) =>
    outer.encoding === 'base64'
      ? undefined
      : {
          what: 'the transfer encoding of the envelope',
          expected: 'base64',
          found: outer.header('content-transfer-encoding') ?? 'none',
        },
});

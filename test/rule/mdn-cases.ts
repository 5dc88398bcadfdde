import type { MdnParts } from '../../src/mail/mdn.ts';
import type { RuleId, RuleStatus } from '../../src/rule/rule.ts';
import { swap } from './notice-cases.ts';

export type MdnCase = [
  rule: RuleId,
  title: string,
  change: Partial<MdnParts> & { readonly edit?: (text: string) => string },
  status: RuleStatus,
];

const EXTENSION = 'X-DIRECT-FINAL-DESTINATION-DELIVERY';
const dispatched = { disposition: 'dispatched' } as const;

export const MDN_CASES: MdnCase[] = [
  ['mdn/report-type', 'the one of an MDN', {}, 'pass'],
  [
    'mdn/report-type',
    'another',
    { edit: swap(/report-type="?disposition-notification"?/, 'report-type=mdn') },
    'fail',
  ],

  ['mdn/parts', 'text and fields', {}, 'pass'],
  [
    'mdn/parts',
    'fields alone',
    { edit: (text) => text.replace(/(?<=--B0\r\n)Content-Type: text[\s\S]*?--B0\r\n/, '') },
    'fail',
  ],

  ['mdn/message-id', 'two halves', {}, 'pass'],
  ['mdn/message-id', 'a bare UUID', { edit: swap('<2@direct.b.example>', '<0b1f3f1e-7f1c>') }, 'fail'],

  ['mdn/no-request', 'none', {}, 'pass'],
  [
    'mdn/no-request',
    'a request',
    { edit: (text) => `Disposition-Notification-To: a@b.example\r\n${text}` },
    'fail',
  ],

  ['mdn/no-context', 'none', {}, 'pass'],
  ['mdn/no-context', 'context', { edit: (text) => `X-Direct-Context: <c@d>\r\n${text}` }, 'fail'],

  ['mdn/final-recipient', 'rfc822 and an address', {}, 'pass'],
  [
    'mdn/final-recipient',
    'without its type',
    { edit: swap('Final-Recipient: rfc822; ', 'Final-Recipient: ') },
    'fail',
  ],
  ['mdn/final-recipient', 'none', { edit: swap(/^Final-Recipient:.*\r\n/m, '') }, 'fail'],

  ['mdn/original-message-id', 'the field', {}, 'pass'],
  ['mdn/original-message-id', 'only In-Reply-To', { edit: swap(/^Original-Message-ID:.*\r\n/m, '') }, 'fail'],

  ['mdn/reporting-ua', 'there', {}, 'pass'],
  ['mdn/reporting-ua', 'not there', { edit: swap(/^Reporting-UA:.*\r\n/m, '') }, 'warn'],

  ['mdn/disposition', 'processed', {}, 'pass'],
  ['mdn/disposition', 'an invented one', { edit: swap('; processed', '; swallowed') }, 'fail'],
  ['mdn/disposition', 'none', { edit: swap(/^Disposition:.*\r\n/m, '') }, 'fail'],

  ['mdn/disposition-mode', 'automatic', {}, 'pass'],
  [
    'mdn/disposition-mode',
    'by hand',
    { edit: swap('automatic-action/MDN-sent-automatically', 'manual-action/MDN-sent-manually') },
    'fail',
  ],
  ['mdn/disposition-mode', 'failed', { disposition: 'failed' }, 'na'],

  ['mdn/delivery-extension', 'a field', { ...dispatched, finalDelivery: true }, 'pass'],
  ['mdn/delivery-extension', 'none', dispatched, 'fail'],
  ['mdn/delivery-extension', 'processed', {}, 'na'],

  ['mdn/delivery-place', 'a field', { ...dispatched, finalDelivery: true }, 'pass'],
  ['mdn/delivery-place', 'a modifier', { ...dispatched, modifiers: [EXTENSION] }, 'fail'],
  [
    'mdn/delivery-place',
    'in the header',
    { ...dispatched, edit: (text) => `${EXTENSION}: \r\n${text}` },
    'fail',
  ],
  ['mdn/delivery-place', 'none', {}, 'na'],

  ['mdn/delivery-unasked', 'dispatched', { ...dispatched, finalDelivery: true }, 'pass'],
  ['mdn/delivery-unasked', 'processed', { finalDelivery: true }, 'warn'],
  ['mdn/delivery-unasked', 'none', {}, 'na'],
];

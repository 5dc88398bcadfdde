import type { DsnParts } from '../../src/mail/dsn.ts';
import type { RuleId, RuleStatus } from '../../src/rule/rule.ts';
import { swap } from './notice-cases.ts';

export type DsnCase = [
  rule: RuleId,
  title: string,
  change: Partial<DsnParts> & { readonly edit?: (text: string) => string },
  status: RuleStatus,
];

const nobody = { recipients: [] };

export const DSN_CASES: DsnCase[] = [
  ['dsn/report-type', 'the one of a DSN', {}, 'pass'],
  ['dsn/report-type', 'none', { edit: swap(/report-type="?delivery-status"?/, 'x=y') }, 'fail'],

  ['dsn/parts', 'text and fields', {}, 'pass'],
  [
    'dsn/parts',
    'fields alone',
    { edit: (text) => text.replace(/(?<=--B0\r\n)Content-Type: text[\s\S]*?--B0\r\n/, '') },
    'fail',
  ],

  ['dsn/message-id', 'two halves', {}, 'pass'],
  ['dsn/message-id', 'none', { edit: swap(/^Message-ID:.*\r\n/m, '') }, 'fail'],

  ['dsn/no-request', 'none', {}, 'pass'],
  [
    'dsn/no-request',
    'a request',
    { edit: (text) => `Disposition-Notification-To: a@b.example\r\n${text}` },
    'fail',
  ],

  ['dsn/no-context', 'none', {}, 'pass'],
  ['dsn/no-context', 'context', { edit: (text) => `X-Direct-Context: <c@d>\r\n${text}` }, 'fail'],

  ['dsn/reporting-mta', 'there', {}, 'pass'],
  ['dsn/reporting-mta', 'not there', { edit: swap(/^Reporting-MTA:.*\r\n/m, '') }, 'fail'],

  ['dsn/recipients', 'one', {}, 'pass'],
  ['dsn/recipients', 'none', nobody, 'fail'],

  ['dsn/final-recipient', 'rfc822 and an address', {}, 'pass'],
  [
    'dsn/final-recipient',
    'no address',
    { edit: swap('rfc822; carl@direct.c.example', 'rfc822; carl') },
    'fail',
  ],
  ['dsn/final-recipient', 'nobody', nobody, 'na'],

  ['dsn/action', 'failed', {}, 'pass'],
  ['dsn/action', 'an invented one', { edit: swap('Action: failed', 'Action: dropped') }, 'fail'],
  ['dsn/action', 'nobody', nobody, 'na'],

  ['dsn/status', '5.1.1', {}, 'pass'],
  ['dsn/status', '550', { edit: swap('Status: 5.1.1', 'Status: 550') }, 'fail'],
  ['dsn/status', 'nobody', nobody, 'na'],

  ['dsn/status-agrees', 'failed and 5', {}, 'pass'],
  ['dsn/status-agrees', 'failed and 4', { edit: swap('Status: 5.1.1', 'Status: 4.4.1') }, 'fail'],
  ['dsn/status-agrees', 'nobody', nobody, 'na'],

  ['dsn/original-message-id', 'both', {}, 'pass'],
  [
    'dsn/original-message-id',
    'only In-Reply-To',
    { edit: swap(/^X-Original-Message-ID:.*\r\n/m, '') },
    'fail',
  ],
];

import { messageIdKey } from '../../mail/message-id.ts';
import { fieldValue } from '../../mail/report.ts';
import { dsnRule } from './subject.ts';

export const originalMessageId = dsnRule({
  id: 'dsn/original-message-id',
  title: 'A DSN says in X-Original-Message-ID and In-Reply-To which message it is about',
  level: 'must',
  cites: ['REQ-DN-12'],
  items: (subject) => [subject],
  check: ({ entity, notice }) => {
    const absent = [
      ...(messageIdKey(fieldValue(notice.fields, 'x-original-message-id')) ? [] : ['X-Original-Message-ID']),
      ...(messageIdKey(entity.header('in-reply-to')) ? [] : ['In-Reply-To']),
    ];
    return absent.length > 0 ? { absent } : undefined;
  },
  text: ({ absent }) => `found no ${absent.join(' and no ')}`,
});

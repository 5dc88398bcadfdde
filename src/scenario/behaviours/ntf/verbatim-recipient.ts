import type { Statement } from '../../../hisp/statements.ts';
import { fieldValue, type ReportField } from '../../../mail/report.ts';
import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

const verbatim = (statement: Statement, fields: readonly ReportField[]): Statement => {
  const value = fieldValue(fields, 'final-recipient') ?? '';
  return { ...statement, recipients: value.startsWith('rfc822; ') ? [value.slice(8)] : [] };
};

/** Compares the Final-Recipient field letter for letter. */
export const verbatimRecipient: Behaviour = {
  id: 'ntf.verbatim-recipient',
  title: 'compares the Final-Recipient field letter for letter',
  legal: false,
  apply: inNotices(({ mdn }) => ({
    mdn: (notice, sender) => mdn(notice, sender).map((one) => verbatim(one, notice.fields)),
  })),
};

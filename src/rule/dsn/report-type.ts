import { reportTypeFault } from '../message/facts/report.ts';
import { differenceText } from '../message/subject.ts';
import { dsnRule } from './subject.ts';

export const reportType = dsnRule({
  id: 'dsn/report-type',
  title: 'The report-type of a DSN is delivery-status',
  level: 'must',
  cites: ['REQ-DN-12'],
  items: ({ entity }) => [entity],
  check: (entity) => reportTypeFault(entity, 'delivery-status'),
  text: differenceText,
});

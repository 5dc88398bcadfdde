import { reportTypeFault } from '../message/facts/report.ts';
import { differenceText } from '../message/subject.ts';
import { mdnRule } from './subject.ts';

export const reportType = mdnRule({
  id: 'mdn/report-type',
  title: 'The report-type of an MDN is disposition-notification',
  level: 'must',
  cites: ['REQ-MDN-04'],
  items: ({ entity }) => [entity],
  check: (entity) => reportTypeFault(entity, 'disposition-notification'),
  text: differenceText,
});

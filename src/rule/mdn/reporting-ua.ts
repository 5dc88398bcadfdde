import { mdnRule } from './subject.ts';

export const reportingUa = mdnRule({
  id: 'mdn/reporting-ua',
  title: 'Reporting-UA says who made an MDN',
  level: 'should',
  cites: ['REQ-MDN-05'],
  items: ({ notice }) => [notice],
  check: (notice) => (notice.reportingUa?.trim() ? undefined : { field: 'Reporting-UA' }),
  text: ({ field }) => `found no ${field}`,
});

import { dsnRule } from './subject.ts';

export const reportingMta = dsnRule({
  id: 'dsn/reporting-mta',
  title: 'Reporting-MTA says who gave up',
  level: 'must',
  cites: ['REQ-DN-12'],
  items: ({ notice }) => [notice],
  check: (notice) => (notice.reportingMta?.trim() ? undefined : { field: 'Reporting-MTA' }),
  text: ({ field }) => `found no ${field}; expected one such as dns; mail.d.example`,
});

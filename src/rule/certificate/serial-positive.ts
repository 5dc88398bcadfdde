import { certificateRule } from './subject.ts';

export const serialPositive = certificateRule({
  id: 'certificate/serial-positive',
  title: 'The serial number is positive',
  level: 'must',
  cites: ['REQ-CERT-01'],
  check: ({ serial }) => (serial.startsWith('-') || /^0*$/.test(serial) ? { serial } : undefined),
  text: ({ serial }) => `found serial number ${serial}; expected a positive number`,
});

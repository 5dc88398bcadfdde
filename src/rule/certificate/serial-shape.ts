import { certificateRule, isSelfIssued } from './subject.ts';

const LEAST = 8;

/** Whether a number is unique cannot be seen in one certificate; a counter that begins again looks like this. */
export const serialShape = certificateRule({
  id: 'certificate/serial-shape',
  title: 'The serial number is long enough to be unique without a register',
  level: 'info',
  cites: ['REQ-CERT-01'],
  applies: (subject) => !isSelfIssued(subject),
  check: ({ serial }) => {
    const octets = serial.replace(/^-/, '').length / 2;
    return octets < LEAST ? { serial, octets } : undefined;
  },
  text: ({ serial, octets }) =>
    `found serial number ${serial} (${octets} octets), as of a counter; with ${LEAST} random octets it stays unique when a register is lost`,
});

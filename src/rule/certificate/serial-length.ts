import { certificateRule } from './subject.ts';

const MOST = 20;

export const serialLength = certificateRule({
  id: 'certificate/serial-length',
  title: 'The serial number has at most 20 octets',
  level: 'must',
  cites: ['REQ-CERT-01'],
  check: ({ serialDer }) => {
    const octets = serialDer.length - 2;
    return octets > MOST ? { octets } : undefined;
  },
  text: ({ octets }) => `found a serial number of ${octets} octets; expected at most ${MOST}`,
});

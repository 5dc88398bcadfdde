import { certificateRule } from './subject.ts';

const LEAST = 2048;

export const keySize = certificateRule({
  id: 'certificate/key-size',
  title: 'An RSA key has at least 2048 bits',
  level: { '1.2': 'should', '1.3': 'must' },
  cites: ['REQ-AS-20', 'REQ-CERT-01'],
  applies: ({ certificate }) => certificate.key.kind === 'rsa',
  check: ({ key }) => (key.bits < LEAST ? { bits: key.bits } : undefined),
  text: ({ bits }) => `found an RSA key of ${bits} bits; expected at least ${LEAST}`,
});

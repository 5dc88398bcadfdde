import { signatureIsStrong } from '../../pki/path/strength.ts';
import { certificateRule } from './subject.ts';

export const signatureDigest = certificateRule({
  id: 'certificate/signature-digest',
  title: 'The certificate is signed with SHA-256 or stronger',
  level: { '1.2': 'should', '1.3': 'must' },
  cites: ['REQ-CERT-01', 'REQ-AS-19'],
  check: ({ signature }) => (signatureIsStrong(signature, '1.3') ? undefined : { algorithm: signature.name }),
  text: ({ algorithm }) => `found ${algorithm}; expected RSA or ECDSA with SHA-256, SHA-384 or SHA-512`,
});

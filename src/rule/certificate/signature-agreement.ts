import { certificateRule } from './subject.ts';

export const signatureAgreement = certificateRule({
  id: 'certificate/signature-agreement',
  title: 'The signed and the unsigned signature algorithm are the same',
  level: 'must',
  cites: ['REQ-CERT-01'],
  check: ({ signatureAgrees, signature }) => (signatureAgrees ? undefined : { outer: signature.name }),
  text: ({ outer }) => `found ${outer} outside the signed part and another algorithm inside it`,
});

import { certificateRule } from './subject.ts';

export const keyIdMatch = certificateRule({
  id: 'certificate/key-id-match',
  title: 'The authority key identifier is the issuer’s subject key identifier',
  level: 'should',
  cites: ['REQ-CERT-09'],
  applies: ({ certificate, issuer }) => certificate.aki !== undefined && issuer?.ski !== undefined,
  check: ({ aki }, { issuer }) => (aki === issuer!.ski ? undefined : { found: aki!, wanted: issuer!.ski! }),
  text: ({ found, wanted }) => `found ${found}; the issuer has ${wanted}`,
});

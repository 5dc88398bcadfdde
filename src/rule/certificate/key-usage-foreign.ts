import { certificateRule, isDirect } from './subject.ts';

const OWN: ReadonlySet<string> = new Set([
  'digitalSignature',
  'keyEncipherment',
  'nonRepudiation',
  'dataEncipherment',
]);

export const keyUsageForeign = certificateRule({
  id: 'certificate/key-usage-foreign',
  title: 'The key of an address or a domain may not sign certificates or lists',
  level: 'must',
  cites: ['REQ-CERT-03', 'REQ-CERT-05'],
  applies: (subject) => isDirect(subject) && subject.certificate.keyUsage !== undefined,
  check: ({ keyUsage }) => {
    const found = [...keyUsage!].filter((use) => !OWN.has(use));
    return found.length > 0 ? { found } : undefined;
  },
  text: ({ found }) => `found ${found.join(', ')}; a key for mail has only its own uses`,
});

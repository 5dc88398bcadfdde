import { weakDigests } from './facts/signature.ts';
import { messageRule, signatures } from './subject.ts';

export const signatureDigest = messageRule({
  id: 'message/signature-digest',
  title: 'The message is signed with SHA-256, SHA-384 or SHA-512',
  level: { '1.2': 'should', '1.3': 'must' },
  cites: ['REQ-AS-19'],
  items: (subject) => signatures(subject).filter(({ signed }) => signed.signers.length > 0),
  check: ({ signed }) => {
    const digests = weakDigests(signed);
    return digests.length > 0 ? { digests } : undefined;
  },
  text: ({ digests }) => `found ${digests.join(', ')}; expected SHA-256 or stronger`,
});

import { keyName } from '../../pki/path/strength.ts';
import { certificateRule } from './subject.ts';

const CURVES: ReadonlySet<string> = new Set(['P-256', 'P-384', 'P-521']);

export const keyKind = certificateRule({
  id: 'certificate/key-kind',
  title: 'The key is RSA, or elliptic on a curve that Direct peers have (1.3)',
  level: 'must',
  cites: ['REQ-CERT-01', 'REQ-AS-21'],
  check: ({ key }, _, { profile }) => {
    if (key.kind === 'rsa') return undefined;
    return profile === '1.3' && key.kind === 'ec' && CURVES.has(key.curve ?? '')
      ? undefined
      : { key: keyName(key), profile };
  },
  text: ({ key, profile }) =>
    `found a key of kind ${key}; expected ${profile === '1.3' ? 'RSA, P-256 or P-384' : 'RSA'}`,
});

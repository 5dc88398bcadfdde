import type { Draft } from '../../../agent/draft.ts';
import type { Certificate } from '../../../pki/certificate.ts';
import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Also encrypts to RSA keys of less than 2048 bits. */
export const smallKey: Behaviour = {
  id: 'send.small-key',
  title: 'also encrypts to RSA keys of less than 2048 bits',
  legal: false,
  apply: given('encrypt', (draft) => ({
    ...draft,
    certificates: [...draft.certificates, ...foundFor(draft).filter(isSmall)],
  })),
};

const foundFor = ({ recipients }: Draft): Certificate[] =>
  recipients.flatMap(({ discovery }) => discovery.candidates.flatMap(({ certificate }) => certificate ?? []));

const isSmall = ({ key }: Certificate): boolean => key.kind === 'rsa' && key.bits < 2048;

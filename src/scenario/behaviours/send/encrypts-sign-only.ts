import type { Draft } from '../../../agent/draft.ts';
import type { Certificate } from '../../../pki/certificate.ts';
import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Also encrypts to certificates that may only sign. */
export const encryptsSignOnly: Behaviour = {
  id: 'send.encrypts-sign-only',
  title: 'also encrypts to certificates that may only sign',
  legal: false,
  apply: given('encrypt', (draft) => ({
    ...draft,
    certificates: [...draft.certificates, ...foundFor(draft).filter(mayOnlySign)],
  })),
};

const foundFor = ({ recipients }: Draft): Certificate[] =>
  recipients.flatMap(({ discovery }) => discovery.candidates.flatMap(({ certificate }) => certificate ?? []));

const mayOnlySign = ({ keyUsage }: Certificate): boolean =>
  keyUsage !== undefined && !keyUsage.has('keyEncipherment');

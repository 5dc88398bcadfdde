import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Believes the first answer of a name server that comes, whoever sent it and whatever it is about. */
export const trustsAnyAnswer: Behaviour = {
  id: 'disc.trusts-any-answer',
  title: 'believes any answer that comes to a question about DNS, and every record in it',
  legal: false,
  apply: inDiscovery(({ resolver }) => ({
    resolver: { ...resolver, believes: () => true, owns: () => true },
  })),
};

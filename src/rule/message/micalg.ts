import { micalgFault } from './facts/signature.ts';
import { differenceRule, signatures } from './subject.ts';

export const micalg = differenceRule({
  id: 'message/micalg',
  title: 'The micalg parameter names the digest that was used',
  level: 'should',
  cites: ['REQ-AS-09'],
  items: (subject) => signatures(subject).filter(({ detached }) => detached !== undefined),
  check: micalgFault,
});

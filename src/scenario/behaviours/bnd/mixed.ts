import type { Behaviour } from '../behaviour.ts';
import { inBundles } from './in-bundles.ts';

/** Trusts the anchors of every bundle for every domain, those for testing too. */
export const mixed: Behaviour = {
  id: 'bnd.mixed',
  title: 'trusts the anchors of every bundle for every domain, those for testing too',
  legal: false,
  apply: inBundles(({ subscriptions }) => ({
    subscriptions(wanted) {
      const list = subscriptions(wanted);
      const domains = list.flatMap((one) => one.domains);
      return list.map((one) => ({ ...one, domains }));
    },
  })),
};

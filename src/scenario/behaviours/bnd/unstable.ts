import type { Behaviour } from '../behaviour.ts';
import { inBundles } from './in-bundles.ts';

/** Makes another file each time, though nothing changed. */
export const unstable: Behaviour = {
  id: 'bnd.unstable',
  title: 'makes another file each time, though nothing changed',
  legal: false,
  apply: (parts, random) =>
    inBundles(({ build }) => ({
      build: (spec) => {
        const { profile = '', distributionPoints = [] } = spec.metadata ?? {};
        return build({
          ...spec,
          metadata: { ...spec.metadata, profile: `${profile} ${random.uuid()}`, distributionPoints },
        });
      },
    }))(parts),
};

import { type AnchorSource, anchorOf } from '../../trust/anchors.ts';
import type { OpenNetwork } from '../demo/open.ts';
import type { Publishing } from './publishing.ts';

/**
 * The anchors that entries of the directory have to chain to: those in the bundles that the network publishes, so that a
 * HISP that left its community is not listed as if it were in, and no sandbox is (directory §5.9). A network without
 * bundles has the anchors of its HISPs.
 */
export function networkAnchors(
  { network, material }: Pick<OpenNetwork, 'network' | 'material'>,
  publishing: Pick<Publishing, 'communities'>,
): AnchorSource {
  const own = [...material].map(([id, { root }]) =>
    anchorOf(root.certificate, `${network.hisps[id]!.title} itself`),
  );
  let last: ReturnType<Publishing['communities']> | undefined;
  let anchors = own;
  return () => {
    const communities = publishing.communities();
    if (communities !== last) {
      last = communities;
      const bundles = communities.flatMap(({ definition, bundle }) =>
        bundle && definition.environment === 'production'
          ? bundle.certificates.map((one) => anchorOf(one, `the ${definition.title} bundle`))
          : [],
      );
      anchors = bundles.length > 0 ? bundles : own;
    }
    return anchors;
  };
}

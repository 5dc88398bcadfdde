import type { Behaviour } from '../behaviour.ts';
import { inConsumer } from './in-bundles.ts';

/** Takes the certificate of a bundle’s signer for its anchor. */
export const signerAsAnchor: Behaviour = {
  id: 'bnd.signer-as-anchor',
  title: 'takes the certificate of a bundle’s signer for its anchor',
  legal: false,
  apply: inConsumer(({ read }) => ({
    read: (bytes, one, at) => {
      const bundle = read(bytes, one, at);
      return bundle.signature ? { ...bundle, certificates: [bundle.signature.signer] } : bundle;
    },
  })),
};

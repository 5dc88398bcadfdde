import { notABundle } from '../../../trust/bundle/error.ts';
import type { Behaviour } from '../behaviour.ts';
import { inConsumer } from './in-bundles.ts';

/** Reads bundles in DER only. */
export const derOnly: Behaviour = {
  id: 'bnd.der-only',
  title: 'reads bundles in DER only',
  legal: false,
  apply: inConsumer(({ read }) => ({
    read: (bytes, one, at) => {
      const bundle = read(bytes, one, at);
      const { encoding, innerEncoding = 'DER' } = bundle;
      if (encoding !== 'DER' || innerEncoding !== 'DER') throw notABundle('it is not DER');
      return bundle;
    },
  })),
};

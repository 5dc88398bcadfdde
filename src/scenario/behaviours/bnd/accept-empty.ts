import { createHash } from 'node:crypto';
import { BundleError, type BundleErrorCode } from '../../../trust/bundle/error.ts';
import type { Behaviour } from '../behaviour.ts';
import { inConsumer } from './in-bundles.ts';

const TAKEN: ReadonlySet<BundleErrorCode> = new Set(['empty', 'format']);

/** Takes a file without a readable certificate for an empty bundle. */
export const acceptEmpty: Behaviour = {
  id: 'bnd.accept-empty',
  title: 'takes a file without a readable certificate for an empty bundle',
  legal: false,
  apply: inConsumer(({ read }) => ({
    read: (bytes, one, at) => {
      try {
        return read(bytes, one, at);
      } catch (error) {
        if (!(error instanceof BundleError) || !TAKEN.has(error.code)) throw error;
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const { length: size } = bytes;
        return { sha256, size, encoding: 'DER', form: 'unsigned', certificates: [], notes: [] };
      }
    },
  })),
};

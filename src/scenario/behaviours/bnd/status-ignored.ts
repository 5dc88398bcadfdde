import type { Behaviour } from '../behaviour.ts';
import { inConsumer } from './in-bundles.ts';

/** Reads whatever came, whether the server answered well or not. */
export const statusIgnored: Behaviour = {
  id: 'bnd.status-ignored',
  title: 'reads whatever came, whether the server answered well or not',
  legal: false,
  apply: inConsumer(({ answer }) => ({
    answer: (result, one) => (result.ok ? answer(result, one) : { kind: 'body', bytes: new Uint8Array() }),
  })),
};

import type { Behaviour } from '../behaviour.ts';
import { inConsumer } from './in-bundles.ts';

/** Reads metadata with a document type. */
export const xmlDtd: Behaviour = {
  id: 'bnd.xml-dtd',
  title: 'reads metadata with a document type',
  legal: false,
  apply: inConsumer(({ read }) => ({
    read: (bytes, one, at) => read(withoutDtd(bytes), one, at),
  })),
};

/** The same length, so that the DER around it stays right. */
function withoutDtd(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  return Buffer.from(
    text.replace(/<!DOCTYPE[^[>]*\[[^\]]*\]>/, (dtd) => ' '.repeat(dtd.length)),
    'latin1',
  );
}

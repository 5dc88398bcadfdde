import { createDataReader } from '../../../smtp/data-reader.ts';
import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

/** Line ends of any kind are taken in content, and made CRLF. */
export const acceptsBadData: Behaviour = {
  id: 'edge.accepts-bad-data',
  title: 'takes content whose line ends are not CRLF',
  legal: false,
  apply: inSubmission(({ wire }) => ({
    wire: {
      ...wire,
      content(maxOctets) {
        const strict = createDataReader(maxOctets);
        const seen: Uint8Array[] = [];
        return {
          push(bytes) {
            const rest = strict.push(bytes);
            seen.push(bytes.subarray(0, bytes.length - (rest?.length ?? 0)));
            return rest;
          },
          bareLineEnd: false,
          get size() {
            return strict.size;
          },
          content() {
            const text = Buffer.concat(seen).toString('latin1');
            return Buffer.from(text.replace(/\.\r\n$/, '').replace(/\r\n|\n\r|\r|\n/g, '\r\n'), 'latin1');
          },
        };
      },
    },
  })),
};

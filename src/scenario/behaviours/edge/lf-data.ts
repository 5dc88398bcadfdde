import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

/** A dot on a line of its own ends a message, whatever ends the lines. */
export const lfData: Behaviour = {
  id: 'edge.lf-data',
  title: 'ends a message at a dot between line ends other than CRLF',
  legal: false,
  apply: inSubmission(({ wire }) => ({
    wire: {
      ...wire,
      content() {
        let text = '';
        const END = /(^|\r\n|\n|\r)\0?\.(\r\n|\n|\r(?=[^\n]))/;
        return {
          push(bytes) {
            text += Buffer.from(bytes).toString('latin1');
            const end = END.exec(text);
            if (!end) return undefined;
            const rest = text.slice(end.index + end[0].length);
            text = text.slice(0, end.index + end[1]!.length);
            return Buffer.from(rest, 'latin1');
          },
          bareLineEnd: false,
          get size() {
            return text.length;
          },
          content: () =>
            Buffer.from(text.replace(/\r\n|\r|\n/g, '\r\n').replace(/\r\n\.\./g, '\r\n.'), 'latin1'),
        };
      },
    },
  })),
};

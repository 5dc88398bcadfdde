import { z } from 'zod';
import { found, type Verifier, verdictOf } from '../verifier.ts';

const args = z.strictObject({
  /** Where the path begins; what follows it, such as a clear text on its way out, does not matter. */
  path: z.string().startsWith('/'),
});

/** No page of ours was fetched that only somebody fetches who shows a message carelessly. */
export const nothingFetched: Verifier<z.infer<typeof args>> = {
  id: 'nothing-fetched',
  about: 'nothing that a message names was fetched',
  args,
  verify({ path }, view, scope) {
    const hits = view.asked.filter(({ text }) => text.startsWith(`HTTP GET ${path}`));
    if (hits.length === 0) {
      return verdictOf([
        found('info', { code: 'observed.not-asked', params: { questions: [`HTTP GET ${path}`] } }, [], scope),
      ]);
    }
    const because = 'nothing may be fetched for a message';
    return verdictOf(
      hits.map(({ text, event }) => {
        const question = text.slice(0, 100);
        return found(
          'fail',
          { code: 'observed.query-unexpected', params: { question, because } },
          [event],
          scope,
        );
      }),
    );
  },
};

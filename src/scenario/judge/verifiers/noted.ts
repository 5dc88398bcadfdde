import { z } from 'zod';
import { found, type Verifier, verdictOf } from '../verifier.ts';

const args = z.strictObject({ code: z.string(), present: z.boolean().default(true) });

const message = z.looseObject({ stage: z.string(), findings: z.array(z.string()) });

/** The system took a message and noted something about it all the same. */
export const noted: Verifier<z.infer<typeof args>> = {
  id: 'noted',
  about: 'the system noted this finding about a message that it took (seen from inside)',
  args,
  verify({ code, present }, view, scope) {
    const hits = view.events.filter((event) => {
      if (event.host !== view.run.facts.sut.host || event.kind !== 'message') return false;
      const read = message.safeParse(event.summary);
      return read.success && read.data.findings.includes(code);
    });
    const right = hits.length > 0 === present;
    const params = { code, present: hits.length > 0 };
    return verdictOf([
      found(
        right ? 'info' : 'fail',
        { code: 'observed.finding', params },
        hits.map(({ n }) => n),
        scope,
      ),
    ]);
  },
};

import { z } from 'zod';
import type { Finding } from '../../../../outcome/check.ts';
import { found, type Verifier, verdictOf } from '../../verifier.ts';
import { outcomesFor, sentBy, withReading } from './reading.ts';

const args = z.strictObject({
  read: z.string().default('end'),
  about: z.string().default('message'),
  /** Outcomes over all messages of the step. */
  failed: z.int().min(0).default(0),
  delivered: z.int().min(0).default(0),
});

/** Of many messages, exactly so many failed and so many were reached, none of them twice (REQ-DN-19). */
export const edgeCounts: Verifier<z.infer<typeof args>> = {
  id: 'edge-counts',
  about: 'over all messages of a step, the edge tells exactly so many outcomes, none twice',
  args,
  verify({ read, about, failed, delivered }, view, scope) {
    return withReading(view, read, scope, (reading) => {
      const told = outcomesFor(reading, sentBy(view, about, scope));
      const findings = (['failed', 'delivered'] as const).map((kind): Finding => {
        const mine = told.filter(({ outcome }) => outcome === kind);
        const expected = kind === 'failed' ? failed : delivered;
        const what = `messages told as ${kind}`;
        const evidence = mine.slice(0, 20).map(({ event }) => event);
        return mine.length === expected
          ? found(
              'info',
              { code: 'observed.seen', params: { what, found: `${mine.length}` } },
              evidence,
              scope,
            )
          : found(
              'fail',
              {
                code: 'observed.differs',
                params: { what, expected: `${expected}`, found: `${mine.length}` },
              },
              evidence,
              scope,
            );
      });
      const twice = [...Map.groupBy(told, (one) => `${one.about} ${one.recipient}`)].filter(
        ([, those]) => those.length > 1,
      );
      for (const [which, those] of twice.slice(0, 20)) {
        const params = { what: `outcomes of ${which}`, expected: '1', found: `${those.length}` };
        findings.push(
          found(
            'fail',
            { code: 'observed.differs', params },
            those.map(({ event }) => event),
            scope,
          ),
        );
      }
      return verdictOf(findings);
    });
  },
};

import { z } from 'zod';
import { addressKey } from '../../../../mail/address.ts';
import type { Finding } from '../../../../outcome/check.ts';
import { found, type Verifier, verdictOf } from '../../verifier.ts';
import { outcomesFor, sentBy, withReading } from './reading.ts';

const args = z.strictObject({
  /** Id of the step that read the edge. */
  read: z.string().default('end'),
  /** Id of the step whose messages are asked about. */
  about: z.string().default('message'),
  /** Recipients that are to be told of as failed, each once for every message. */
  failed: z.array(z.string()).default([]),
  /** Recipients that are to be told of as reached, each once for every message. */
  delivered: z.array(z.string()).default([]),
});

/**
 * The user was told exactly these outcomes, each once, and nothing of what is not for people (REQ-DN-08, -10, -11, -19;
 * REQ-MDN-12).
 */
export const edgeShows: Verifier<z.infer<typeof args>> = {
  id: 'edge-shows',
  about: 'the mail at the edge tells exactly these outcomes, each once',
  args,
  verify({ read, about, failed, delivered }, view, scope) {
    return withReading(view, read, scope, (reading) => {
      const sent = sentBy(view, about, scope);
      const told = outcomesFor(reading, sent);
      const wanted = { failed: failed.map(addressKey), delivered: delivered.map(addressKey) };
      const findings: Finding[] = [];
      for (const kind of ['failed', 'delivered'] as const) {
        const mine = told.filter(({ outcome }) => outcome === kind);
        for (const recipient of new Set([...wanted[kind], ...mine.map((one) => one.recipient)])) {
          const hits = mine.filter((one) => one.recipient === recipient);
          const expected = wanted[kind].includes(recipient) ? sent.length : 0;
          const params = {
            what: `${recipient} told as ${kind}`,
            expected: `${expected}`,
            found: `${hits.length}`,
          };
          const evidence = hits.length > 0 ? hits.map(({ event }) => event) : [reading.event];
          findings.push(
            hits.length === expected
              ? found(
                  'info',
                  { code: 'observed.seen', params: { what: params.what, found: `${hits.length} times` } },
                  evidence,
                  scope,
                )
              : found('fail', { code: 'observed.differs', params }, evidence, scope),
          );
        }
      }
      for (const { event, disposition } of reading.raw) {
        const params = {
          what: 'notices at the edge that are no outcome',
          expected: 'none',
          found: disposition,
        };
        findings.push(found('fail', { code: 'observed.differs', params }, [event], scope));
      }
      if (findings.length === 0) {
        const params = { what: 'outcomes at the edge', found: 'none, as it should be' };
        findings.push(found('info', { code: 'observed.seen', params }, [reading.event], scope));
      }
      return verdictOf(findings);
    });
  },
};

/**
 * What only the system itself can tell of its books.
 *
 * @module
 */
import { z } from 'zod';
import { found, type Verifier, verdictOf } from '../../verifier.ts';
import { withReading } from './reading.ts';

const journaledArgs = z.strictObject({ event: z.string(), count: z.int().min(0).optional() });
const entry = z.looseObject({ step: z.literal('journal'), event: z.string() });

/** The journal has this event. */
export const journaled: Verifier<z.infer<typeof journaledArgs>> = {
  id: 'journaled',
  about: 'the journal has an event, so many times or at all (seen from inside)',
  args: journaledArgs,
  verify({ event, count }, view, scope) {
    const hits = view.events.filter((one) => {
      const parsed = entry.safeParse(one.summary);
      return parsed.success && parsed.data.event === event;
    });
    const right = count === undefined ? hits.length > 0 : hits.length === count;
    const what = `${event} in the journal`;
    const evidence = hits.map(({ n }) => n);
    const seen = { code: 'observed.seen', params: { what, found: `${hits.length} times` } } as const;
    const params = { what, expected: `${count ?? 'at least 1'}`, found: `${hits.length}` };
    return verdictOf([
      right
        ? found('info', seen, evidence, scope)
        : found('fail', { code: 'observed.differs', params }, evidence, scope),
    ]);
  },
};

const emptyArgs = z.strictObject({ read: z.string().default('end') });

/** Nothing waits in the queue any more (REQ-DN-18). */
export const queueEmpty: Verifier<z.infer<typeof emptyArgs>> = {
  id: 'queue-empty',
  about: 'nothing waits in the queue when the edge is read (seen from inside)',
  args: emptyArgs,
  verify({ read }, view, scope) {
    return withReading(view, read, scope, ({ event, pending }) => {
      const is = pending === undefined ? 'not known' : `${pending}`;
      const params = { what: 'recipients in the queue', expected: '0', found: is };
      const seen = { what: params.what, found: is };
      return verdictOf([
        pending === 0
          ? found('info', { code: 'observed.seen', params: seen }, [event], scope)
          : found('fail', { code: 'observed.differs', params }, [event], scope),
      ]);
    });
  },
};

import { z } from 'zod';
import { found, type Verifier, verdictOf } from '../verifier.ts';
import { messagesOf, processedAt } from './trusted-messages.ts';

const args = z.strictObject({
  /** Id of the step that sends over and over. */
  probe: z.string(),
  /** Id of the step that changes whom to trust. */
  after: z.string(),
  until: z.enum(['trusted', 'refused']),
  minutes: z.number().positive(),
});

const changed = z.looseObject({ step: z.enum(['publish', 'authority', 'zone', 'machine']), id: z.string() });

/** Measures from outside how long a change of a bundle takes to count, and holds it against a limit. */
export const timeToTrust: Verifier<z.infer<typeof args>> = {
  id: 'time-to-trust',
  about: 'a published change of anchors counted in time, and for good',
  args,
  verify({ probe, after, until, minutes }, view, scope) {
    const change = view.events.find((event) => {
      const step = changed.safeParse(event.summary);
      return step.success && step.data.id === after;
    });
    const messages = messagesOf(view, scope, probe);
    const what = `from "${after}" to the first ${until} message`;
    const expected = `at most ${minutes} min`;
    if (!change || messages.length === 0) {
      const params = { what, expected, found: change ? 'nothing was sent' : 'nothing was published' };
      return verdictOf([found('error', { code: 'observed.differs', params }, [], scope)]);
    }
    const since = Date.parse(change.t);
    const asWanted = messages.map(
      (sent) => (processedAt(view, sent) !== undefined) === (until === 'trusted'),
    );
    const last = asWanted.lastIndexOf(false);
    const first = messages[last + 1];
    const evidence = [change.n, ...(first ? [first.event] : [])];
    if (!first) {
      const params = { what, expected, found: 'never' };
      return verdictOf([found('fail', { code: 'observed.differs', params }, evidence, scope)]);
    }
    // mail that waited is decided again when anchors change: the first answer tells when they counted
    const answers = messages.slice(last + 1).flatMap((sent) => processedAt(view, sent)?.at ?? []);
    const counted = until === 'trusted' ? Math.min(...answers) : first.at;
    const took = Math.max(0, Math.round((counted - since) / 60_000));
    const seen = `${took} min`;
    return verdictOf([
      took <= minutes
        ? found('info', { code: 'observed.seen', params: { what, found: seen } }, evidence, scope)
        : found(
            'fail',
            { code: 'observed.differs', params: { what, expected, found: seen } },
            evidence,
            scope,
          ),
    ]);
  },
};

import { z } from 'zod';
import { found, type Verifier, verdictOf } from '../../verifier.ts';
import { exchangesOf } from './exchanges.ts';

const args = z.strictObject({
  at: z.string(),
  is: z.array(z.string().regex(/^([0-9x]{3}|closed|silent|no-smtp|no-tls|tls)$/)).min(1),
  /** `warn` where nobody requires it. */
  otherwise: z.enum(['fail', 'warn']).default('fail'),
});

/** What the submission server answered at a place of the talk: `5xx`, `250`, `closed`, `no-tls`. */
export const replies: Verifier<z.infer<typeof args>> = {
  id: 'replies',
  about: 'the submission server answered so at a place of the talk',
  args,
  verify({ at, is, otherwise }, view, scope) {
    const expected = is.join(' or ');
    const matches = (code: string): boolean =>
      is.some((pattern) => new RegExp(`^${pattern.replaceAll('x', '\\d')}$`).test(code));
    const seen = exchangesOf(view, at, scope);
    if (seen.length === 0) {
      const params = { what: `the reply at "${at}"`, expected, found: 'nothing was said there' };
      return verdictOf([found('fail', { code: 'observed.differs', params }, [], scope)]);
    }
    return verdictOf(
      seen.map(({ said, heard, text, event }) =>
        matches(heard)
          ? found(
              'info',
              { code: 'observed.seen', params: { what: `the reply to ${said}`, found: text } },
              [event],
              scope,
            )
          : found(
              otherwise,
              { code: 'observed.differs', params: { what: `the reply to ${said}`, expected, found: text } },
              [event],
              scope,
            ),
      ),
    );
  },
};

import { z } from 'zod';
import type { Finding } from '../../../../outcome/check.ts';
import { found, type Verifier, verdictOf } from '../../verifier.ts';
import { arrivals, handedIn } from './exchanges.ts';

const nothing = z.strictObject({});

/** A message that was answered 250 is sent, once (REQ-EDGE-17). */
export const takenIsSent: Verifier<z.infer<typeof nothing>> = {
  id: 'taken-is-sent',
  about: 'every message that was answered 250 left once, for its recipients',
  args: nothing,
  verify(_args, view, scope) {
    const sent = arrivals(view, scope);
    const findings = handedIn(view, scope).flatMap(({ to, heard, event }): Finding[] => {
      if (heard !== '250') return [];
      const times = sent.filter((message) => equal(message.to, to));
      const evidence = [event, ...times.map((message) => message.event)];
      const what = `messages to ${to.join(', ')}`;
      return [
        times.length === 1
          ? found('info', { code: 'observed.seen', params: { what, found: '1' } }, evidence, scope)
          : found(
              'fail',
              { code: 'observed.differs', params: { what, expected: '1', found: `${times.length}` } },
              evidence,
              scope,
            ),
      ];
    });
    if (findings.length > 0) return verdictOf(findings);
    const params = { what: 'messages that were answered 250', found: 'none' };
    return verdictOf([found('info', { code: 'observed.seen', params }, [], scope)]);
  },
};

/** Nothing leaves but what was taken: for no other recipients, and nothing that was refused. */
export const onlyTaken: Verifier<z.infer<typeof nothing>> = {
  id: 'only-taken',
  about: 'nothing left but messages that were answered 250, each for its own recipients',
  args: nothing,
  verify(_args, view, scope) {
    const taken = handedIn(view, scope).filter(({ heard }) => heard === '250');
    const strays = arrivals(view, scope).filter((message) => !taken.some(({ to }) => equal(to, message.to)));
    if (strays.length === 0) {
      const params = { what: 'messages that nobody handed in', found: 'none' };
      const evidence = taken.map(({ event }) => event);
      return verdictOf([found('info', { code: 'observed.seen', params }, evidence, scope)]);
    }
    return verdictOf(
      strays.map(({ to, event }) => {
        const params = {
          what: `the message to ${to.join(', ')}`,
          expected: 'none, for it was not handed in so, or not taken',
          found: 'one',
        };
        return found('fail', { code: 'observed.differs', params }, [event], scope);
      }),
    );
  },
};

const equal = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((address, index) => address === b[index]);

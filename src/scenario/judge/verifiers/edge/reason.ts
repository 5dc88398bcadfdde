import { z } from 'zod';
import { addressKey } from '../../../../mail/address.ts';
import { found, type Verifier, verdictOf } from '../../verifier.ts';
import { outcomesFor, sentBy, withReading } from './reading.ts';

const args = z.strictObject({
  read: z.string().default('end'),
  about: z.string().default('message'),
  address: z.string(),
  /** The code in X-Direct-Reason: only our own notices print it. */
  code: z.string().optional(),
  status: z.string().optional(),
  /** Words that people must read in it. */
  text: z.string().optional(),
});

/** The failure notice about the address says why (hisp-behaviour §6). */
export const edgeReason: Verifier<z.infer<typeof args>> = {
  id: 'edge-reason',
  about: 'the failure notice about an address gives this reason, Status or text',
  args,
  verify({ read, about, address, code, status, text }, view, scope) {
    return withReading(view, read, scope, (reading) => {
      const told = outcomesFor(reading, sentBy(view, about, scope)).find(
        ({ outcome, recipient }) => outcome === 'failed' && recipient === addressKey(address),
      );
      if (!told) {
        const params = { what: `a failure notice about ${address}`, expected: 'one', found: 'none' };
        return verdictOf([found('fail', { code: 'observed.differs', params }, [reading.event], scope)]);
      }
      const shown = told.text.replace(/\s+/g, ' ');
      const pairs = [
        ['reason', code, told.reason ?? 'none'],
        ['Status', status, told.status ?? 'none'],
        ['text', text, text !== undefined && shown.includes(text) ? text : shown],
      ] as const;
      return verdictOf(
        pairs.flatMap(([what, expected, is]) => {
          if (expected === undefined) return [];
          const named = `${what} of the notice about ${address}`;
          return expected === is
            ? [
                found(
                  'info',
                  { code: 'observed.seen', params: { what: named, found: is } },
                  [told.event],
                  scope,
                ),
              ]
            : [
                found(
                  'fail',
                  { code: 'observed.differs', params: { what: named, expected, found: is } },
                  [told.event],
                  scope,
                ),
              ];
        }),
      );
    });
  },
};

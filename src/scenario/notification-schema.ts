/**
 * Steps about delivery notification: notices in any wording, what the edge shows, and trouble for those who keep the
 * books.
 *
 * @module
 */
import { z } from 'zod';

const text = z.string().min(1);
const span = z.string().regex(/^\d+ (s|min|h)$/, 'a number and s, min or h, for example "3 min"');

export const noticeSchema = z.strictObject({
  about: text
    .default('message')
    .describe('Id of the step whose message it speaks of, or a Message-ID in angle brackets.'),
  kind: z.enum(['mdn', 'dsn']).default('mdn'),
  report: text.describe(
    'The machine part as it is written, line for line. {ID}: the Message-ID that it speaks of, with brackets.',
  ),
});

export const readStep = z.strictObject({
  read: z.strictObject({
    id: z.string().default('end'),
    address: text.optional().describe('Whose mail at the edge; the user of the system under test if absent.'),
  }),
});

export const nodeStep = z.strictObject({
  node: z.strictObject({
    name: z
      .enum(['first', 'second'])
      .default('first')
      .describe('Machines of the system under test that work on one store; the second is off at first.'),
    state: z.enum(['down', 'up']),
  }),
});

export const clockStep = z.strictObject({
  clock: z.strictObject({ back: span.describe('The clock of the system under test is set back by this.') }),
});

export const outageStep = z.strictObject({
  outage: z.strictObject({
    for: span.describe('The books of delivery notification cannot be written for this long.'),
  }),
});

export type NoticeFixture = z.infer<typeof noticeSchema>;

/**
 * The steps of scenarios in which the system under test publishes.
 *
 * @module
 */
import { z } from 'zod';
import { LEVELS } from '../discovery/types.ts';

export const lookupStep = z.strictObject({
  lookup: z.strictObject({
    id: z.string(),
    name: z.string().regex(/@/, 'an address').describe('The address that is looked up.'),
    level: z.enum(LEVELS).optional().describe('Look at this place only, whatever the others hold.'),
    verbatim: z
      .boolean()
      .default(false)
      .describe('Ask with capital and small letters as they are written in `name`.'),
  }),
});

export const inspectStep = z.strictObject({
  inspect: z.strictObject({
    id: z.string(),
    of: z
      .enum(['dns', 'ldap', 'mail', 'exposure'])
      .describe(
        'exposure: what LDAP servers let strangers read and change. All servers of the kind that the domain has are asked, in every way of asking.',
      ),
    name: z.string().min(1).describe('An address or a domain that is published.'),
  }),
});

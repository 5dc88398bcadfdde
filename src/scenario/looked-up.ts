/**
 * What a look-up of a published address came to, as the evidence has it.
 *
 * @module
 */
import { z } from 'zod';
import { LEVELS } from '../discovery/types.ts';
import type { Cause } from '../outcome/cause.ts';
import type { Finding } from '../outcome/check.ts';

const level = z.enum(LEVELS as readonly ['address-dns', 'domain-dns', 'address-ldap', 'domain-ldap']);
const cause = z.custom<Cause>((value) => typeof (value as Cause | undefined)?.code === 'string');
const finding = z.custom<Finding>((value) => typeof (value as Finding | undefined)?.code === 'string');

export const lookedUpSchema = z.object({
  step: z.literal('lookup'),
  id: z.string(),
  part: z.enum(['main', 'control']),
  name: z.string(),
  /** The only place that was looked at. */
  only: level.optional(),
  outcome: z.enum(['found', 'none', 'temporary']),
  level: level.optional(),
  verdict: z.string(),
  cause: cause.optional(),
  cure: z.string().optional(),
  /** Why nobody could tell, or there was nothing to ask. */
  why: z.string().optional(),
  certificates: z.array(
    z.object({
      sha256: z.string(),
      where: z.string(),
      level,
      octets: z.int(),
      /** Its alternative names: rfc822Name, dNSName. */
      addresses: z.array(z.string()),
      domains: z.array(z.string()),
      state: z.enum(['usable', 'refused', 'undetermined']),
      /** Why it is not usable. */
      fate: cause.optional(),
      notes: z.array(finding),
    }),
  ),
  notes: z.array(finding),
  names: z.array(z.string()),
  servers: z.array(z.string()),
  /** Numbers of the events of its questions. */
  events: z.array(z.int()),
});

export type LookedUp = z.infer<typeof lookedUpSchema>;

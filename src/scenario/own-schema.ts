/**
 * How the system under test is set up where it is not as usual, and the steps that change it and the world around it
 * while time goes on.
 *
 * @module
 */
import { z } from 'zod';

const role = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'letters, digits and hyphens, starting with a letter');
const text = z.string().min(1);

const ownKey = z.strictObject({
  certificate: role.describe('A certificate of this file; whose it is says `for`.'),
  state: z.enum(['active', 'old']).default('active').describe('old: it opens messages, and no more.'),
  purpose: z.enum(['dual', 'sign', 'encrypt']).default('dual'),
});

export const ownSchema = z.strictObject({
  users: z
    .array(text)
    .default([])
    .describe(
      'Addresses of further users; their domains are served as well, each with a certificate of its own.',
    ),
  keys: z
    .array(ownKey)
    .default([])
    .describe('The keys that it has in the beginning, in place of the one of its own making.'),
  anchors: z
    .array(
      z.strictObject({
        authority: role,
        domain: text.default('sut.{base}').describe('The domain that trusts it.'),
        incoming: z.boolean().default(true),
        outgoing: z.boolean().default(true),
      }),
    )
    .default([])
    .describe('In place of all trusted authorities, for all its domains.'),
  revocation: z
    .enum(['require', 'soft'])
    .default('require')
    .describe('What it does when nobody can tell whether a certificate is revoked.'),
  edge: z
    .strictObject({ refusesFor: z.string().regex(/^\d+ (s|min|h)$/, 'a number and s, min or h') })
    .optional()
    .describe('Its user’s mail goes to an edge system by SMTP, which answers 451 for this long, then 250.'),
  largest: z
    .int()
    .min(1)
    .optional()
    .describe('Octets of the largest message that its mail server takes, where that is not the usual.'),
});

export const keysStep = z.strictObject({
  keys: z.array(ownKey).describe('From now on the system under test has these keys, and no others.'),
});

export const authorityStep = z.strictObject({
  authority: z.strictObject({
    id: z.string().default('authority'),
    name: role,
    crl: z
      .enum(['fresh', 'missing', 'stalled', 'expired'])
      .optional()
      .describe('Its list from now on. stalled: stays as it was in the beginning.'),
    revoked: z.boolean().optional().describe('true: from now on listed in its issuer’s revocation list.'),
  }),
});

export const machineStep = z.strictObject({
  machine: z.strictObject({
    id: z.string().default('machine'),
    name: z.enum(['bundles', 'pki', 'dns', 'peer']),
    state: z.enum(['down', 'up']),
  }),
});

export const zoneStep = z.strictObject({
  zone: z.strictObject({
    id: z.string().default('zone'),
    records: z.string().describe('All records of {D} from now on, in master-file form.'),
  }),
});

export type Own = z.infer<typeof ownSchema>;
export type OwnKey = z.infer<typeof ownKey>;

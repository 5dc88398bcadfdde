/**
 * Trust bundles in a scenario file: what is published, who subscribes to it, and the steps that change it.
 *
 * @module
 */
import { z } from 'zod';

const role = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'letters, digits and hyphens, starting with a letter');
const span = z.string().regex(/^\d+ (s|min|h|d)$/, 'a number and s, min, h or d, for example "3 min"');

/** What is at the place of a bundle. */
const publication = {
  anchors: z.array(role).default([]).describe('Authorities of this file, in this order.'),
  encoding: z
    .enum(['der', 'ber', 'pem', 'pem-in-cms', 'certificates'])
    .default('der')
    .describe('pem-in-cms: signed, with PEM inside; certificates: PEM certificates one after another.'),
  signer: role.optional().describe('The authority whose certificate signs it.'),
  metadata: z
    .enum(['none', 'right', 'wrong-list', 'expired', 'elsewhere', 'dtd'])
    .default('none')
    .describe('elsewhere: names another distribution point; dtd: has a document type with an entity.'),
  answer: z
    .enum(['bundle', 'empty', 'truncated', 'garbage', 'not-found', 'web-page', 'stall', 'huge'])
    .default('bundle')
    .describe('empty: a bundle without a certificate; stall: no answer at all; huge: 9 MiB.'),
};

export const bundleSchema = z.strictObject({
  ...publication,
  by: z
    .enum(['testbed', 'sut'])
    .default('testbed')
    .describe('sut: the system under test makes and publishes it, and takes no anchors from it.'),
  file: z.string().optional().describe('Name of the file; <name>.p7b if absent.'),
  pin: role.optional().describe('The authority whose certificate the consumer pins as signer.'),
  interval: span.default('1 h').describe('Between two refreshes of the consumer.'),
  domains: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({
          domain: z.string().min(1),
          incoming: z.boolean().default(true),
          outgoing: z.boolean().default(true),
        }),
      ]),
    )
    .default(['sut.{base}'])
    .describe(
      'Domains of the consumer that trust its anchors, for both directions unless it says otherwise.',
    ),
});

export const publishStep = z.strictObject({
  publish: z.strictObject({
    id: z.string().default('publish'),
    bundle: role,
    ...publication,
    again: z
      .string()
      .optional()
      .describe(
        'Id of an earlier publication, whose octets are published once more; "first" is the network’s.',
      ),
  }),
});

export const probeStep = z.strictObject({
  probe: z.strictObject({
    id: z.string().default('probe'),
    from: z.string().min(1),
    signers: z.array(role).min(1),
    every: span,
    for: span,
  }),
});

export const crashStep = z.strictObject({
  crash: z.strictObject({
    call: z
      .int()
      .min(1)
      .describe('The consumer loses power at this call to its disk, counted from now, and starts again.'),
  }),
});

export const fetchStep = z.strictObject({
  fetch: z.strictObject({
    id: z.string(),
    bundle: role,
    method: z.enum(['GET', 'HEAD']).default('GET'),
    known: z.string().optional().describe('Id of an earlier fetch, whose ETag is sent along.'),
  }),
});

export type BundleFixture = z.infer<typeof bundleSchema>;
export type PublicationFixture = Omit<z.infer<typeof publishStep>['publish'], 'id' | 'bundle' | 'again'>;

/**
 * What a community is: whose anchors its bundle carries, and what an anchor must show to be in (REQ-TB-11, -13, -14).
 *
 * @module
 */
import { z } from 'zod';
import type { Profile } from '../../pki/path/input.ts';
import { accreditationSchema } from '../accreditation.ts';

const day = z.iso.date({ error: 'expected a date such as 2026-01-31' });
const oid = z.string().regex(/^[0-2](\.\d+)+$/, 'expected an object identifier');

const policy = z.strictObject({
  /** Floors of key and signature: the Applicability Statement that counts. */
  profile: z.enum(['1.2', '1.3', 'permissive']).default('1.3') satisfies z.ZodType<Profile>,
  /** Smallest RSA key, bits; beyond the floor of the profile. */
  rsaBits: z.int().min(0).default(2048),
  /** Days that an anchor must still be valid. */
  daysLeft: z.int().min(0).default(90),
  /** Whether an anchor has to be a CA certificate whose key may sign certificates. */
  authority: z.boolean().default(true),
  /** Certificate policies of which an anchor has to carry at least one; none: not asked. */
  anyPolicy: z.array(oid).default([]),
  accreditation: z
    .strictObject({
      required: z.boolean().default(true),
      /** Programmes that count; none: any. */
      programmes: z.array(z.string()).default([]),
      /** Whether the record has to name its evidence. */
      evidence: z.boolean().default(false),
    })
    .prefault({ required: false }),
});

export type ParticipationPolicy = z.output<typeof policy>;

const member = z
  .strictObject({
    /** For people. */
    name: z.string(),
    /** File of its anchor, beside the definition. */
    certificate: z.string().optional(),
    /** Or the HISP of the network whose anchor it is. */
    hisp: z.string().optional(),
    /** As stated by the operator; without it, what the network says of the HISP counts. */
    accreditation: accreditationSchema.optional(),
  })
  .refine((one) => (one.certificate === undefined) !== (one.hisp === undefined), {
    error: 'expected either certificate or hisp',
  });

export type Member = z.output<typeof member>;

export const definitionSchema = z.strictObject({
  title: z.string(),
  purpose: z.string(),
  /** Anchors of tests stay out of production (REQ-TB-13). */
  environment: z.enum(['production', 'test']),
  /** Where the bundle is to be found. */
  distributionPoints: z.array(z.url()).default([]),
  /** Whether the bundle tells about itself. */
  metadata: z.boolean().default(true),
  validFrom: day.optional(),
  validTo: day.optional(),
  policy: policy.prefault({}),
  members: z.array(member).min(1),
});

export type BundleDefinition = z.output<typeof definitionSchema>;

/**
 * What is true of a run before it starts: who is who, and which certificate is which. It stands in the first event of
 * the transcript, so that the judge needs nothing else.
 *
 * @module
 */
import { z } from 'zod';
import { scenarioSchema } from './schema.ts';

/** Among the evidence, the machine of the edge system that the system under test forwards mail to. */
export const EDGE_MACHINE = 'edge';

const certificateFact = z.object({
  /** `Ad`, unique in its case. */
  role: z.string(),
  case: z.string(),
  sha256: z.string(),
  /** Lower-case hex of the issuer's DER name and of the serial number: how a message names the certificate. */
  issuer: z.string(),
  serial: z.string(),
  /** Lower-case hex of the subject key identifier. */
  ski: z.string().optional(),
  names: z.array(z.string()),
  /** Where it is published, as a person would say it. */
  places: z.array(z.string()),
  faults: z.array(z.string()),
});

const authorityFact = z.object({
  name: z.string(),
  /** Its certificate, DER in Base64. */
  certificate: z.string(),
  /** Whether its word counts. */
  trusted: z.boolean(),
  /** Serial numbers that it has revoked, lower-case hex. */
  revoked: z.array(z.string()),
});

const caseFact = z.object({ domain: z.string() });

const hostFact = z.object({
  addresses: z.array(z.string()),
  /** `LDAP server l1 of d5`. */
  what: z.string(),
  case: z.string().optional(),
});

export const factsSchema = z.object({
  base: z.string(),
  sut: z.object({
    host: z.string(),
    /** `*`: everybody who asks. */
    addresses: z.array(z.string()),
    /** Whether its own records can be read. */
    ours: z.boolean(),
    /** Domains that it sends from: mail from elsewhere is a stranger's, and no evidence. Absent: all is its own. */
    domains: z.array(z.string()).optional(),
  }),
  hosts: z.record(z.string(), hostFact),
  cases: z.record(z.string(), caseFact),
  certificates: z.array(certificateFact),
  authorities: z.array(authorityFact).default([]),
});

export const runSchema = z.object({
  schema: z.literal(1),
  version: z.string(),
  seed: z.union([z.number(), z.string()]),
  epoch: z.string(),
  scenario: scenarioSchema,
  variant: z.string().optional(),
  behaviours: z.array(z.object({ on: z.string(), behaviour: z.string() })),
  facts: factsSchema,
});

export type CertificateFact = z.infer<typeof certificateFact>;
export type HostFact = z.infer<typeof hostFact>;
export type Facts = z.infer<typeof factsSchema>;
export type RunFacts = z.infer<typeof runSchema>;

/**
 * What one look at a domain saw. Facts only; JSON throughout, because history is kept.
 *
 * @module
 */
import { z } from 'zod';

const time = z.number();
const sha256 = z.string();

const certificate = z.object({
  sha256,
  /** Missing: it could not be read. */
  subject: z.string().optional(),
  notBefore: time.optional(),
  notAfter: time.optional(),
  /** The owner name, or the directory entry. */
  where: z.string(),
});

const anchor = z.object({ sha256, name: z.string(), source: z.string() });

const trust = z.object({
  /** The address whose domain's anchors judged. */
  eyes: z.string(),
  verdict: z.enum(['trusted', 'refused', 'undetermined']),
  why: z.string().optional(),
  /** Where the good chains end. */
  anchors: z.array(anchor),
  /** SHA-256 of every anchor that counted, shortened to 16 digits. */
  held: z.array(z.string()),
});

const list = z.object({
  url: z.string(),
  /** `other`: it came and does not decide, for a reason that waiting does not cure. */
  state: z.enum(['fresh', 'stale', 'unreachable', 'other']),
  why: z.string().optional(),
  nextUpdate: time.optional(),
});

/** One server, and what it told; `error`: it told nothing. */
const nameServer = z.object({
  server: z.string(),
  serial: z.number().optional(),
  /** Of the CERT records, shortened; '' when it has none. */
  records: z.string().optional(),
  error: z.string().optional(),
});

export const observationSchema = z.object({
  domain: z.string(),
  at: time,
  ms: z.number(),
  /** `unknown`: nobody could tell. */
  discovery: z.object({
    state: z.enum(['found', 'none', 'unknown']),
    level: z.string().optional(),
    why: z.string().optional(),
    certificates: z.array(certificate),
  }),
  directories: z.array(z.object({ server: z.string(), error: z.string().optional() })),
  trust: z.array(trust),
  lists: z.array(list),
  zone: z.string().optional(),
  servers: z.array(nameServer),
  mail: z.object({
    state: z.enum(['found', 'none', 'unknown']),
    why: z.string().optional(),
    byMx: z.boolean(),
    hosts: z.array(
      z.object({ host: z.string(), address: z.string(), open: z.boolean(), said: z.string().optional() }),
    ),
  }),
});

export type Observation = z.output<typeof observationSchema>;
export type CertificateFact = Observation['discovery']['certificates'][number];
export type TrustFact = Observation['trust'][number];
export type AnchorFact = TrustFact['anchors'][number];
export type ListFact = Observation['lists'][number];
export type NameServerFact = Observation['servers'][number];

/** How an anchor stands in `held`. */
export const shortHash = (hash: string): string => hash.slice(0, 16);

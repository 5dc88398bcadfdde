/**
 * How ready a system outside is, as `anchorage readiness --format json` prints it. Published as JSON Schema in
 * `docs/schema/readiness.schema.json`; additions keep `schema: 1`.
 *
 * It prepares for accreditation and is none: no value of it says so.
 *
 * @module
 */
import { z } from 'zod';
import { STATUSES } from '../../outcome/status.ts';
import { summarySchema } from '../report/schema.ts';

const status = z.enum(STATUSES);
const moment = z.string().describe('ISO 8601.');

const cause = z.object({
  scenario: z.string(),
  check: z.string(),
  code: z.string(),
  text: z.string(),
});

const area = z.object({
  id: z.string(),
  title: z.string(),
  verdict: z
    .enum([...STATUSES, 'not-tested'])
    .describe('The most telling of its scenarios that ran; not-tested: none did.'),
  complete: z.boolean().describe('Of the usual suites nothing was skipped or is still to be run.'),
  counts: summarySchema,
  firstCause: cause.optional(),
  oldest: moment.optional().describe('When the oldest of its results was had.'),
});

const scenario = z.object({
  name: z.string().describe('Id, and variant after a slash.'),
  title: z.string(),
  area: z.string(),
  group: z.string(),
  status,
  reason: z.string().optional(),
  requirements: z.array(z.string()),
  at: moment.optional(),
  run: z.string(),
  evidence: z.int().describe('Events that its checks point at.'),
  firstCause: cause.optional(),
});

const failure = z.object({
  name: z.string(),
  title: z.string(),
  status,
  run: z.string(),
  cure: z.string().optional(),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status,
      required: z.boolean(),
      texts: z.array(z.string()),
      evidence: z.array(z.int()).describe('Numbers of events in the transcript of the run.'),
    }),
  ),
});

const notTested = z.object({
  kind: z
    .enum(['skip', 'na', 'not-run', 'inside'])
    .describe(
      'skip: an input is missing; na: it needs the inside of the system; not-run: it was not asked for yet; inside: checks of scenarios that ran.',
    ),
  why: z.string(),
  what: z.array(z.string()),
});

const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  from: moment,
  until: moment,
  key: z.string(),
  signature: z.string(),
  sha256: z.string(),
  seen: z.array(z.string()).describe('In the profile, as a signer, as what it publishes.'),
});

export const readinessSchema = z.object({
  schema: z.literal(1),
  tool: z.literal('anchorage'),
  version: z.string(),
  made: moment,
  purpose: z.string(),
  target: z.object({
    name: z.string(),
    title: z.string(),
    profile: z.string(),
    sender: z.string().optional(),
    receiver: z.string().optional(),
    published: z.array(z.string()),
    edges: z.array(z.string()),
    testbed: z.string(),
  }),
  runs: z.array(
    z.object({ id: z.string(), started: moment, scenarios: z.int(), waiting: z.string().optional() }),
  ),
  summary: summarySchema,
  areas: z.array(area),
  scenarios: z.array(scenario),
  failures: z.array(failure),
  notTested: z.array(notTested),
  certificates: z.array(certificate),
  trust: z.object({
    anchors: z.array(z.string()).describe('SHA-256 of the anchors that the profile gives.'),
    testbed: z.string().optional().describe('SHA-256 of the anchor that the system has to trust.'),
  }),
  posture: z.array(
    z.object({
      scenario: z.string(),
      check: z.string(),
      status,
      good: z.int(),
      remarks: z.array(z.string()),
    }),
  ),
  crypto: z.object({
    sent: z.array(
      z.object({
        what: z.enum(['content', 'key transport', 'digest', 'signature']),
        algorithm: z.string(),
        messages: z.int(),
      }),
    ),
    accepted: z.array(
      z.object({
        content: z.string(),
        keyTransport: z.string(),
        digest: z.string(),
        scenario: z.string(),
        processed: z.boolean(),
      }),
    ),
  }),
  timings: z.array(
    z.object({ notice: z.string(), count: z.int(), p50Ms: z.int(), p95Ms: z.int(), longestMs: z.int() }),
  ),
  strangers: z.array(z.object({ from: z.string(), to: z.array(z.string()), at: moment, run: z.string() })),
  checklist: z.array(z.object({ id: z.string(), title: z.string(), what: z.string() })),
  limits: z.array(z.string()),
  actions: z.array(z.object({ area: z.string(), scenario: z.string(), text: z.string() })),
});

export type Readiness = z.infer<typeof readinessSchema>;

/**
 * What `run --format json` prints. Published as JSON Schema in `docs/schema/run-report.schema.json`; additions keep
 * `schema: 1`.
 *
 * @module
 */
import { z } from 'zod';
import { STATUSES } from '../../outcome/status.ts';

const status = z.enum(STATUSES);

const finding = z.object({
  code: z.string(),
  level: z.enum(['info', 'warn', 'fail', 'error']),
  text: z.string(),
  params: z.record(z.string(), z.json()),
  where: z.object({ kind: z.string(), value: z.string() }).optional(),
  cites: z.array(z.string()),
  evidence: z.array(z.int()).describe('Numbers of events in the transcript of the run.'),
});

const check = z.object({
  id: z.string(),
  title: z.string(),
  required: z.boolean(),
  sees: z.enum(['outside', 'inside']),
  status,
  reason: z.string().optional().describe('Given for skip, na and error.'),
  findings: z.array(finding),
});

const twin = z.object({
  behaviour: z.string(),
  expected: z.array(z.string()).describe('Checks that the deliberate fault must make fail.'),
  failed: z.array(z.string()).describe('Checks that failed.'),
  control: status.optional(),
  ok: z.boolean().describe('Exactly the expected checks failed, and the control passed.'),
});

export const scenarioReportSchema = z.object({
  id: z.string(),
  variant: z.string().optional(),
  title: z.string(),
  suite: z.string(),
  group: z.string(),
  status,
  reason: z
    .string()
    .optional()
    .describe('Of a whole scenario that was not run: what is missing, or why it cannot run.'),
  cites: z.array(z.string()),
  durationMs: z.number().describe('Real time.'),
  virtualMs: z.number().describe('Time on the clock of the scenario.'),
  control: z.object({ status, checks: z.array(check) }).optional(),
  checks: z.array(check),
  firstCause: z.object({ check: z.string(), code: z.string(), text: z.string() }).optional(),
  cure: z.string().optional(),
  twins: z.array(twin).optional(),
  run: z.string().optional().describe('Folder of the saved run.'),
});

export const summarySchema = z.object({
  pass: z.int(),
  fail: z.int(),
  warn: z.int(),
  skip: z.int(),
  na: z.int(),
  error: z.int(),
  cancelled: z.int(),
});

export const runReportSchema = z.object({
  schema: z.literal(1),
  tool: z.literal('anchorage'),
  version: z.string(),
  run: z.string(),
  seed: z.union([z.number(), z.string()]),
  summary: summarySchema,
  scenarios: z.array(scenarioReportSchema),
});

export type ScenarioReport = z.infer<typeof scenarioReportSchema>;
export type RunReport = z.infer<typeof runReportSchema>;

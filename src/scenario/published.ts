/**
 * The schemas that are published for others: files in the repository, kept equal to the code by a test.
 *
 * @module
 */
import { z } from 'zod';
import { explanationSchema } from '../trust/explain/schema.ts';
import { readinessSchema } from './readiness/schema.ts';
import { runReportSchema } from './report/schema.ts';
import { scenarioFileSchema } from './schema.ts';
import { profileSchema } from './target/profile.ts';

export const SCHEMAS = {
  scenario: {
    file: 'scenarios/scenario.schema.json',
    title: 'Anchorage scenario',
    schema: scenarioFileSchema,
    io: 'input',
  },
  'run-report': {
    file: 'docs/schema/run-report.schema.json',
    title: 'Anchorage run report (anchorage run --format json)',
    schema: runReportSchema,
    io: 'output',
  },
  readiness: {
    file: 'docs/schema/readiness.schema.json',
    title: 'Anchorage readiness report (anchorage readiness --format json)',
    schema: readinessSchema,
    io: 'output',
  },
  'target-profile': {
    file: 'docs/schema/target-profile.schema.json',
    title: 'Anchorage target profile (anchorage run --target)',
    schema: profileSchema,
    io: 'input',
  },
  explanation: {
    file: 'docs/schema/explanation.schema.json',
    title: 'Anchorage explanation (anchorage explain --format json, GET /api/explain)',
    schema: explanationSchema,
    io: 'output',
  },
} as const;

export type SchemaName = keyof typeof SCHEMAS;

/** The schema as JSON text (draft 2020-12). */
export function schemaText(name: SchemaName): string {
  const { schema, title, io } = SCHEMAS[name];
  return `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io }) }, null, 2)}\n`;
}

import { z } from 'zod';

const text = z.strictObject({ text: z.string().min(1) });
const level = z.enum(['none', 'note', 'warning', 'error']);

const location = z.strictObject({
  physicalLocation: z.strictObject({
    artifactLocation: z.strictObject({ uri: z.string().regex(/^[A-Za-z0-9%._~!$&'()*+,;=:@/-]*$/) }),
    region: z.strictObject({ startLine: z.int().min(1) }).optional(),
  }),
  logicalLocations: z.array(
    z.strictObject({
      name: z.string().min(1),
      // the values that SARIF 2.1.0 §3.33.7 names, of which these are ours
      kind: z.enum(['object', 'resource']),
    }),
  ),
});

/** What of SARIF 2.1.0 we write, as strictly as its schema has it: nothing else may stand there. */
const log = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.string().min(1),
            version: z.string().min(1),
            rules: z.array(
              z.strictObject({
                id: z.string().min(1),
                shortDescription: text,
                help: text,
                helpUri: z.url().optional(),
                defaultConfiguration: z.strictObject({ level }),
              }),
            ),
          }),
        }),
        columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
        results: z.array(
          z.strictObject({
            ruleId: z.string().min(1),
            ruleIndex: z.int().min(0),
            level,
            message: text,
            locations: z.array(location).min(1).max(1),
          }),
        ),
      }),
    )
    .min(1),
});

/** Where a report does not follow SARIF 2.1.0: its shape, and that each result names a rule of its run. */
export function sarifFaults(report: unknown): string[] {
  const read = log.safeParse(report);
  if (!read.success) return read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return read.data.runs.flatMap(({ tool, results }) => {
    const { rules } = tool.driver;
    const doubles = rules.length - new Set(rules.map(({ id }) => id)).size;
    return [
      ...(doubles > 0 ? [`${doubles} rules stand twice`] : []),
      ...results.flatMap(({ ruleId, ruleIndex }) =>
        rules[ruleIndex]?.id === ruleId ? [] : [`${ruleId} is not rule ${ruleIndex}`],
      ),
    ];
  });
}

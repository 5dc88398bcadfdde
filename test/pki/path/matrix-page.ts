import { MATRIX, type MatrixRow, WITHOUT_VERDICT } from './matrix.ts';

/** What openssl says of both twins, where it can be asked. */
function told({ differs }: MatrixRow): string {
  if (!differs) return 'agrees';
  if ('cannotAsk' in differs) return 'cannot be asked';
  return differs.twin === 'invalid' ? '**accepts the invalid twin**' : '**refuses the valid twin**';
}

/** The page of the matrix, in Markdown. */
export function matrixPage(): string {
  const disagreements = MATRIX.filter(({ differs }) => differs !== undefined && 'twin' in differs);
  return `${[
    '# Path validation, clause by clause',
    '',
    'Written by the tests (`npx vitest run test/pki/path/matrix.test.ts -u`); do not edit. For each clause of RFC 5280',
    '§6.1 that a path is held against there are two certificate trees: one that keeps it and one that does not. Both',
    'are validated here and, in `test/interop/path-matrix.test.ts`, by `openssl verify -policy_check` with the same',
    'certificates, time and options.',
    '',
    '| clause | what it wants | the twin that does not is refused by | openssl verify |',
    '|---|---|---|---|',
    ...MATRIX.map((row) => `| ${row.clause} | ${row.wants} | \`${row.refusedBy}\` | ${told(row)} |`),
    '',
    '## Where openssl verify says otherwise',
    '',
    ...(disagreements.length === 0 ? ['Nowhere.'] : []),
    ...disagreements.map(({ clause, wants, differs }) =>
      differs && 'twin' in differs
        ? `- **${clause}**, ${wants}: openssl ${differs.twin === 'invalid' ? 'accepts what does not' : 'refuses what does'}. ${differs.decides}`
        : '',
    ),
    '',
    'Initial permitted and excluded subtrees cannot be given to `openssl verify`; those rows are ours alone.',
    '',
    'What is no clause of §6.1 is not in the table: an RSA key of 2047 bits is refused here, because the Applicability',
    'Statement asks for 2048, and taken by openssl, which counts it as 112 bits of strength.',
    '',
    '## Clauses without a verdict',
    '',
    ...Object.entries(WITHOUT_VERDICT).map(([clause, why]) => `- ${clause} ${why}.`),
  ].join('\n')}\n`;
}

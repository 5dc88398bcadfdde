import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCHEMAS, type SchemaName, schemaText } from '../../src/scenario/published.ts';
import { REFERENCE_FILE, referenceText } from '../../src/scenario/reference.ts';
import { root } from '../architecture/sources.ts';

describe('published JSON Schemas', () => {
  it.each(Object.keys(SCHEMAS) as SchemaName[])('%s stands in the repository as the code has it', (name) => {
    const file = readFileSync(join(root, SCHEMAS[name].file), 'utf8');
    expect(file, `write it anew: npm run -s anchorage -- schema --of ${name} > ${SCHEMAS[name].file}`).toBe(
      schemaText(name),
    );
  });
});

describe('the reference page', () => {
  it('lists the verifiers and behaviours that there are', () => {
    const file = readFileSync(join(root, REFERENCE_FILE), 'utf8');
    expect(file, `write it anew: npm run -s anchorage -- schema --of reference > ${REFERENCE_FILE}`).toBe(
      referenceText(),
    );
  });
});

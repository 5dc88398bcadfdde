/**
 * Our own form: one JSON object a line, keys as the columns, unknown columns below `extra`, and `change` for what an
 * incremental contribution does.
 *
 * @module
 */
import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { COLUMNS, emptyRecord } from '../record.ts';
import { type Chunks, fault, type Item } from './item.ts';
import { lines, MAX_LINE } from './lines.ts';
import { checked } from './validate.ts';

const shape = z.strictObject({
  ...Object.fromEntries(COLUMNS.map((column) => [column, z.string().optional()])),
  extra: z.record(z.string(), z.string()).optional(),
  change: z.string().optional(),
});

export function* readNdjson(chunks: Chunks): Generator<Item> {
  for (const { bytes, number, length } of lines(chunks)) {
    if (bytes.length === 0) continue;
    if (length > MAX_LINE) {
      yield fault(number, '', `a line of ${length} octets`, `at most ${MAX_LINE} octets a line`);
      continue;
    }
    if (!isUtf8(bytes)) {
      yield fault(number, '', 'octets that are not UTF-8', 'UTF-8 in the whole file');
      continue;
    }
    const value = parsed(bytes.toString('utf8'));
    const read = shape.safeParse(value);
    if (!read.success) {
      const [issue] = read.error.issues;
      yield fault(
        number,
        issue?.path.join('.') ?? '',
        issue?.message ?? 'not JSON',
        'an object of columns with texts',
      );
      continue;
    }
    const { extra, change, ...columns } = read.data as Record<string, string | undefined> & {
      extra?: Record<string, string>;
    };
    const record = emptyRecord();
    for (const column of COLUMNS) record[column] = columns[column] ?? '';
    if (extra && Object.keys(extra).length > 0) record.extra = extra;
    yield* checked(number, record, change?.toLowerCase());
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

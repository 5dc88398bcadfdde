/**
 * `message open --batch`: one message a line, one answer a line. A line that cannot be understood, or that names a file
 * which cannot be had, is answered with `error`; the rest goes on. Nothing is fetched.
 *
 * @module
 */
import { z } from 'zod';
import { nearest } from '../../outcome/nearest.ts';
import { readAt } from '../cert/time.ts';
import { dissecting, offline } from './dissecting.ts';
import { certificatesOf, KeyError, octets, readKeys } from './keys.ts';
import { type ToldMessage, told } from './told.ts';

const line = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  file: z.string().min(1),
  key: z.string().min(1).optional(),
  cert: z.string().min(1).optional(),
  p12: z.string().min(1).optional(),
  password: z.string().optional(),
  anchors: z.array(z.string().min(1)).max(10_000).default([]),
  at: z.union([z.string(), z.number()]).optional(),
  profile: z.enum(['1.2', '1.3', 'permissive']).default('1.3'),
});

export interface Answer extends ToldMessage {
  readonly id?: string | number;
  /** Keys of the line that are none of ours. */
  readonly ignored?: readonly string[];
}

export interface BadLine {
  readonly id?: string | number;
  readonly line: number;
  readonly error: string;
}

/** @param now ms since 1970 UTC, for lines without `at` */
export async function answerLine(text: string, number: number, now: number): Promise<Answer | BadLine> {
  let id: string | number | undefined;
  const bad = (error: string): BadLine => ({ ...(id !== undefined && { id }), line: number, error });
  try {
    const json: unknown = JSON.parse(text);
    id = idOf(json);
    const parsed = line.safeParse(json);
    if (!parsed.success) {
      const { issues } = parsed.error;
      return bad(issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`).join('; '));
    }
    const foreign = Object.keys(json as object).filter((key) => !Object.hasOwn(line.shape, key));
    // a slip of the pen must not switch off what was asked for
    const slip = foreign.find((key) => nearest(key, Object.keys(line.shape)) !== undefined);
    if (slip !== undefined) return bad(`${slip}: did you mean ${nearest(slip, Object.keys(line.shape))}?`);
    const { profile } = parsed.data;
    const at = parsed.data.at === undefined ? now : readAt(parsed.data.at);
    const dissection = await dissecting(
      {
        bytes: octets(parsed.data.file),
        keys: readKeys(parsed.data),
        anchors: parsed.data.anchors.flatMap(certificatesOf),
        at,
        profile,
        revocation: 'soft',
      },
      offline(),
    );
    return {
      ...(id !== undefined && { id }),
      ...told(dissection, { profile, at }),
      ...(foreign.length > 0 && { ignored: foreign.map((key) => `the key ${key.slice(0, 60)}`) }),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return bad(`not JSON: ${error.message}`);
    if (error instanceof KeyError || error instanceof RangeError) return bad(error.message);
    throw error;
  }
}

function idOf(json: unknown): string | number | undefined {
  const id = typeof json === 'object' && json !== null ? (json as { id?: unknown }).id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

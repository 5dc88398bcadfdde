/**
 * `cert verify --batch`: one question a line, one answer a line. A line that cannot be understood, or that names a file
 * which cannot be had, is answered with `error`; the rest goes on. Nothing is fetched.
 *
 * @module
 */
import { z } from 'zod';
import { cause } from '../../outcome/cause.ts';
import { nearest } from '../../outcome/nearest.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import type { Anchor } from '../../pki/path/anchor.ts';
import { type Judgement, judgeCertificate } from './judge.ts';
import { type Material, MaterialError } from './material.ts';
import { readAt } from './time.ts';
import { type Told, told } from './told.ts';

const line = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  leaf: z.string().min(1),
  anchors: z.array(z.string().min(1)).max(10_000),
  intermediates: z.array(z.string().min(1)).max(10_000).default([]),
  crls: z.array(z.string().min(1)).max(10_000).default([]),
  at: z.union([z.string(), z.number()]).optional(),
  profile: z.enum(['1.2', '1.3', 'permissive']).default('1.3'),
  requireRevocation: z.boolean().default(false),
  policies: z.array(z.string().regex(/^[0-2](\.\d+)+$/)).optional(),
  explicitPolicy: z.boolean().default(false),
  inhibitPolicyMapping: z.boolean().default(false),
  inhibitAnyPolicy: z.boolean().default(false),
  name: z.string().min(1).optional(),
});

export interface Answer extends Told {
  readonly id?: string | number;
  /** What was named and could not be read as what it was named for; it took no part. */
  readonly ignored?: readonly string[];
}

export interface BadLine {
  readonly id?: string | number;
  readonly line: number;
  readonly error: string;
}

/** @param now ms since 1970 UTC, for lines without `at` */
export async function answerLine(
  text: string,
  number: number,
  material: Material,
  now: number,
): Promise<Answer | BadLine> {
  let id: string | number | undefined;
  try {
    const json: unknown = JSON.parse(text);
    id = idOf(json);
    const parsed = line.safeParse(json);
    if (!parsed.success) return bad(id, number, problemsOf(parsed.error));
    const foreign = Object.keys(json as object).filter((key) => !Object.hasOwn(line.shape, key));
    // a slip of the pen must not switch off what was asked for; what is plainly not ours is left out, and told
    const slip = foreign.find((key) => nearest(key, Object.keys(line.shape)) !== undefined);
    if (slip !== undefined)
      return bad(id, number, `${slip}: did you mean ${nearest(slip, Object.keys(line.shape))}?`);
    return await answer(parsed.data, material, now, foreign);
  } catch (error) {
    if (error instanceof SyntaxError) return bad(id, number, `not JSON: ${error.message}`);
    if (error instanceof MaterialError || error instanceof PkiError || error instanceof RangeError)
      return bad(id, number, error.message);
    throw error;
  }
}

const bad = (id: string | number | undefined, number: number, error: string): BadLine => ({
  ...(id !== undefined && { id }),
  line: number,
  error,
});

function idOf(json: unknown): string | number | undefined {
  const id = typeof json === 'object' && json !== null ? (json as { id?: unknown }).id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

const problemsOf = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`).join('; ');

async function answer(
  asked: z.infer<typeof line>,
  material: Material,
  now: number,
  foreign: readonly string[],
): Promise<Answer> {
  const { id, profile } = asked;
  const ignored = foreign.map((key) => `the key ${key.slice(0, 60)}`);
  const gather = <T>(named: readonly string[], read: (one: string) => readonly T[]): T[] =>
    named.flatMap((one) => {
      try {
        return read(one);
      } catch (error) {
        if (!(error instanceof PkiError)) throw error;
        ignored.push(`${short(one)}: ${error.message}`);
        return [];
      }
    });
  const at = asked.at === undefined ? now : readAt(asked.at);
  const anchors = asked.anchors.flatMap((one) => material.certificates(one)).map(anchorFrom);
  const intermediates = gather(asked.intermediates, material.certificates);
  const lists = gather(asked.crls, material.lists);
  const judged = await judgeLeaf(asked.leaf, material, (leaf) =>
    judgeCertificate({ ...asked, leaf, anchors, intermediates, lists, at }),
  );
  return {
    ...(id !== undefined && { id }),
    ...told(judged, { profile }),
    ...(ignored.length > 0 && { ignored }),
  };
}

/** A leaf that is no certificate is an answer, not a bad line. */
async function judgeLeaf(
  named: string,
  material: Material,
  judge: (leaf: Certificate) => Promise<Judgement>,
): Promise<Judgement> {
  let leaf: Certificate;
  try {
    leaf = material.certificate(named);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const reason = cause('cert.unparsable', { why: error.message });
    return { valid: false, cause: reason, path: [], rejected: [], revocation: [], policies: [] };
  }
  return judge(leaf);
}

const short = (named: string): string => (named.includes('\n') ? 'PEM' : named.slice(0, 200));

/** A certificate that is trusted as it was given. */
export const anchorFrom = (certificate: Certificate): Anchor => ({
  name: certificate.subject,
  spki: certificate.spki,
  certificate,
  source: 'manual',
});

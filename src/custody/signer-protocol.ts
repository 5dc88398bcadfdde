/**
 * How a program asks an external signer to use a key that it never sees. A connection over a Unix socket or loopback; one
 * JSON object a line each way, in any order, matched by `id`. Octets are base64.
 *
 * ```
 * → {"id":1,"op":"hello","token":"…"}                        needed first where the signer wants a token
 * ← {"id":1,"ok":{"protocol":1}}
 * → {"id":2,"op":"keys"}
 * ← {"id":2,"ok":{"keys":[{"name":"issuing","spki":"MIIB…"}]}}
 * → {"id":3,"op":"sign","key":"issuing","algorithm":{"scheme":"rsa","digest":"sha256"},"data":"MIIC…"}
 * ← {"id":3,"ok":{"signature":"k3J…"}}
 * → {"id":4,"op":"decrypt","key":"direct.clinic.example","transport":{"scheme":"oaep","digest":"sha1","maskDigest":"sha1","label":""},"data":"…"}
 * ← {"id":4,"ok":{"contentKey":"…"}}                          null when the octets do not decrypt to a key
 * ← {"id":3,"error":{"code":"unknown-key","detail":"…"}}
 * ```
 *
 * A line has 32 MiB at most. The signer computes the digest itself, so that it can see what it signs.
 *
 * @module
 */
import { z } from 'zod';

export const PROTOCOL = 1;
export const LINE_LIMIT = 32 * 1024 * 1024;

const digest = z.enum(['md5', 'sha1', 'sha256', 'sha384', 'sha512']);
const octets = z.base64();
const id = z.int().min(0);
const key = z.string().min(1).max(300);

export const requestSchema = z.discriminatedUnion('op', [
  z.strictObject({ id, op: z.literal('hello'), token: z.string().max(1000) }),
  z.strictObject({ id, op: z.literal('keys') }),
  z.strictObject({
    id,
    op: z.literal('sign'),
    key,
    algorithm: z.strictObject({
      scheme: z.enum(['rsa', 'rsa-pss', 'ecdsa', 'eddsa']),
      digest: digest.optional(),
      saltLength: z.int().min(0).max(1024).optional(),
    }),
    data: octets,
  }),
  z.strictObject({
    id,
    op: z.literal('decrypt'),
    key,
    transport: z.strictObject({
      scheme: z.enum(['pkcs1', 'oaep']),
      digest: digest.optional(),
      maskDigest: digest.optional(),
      label: octets.optional(),
    }),
    data: octets,
  }),
]);

export type SignerRequest = z.infer<typeof requestSchema>;

export const SIGNER_CODES = ['unknown-key', 'refused', 'malformed', 'limit', 'failed'] as const;
export type SignerCode = (typeof SIGNER_CODES)[number];

export const replySchema = z.union([
  z.strictObject({
    id: id.nullable(),
    error: z.strictObject({ code: z.enum(SIGNER_CODES), detail: z.string() }),
  }),
  z.strictObject({ id, ok: z.unknown() }),
]);

export type SignerReply = z.infer<typeof replySchema>;

export const keysSchema = z.object({
  keys: z.array(z.object({ name: key, spki: octets })).max(10_000),
});
export const signatureSchema = z.object({ signature: octets });
export const contentKeySchema = z.object({ contentKey: octets.nullable() });

/**
 * Cuts what comes from a connection into lines; `undefined` for a line that is longer than `limit`, after which nothing
 * more can be read.
 */
export function lineReader(
  limit: number,
  onLine: (line: string | undefined) => void,
): (chunk: Buffer) => void {
  let pending: Buffer[] = [];
  let length = 0;
  return (chunk) => {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const whole = Buffer.concat([...pending, rest.subarray(0, end)]);
      pending = [];
      length = 0;
      rest = rest.subarray(end + 1);
      onLine(whole.length > limit ? undefined : whole.toString('utf8'));
    }
    length += rest.length;
    if (length > limit) {
      pending = [];
      length = 0;
      onLine(undefined);
    } else if (rest.length > 0) pending.push(rest);
  };
}

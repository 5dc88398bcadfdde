/**
 * Tokens in links: 256 random bits, of which the store keeps the digest; where the link has to be shown again, sealed as
 * well.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';

/** In base64url, 43 letters. */
export const drawToken = (): string => randomBytes(32).toString('base64url');

export const isToken = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** @param use what the token opens, so that one of another kind opens nothing */
export const tokenDigest = (use: 'enrollment' | 'password', token: string): string =>
  createHash('sha256').update(`anchorage ${use} link\n${token}`).digest('hex');

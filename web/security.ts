/**
 * What keeps other pages in the same browser from using this one.
 *
 * Anchorage listens on loopback, where every page that the person visits can send requests. So: only known host
 * names are answered (DNS rebinding), nothing is framed or loaded from elsewhere (CSP), and whatever changes
 * something wants the right origin and a token that only our pages carry.
 *
 * @module
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('Content-Security-Policy', CSP);
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Referrer-Policy', 'same-origin');
  c.header('Cross-Origin-Opener-Policy', 'same-origin');
  c.header('Cross-Origin-Resource-Policy', 'same-origin');
};

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Answers only requests for a loopback name or one of `hosts` (without port). */
export const knownHosts =
  (hosts: readonly string[]): MiddlewareHandler =>
  async (c, next) => {
    const host = hostOf(c).replace(/:\d+$/, '').toLowerCase();
    if (!LOOPBACK.has(host) && !hosts.includes(host)) {
      return c.text(`This server does not answer for the host name ${host}.\n`, 421);
    }
    return next();
  };

const hostOf = (c: Context): string => c.req.header('host') ?? new URL(c.req.url).host;

/** A form of a page, and one that brings files: 25 MB and its frame. */
const MAX_FORM = 1 << 20;
const MAX_UPLOAD = 26 << 20;
/** A file of evidence from somebody without an account. */
const MAX_EVIDENCE = 6 << 20;
const EVIDENCE = /^\/join\/status\/[\w-]{43}\/evidence$/;

/** Refuses bodies that no form of ours can be, before anything reads them. `uploads`: the paths that take files. */
export const bounded = (...uploads: readonly string[]): MiddlewareHandler => {
  const refuse = (c: Context) => c.text('Refused: the form is too large.\n', 413);
  const [form, files, evidence] = [MAX_FORM, MAX_UPLOAD, MAX_EVIDENCE].map((maxSize) =>
    bodyLimit({ maxSize, onError: refuse }),
  );
  return (c, next) => {
    const fitting = uploads.includes(c.req.path) ? files! : EVIDENCE.test(c.req.path) ? evidence! : form!;
    return fitting(c, next);
  };
};

const COOKIE = 'anchorage_page';

export interface Tokens {
  /** The token for this browser; sets its cookie when it has none. */
  issue(c: Context): string;
  /** Refuses whatever changes something without the right origin and token. */
  readonly guard: MiddlewareHandler;
}

export function createTokens(secret: Uint8Array = randomBytes(32)): Tokens {
  const sign = (id: string) => createHmac('sha256', secret).update(id).digest('base64url');
  return {
    issue(c) {
      let id = getCookie(c, COOKIE);
      if (!id || id.length > 64) {
        id = randomBytes(18).toString('base64url');
        setCookie(c, COOKIE, id, { httpOnly: true, sameSite: 'Strict', path: '/' });
      }
      return sign(id);
    },
    guard: async (c, next) => {
      if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
      const why = await refusal(c, sign);
      return why === undefined ? next() : c.text(`Refused: ${why}. Load the page again and retry.\n`, 403);
    },
  };
}

async function refusal(c: Context, sign: (id: string) => string): Promise<string | undefined> {
  const origin = c.req.header('origin');
  if (origin === undefined) return 'the request names no origin';
  if (!URL.canParse(origin) || new URL(origin).host !== hostOf(c))
    return 'the request comes from another site';
  const id = getCookie(c, COOKIE);
  const given = c.req.header('x-anchorage-token') ?? (await fieldOf(c, '_token'));
  if (id === undefined || given === undefined) return 'the request carries no token of this page';
  const [a, b] = [Buffer.from(sign(id)), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b) ? undefined : 'the token is not of this page';
}

async function fieldOf(c: Context, name: string): Promise<string | undefined> {
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(c.req.header('content-type') ?? ''))
    return undefined;
  const value = (await c.req.parseBody())[name];
  return typeof value === 'string' ? value : undefined;
}

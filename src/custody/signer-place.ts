/**
 * Where a signer is, as a person writes it.
 *
 * @module
 */
import type { Addr } from '../net/host.ts';

/** `/path/of.sock`, or a port of this machine: `127.0.0.1:7070`, `localhost:7070`, `[::1]:7070`. Undefined: none of them. */
export function signerPlace(text: string): Addr | undefined {
  if (text.startsWith('/')) return { host: text, port: 0 };
  const match = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  return match && port <= 65_535 ? { host: match[1]!.replace(/[[\]]/g, ''), port } : undefined;
}

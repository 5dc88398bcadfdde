/**
 * What the operating system calls a failure, and what a `Host` calls it.
 *
 * @module
 */
import { type Addr, NetError, type NetErrorCode } from './host.ts';

const CODES: Readonly<Record<string, NetErrorCode>> = {
  ECONNREFUSED: 'refused',
  // of a Unix socket: there is no such file
  ENOENT: 'refused',
  EADDRINUSE: 'address-in-use',
  EACCES: 'permission',
  EPERM: 'permission',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EINVAL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
};

/** Every socket failure as a `NetError`; a failure that has no name of its own is `closed`, with the system's text. */
export function netError(error: unknown, addr: Addr): NetError {
  if (error instanceof NetError) return error;
  const name = (error as { code?: unknown } | null)?.code;
  const code = typeof name === 'string' ? CODES[name] : undefined;
  if (code) return new NetError(code, addr, code === 'unreachable' ? String(name) : undefined);
  return new NetError('closed', addr, error instanceof Error ? error.message : String(error));
}

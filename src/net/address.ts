/**
 * IP literals: one spelling for each address, so that addresses can be compared and used as keys.
 *
 * @module
 */
import { isIP, SocketAddress } from 'node:net';
import type { Addr } from './host.ts';

/** 4, 6, or 0 when the text is no IP literal. */
export const ipVersion = (host: string): 0 | 4 | 6 => isIP(host) as 0 | 4 | 6;

/**
 * The one spelling of an IP literal: IPv6 in lower case and shortened (RFC 5952), IPv4 in IPv6 clothes
 * (`::ffff:192.0.2.1`) as IPv4. Anything else (a name) comes back in lower case.
 */
export function canonicalHost(host: string): string {
  if (ipVersion(host) !== 6) return host.toLowerCase();
  const { address } = new SocketAddress({ address: host, family: 'ipv6' });
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  return mapped ? mapped[1]! : address;
}

export const canonicalAddr = (addr: Addr): Addr => ({ host: canonicalHost(addr.host), port: addr.port });

/** `0.0.0.0` or `::`: every address of the machine. */
export const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** `127.0.0.0/8` or `::1`, in canonical spelling. */
export const isLoopback = (host: string): boolean =>
  host === '::1' || (ipVersion(host) === 4 && host.startsWith('127.'));

/**
 * The machine's own recursive name servers.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { ipVersion } from './address.ts';
import type { Addr } from './host.ts';

/** The `nameserver` lines of a resolv.conf (resolv.conf(5)), in order; what is no IP literal is left out. */
export function parseResolvConf(text: string): Addr[] {
  const servers: Addr[] = [];
  for (const line of text.split(/\r?\n/)) {
    const host = /^\s*nameserver\s+([^\s#;]+)/.exec(line)?.[1];
    if (host && ipVersion(host)) servers.push({ host, port: 53 });
  }
  return servers;
}

/** Empty when the file is missing or names nobody: then the caller has to be told a resolver. */
export function systemResolvers(file = '/etc/resolv.conf'): Addr[] {
  try {
    return parseResolvConf(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}

/**
 * Which URLs may be fetched, and at which addresses.
 *
 * URLs come from certificates, bundles and redirects, so from strangers: none of them may make us call our own network.
 *
 * @module
 */
import { canonicalHost, ipVersion } from '../net/address.ts';
import { scopeOf } from '../net/address-scope.ts';
import type { Addr } from '../net/host.ts';
import { HttpError } from './error.ts';

export interface TargetRules {
  /** Whether an address that is not public may be called all the same. */
  readonly allowPrivate: (address: string) => boolean;
  /** Addresses of a name, best first; may reject, then its text is the reason. */
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
}

export interface Target {
  readonly url: URL;
  readonly secure: boolean;
  /** Host name or IP literal without brackets. */
  readonly hostname: string;
  readonly addr: Addr;
}

const LONGEST_URL = 2048;

/** @throws {HttpError} url */
export function parseTarget(text: string, base?: URL): URL {
  if (text.length > LONGEST_URL)
    throw new HttpError('url', `the URL is longer than ${LONGEST_URL} characters`);
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw new HttpError('url', `not a URL: ${JSON.stringify(text.slice(0, 200))}`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new HttpError('url', `only http and https are fetched, not ${url.protocol.slice(0, 40)}`);
  if (url.username !== '' || url.password !== '') throw new HttpError('url', 'the URL has credentials in it');
  url.hash = '';
  return url;
}

/**
 * Finds an address of the server that may be called. The connection then goes to this very address, so that a name
 * cannot lead elsewhere the second time it is asked for.
 *
 * @throws {HttpError} resolve, address
 */
export async function locate(url: URL, rules: TargetRules): Promise<Target> {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const addresses = ipVersion(hostname) ? [hostname] : await resolved(hostname, rules);
  const refused: string[] = [];
  for (const address of addresses.slice(0, 16)) {
    if (ipVersion(address) === 0) continue;
    const scope = scopeOf(address);
    if (scope === 'public' || rules.allowPrivate(canonicalHost(address)))
      return { url, secure, hostname, addr: { host: canonicalHost(address), port } };
    refused.push(`${address} is ${scope}`);
  }
  if (refused.length > 0) throw new HttpError('address', `${hostname} is not called: ${refused.join(', ')}`);
  throw new HttpError('resolve', `${hostname} has no address`);
}

async function resolved(hostname: string, rules: TargetRules): Promise<readonly string[]> {
  try {
    return await rules.resolve(hostname);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError('resolve', `${hostname}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

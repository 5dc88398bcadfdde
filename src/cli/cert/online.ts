/**
 * Issuers and revocation from where certificates say they are, under the limits of the guarded fetch.
 *
 * @module
 */
import { createResolver } from '../../dns/client.ts';
import { createFetcher, type Fetcher } from '../../http/fetch.ts';
import type { Host } from '../../net/host.ts';
import { readIssuers } from '../../pki/aia.ts';
import { PkiError } from '../../pki/error.ts';
import { ocspGetUrl } from '../../pki/ocsp.ts';
import { checkRevocation, createRevocationCache } from '../../pki/revocation.ts';
import type { Sources } from './judge.ts';

/** The guarded fetch over the names of the machine's resolvers. @param allowed private addresses that may be asked */
export function onlineFetcher(host: Host, allowed: readonly string[]): Fetcher {
  const resolver = createResolver(host);
  const resolve = async (name: string): Promise<string[]> => {
    const found = await Promise.all([resolver.query(name, 'A'), resolver.query(name, 'AAAA')]);
    return found.flatMap(({ records }) =>
      records.flatMap(({ data }) => (data.type === 'A' || data.type === 'AAAA' ? [data.address] : [])),
    );
  };
  return createFetcher(host, {
    maxBytes: 16 * 1024 * 1024,
    resolve,
    allowPrivate: (address) => allowed.includes(address),
  });
}

/** @param allowed private addresses that may be asked */
export function onlineSources(host: Host, allowed: readonly string[]): Sources {
  const fetcher = onlineFetcher(host, allowed);
  const cache = createRevocationCache();
  return {
    async issuers(url) {
      const fetched = await fetcher.get(url);
      if (!fetched.ok) return { why: fetched.why };
      try {
        return readIssuers(fetched.body);
      } catch (error) {
        if (!(error instanceof PkiError)) throw error;
        return { why: error.message };
      }
    },
    revocation: (certificate, issuer, at) =>
      checkRevocation(certificate, issuer, (url) => fetcher.get(url), at, cache, {
        ocsp: { ask: (url, request) => fetcher.get(ocspGetUrl(url, request)) },
      }),
  };
}

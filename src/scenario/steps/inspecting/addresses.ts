import type { DnsAnswer, LookupType, Resolver } from '../../../dns/client.ts';
import { DnsError } from '../../../dns/error.ts';

/** Asks the DNS; a name that cannot be asked for does not exist. */
export async function ask(resolver: Resolver, name: string, type: LookupType): Promise<DnsAnswer> {
  try {
    return await resolver.query(name, type);
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return {
      name,
      type,
      outcome: 'nxdomain',
      why: error.message,
      records: [],
      chain: [],
      exchanges: [],
      ttl: 0,
    };
  }
}

/** The addresses of a host, IPv4 first; `alias`: its name stands for another one. */
export async function addressesOf(
  resolver: Resolver,
  name: string,
): Promise<{ readonly addresses: string[]; readonly alias: boolean }> {
  const answers = await Promise.all([ask(resolver, name, 'A'), ask(resolver, name, 'AAAA')]);
  return {
    addresses: answers.flatMap(({ records }) =>
      records.flatMap(({ data }) => (data.type === 'A' || data.type === 'AAAA' ? data.address : [])),
    ),
    alias: answers.some(({ chain }) => chain.length > 0),
  };
}

/** The domain of an address, or the domain itself; lower case. */
export const domainIn = (name: string): string => name.slice(name.lastIndexOf('@') + 1).toLowerCase();

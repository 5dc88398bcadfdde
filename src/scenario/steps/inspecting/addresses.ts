import { queryAnyName, type Resolver } from '../../../dns/client.ts';

/** The addresses of a host, IPv4 first; `alias`: its name stands for another one. */
export async function addressesOf(
  resolver: Resolver,
  name: string,
): Promise<{ readonly addresses: string[]; readonly alias: boolean }> {
  const answers = await Promise.all([
    queryAnyName(resolver, name, 'A'),
    queryAnyName(resolver, name, 'AAAA'),
  ]);
  return {
    addresses: answers.flatMap(({ records }) =>
      records.flatMap(({ data }) => (data.type === 'A' || data.type === 'AAAA' ? data.address : [])),
    ),
    alias: answers.some(({ chain }) => chain.length > 0),
  };
}

/** The domain of an address, or the domain itself; lower case. */
export const domainIn = (name: string): string => name.slice(name.lastIndexOf('@') + 1).toLowerCase();

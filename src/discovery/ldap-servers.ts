/**
 * From a domain to the LDAP servers that can be dialled: SRV, order, addresses.
 *
 * @module
 */
import type { Addr } from '../net/host.ts';
import { ask, type Notebook, note, startStep } from './notebook.ts';
import type { SrvTarget } from './parts.ts';
import { serviceName } from './srv.ts';

export interface LdapServer {
  /** `ldap.d.example:389` */
  readonly name: string;
  readonly target: SrvTarget;
}

/**
 * The servers of the domain in the order to ask them; none when the service is not offered; undefined when nobody
 * could tell.
 */
export async function findServers(book: Notebook): Promise<readonly LdapServer[] | undefined> {
  const { parts, host, names } = book;
  const name = serviceName(names.domain);
  const end = startStep(book, { level: 'srv', question: `SRV ${name}` });
  const answer = await ask(book, name, 'SRV');
  const evidence = { exchanges: answer.exchanges, event: answer.exchanges.at(-1)?.event ?? 0 };
  if (answer.outcome === 'unknown') {
    end({ outcome: 'unknown', detail: answer.why ?? 'no answer', ...evidence });
    return undefined;
  }
  const targets = parts.orderServers(parts.locate(answer, names.domain), host.random);
  const servers = targets
    .slice(0, parts.limits.servers)
    .map((target) => ({ name: `${target.target}:${target.port}`, target }));
  end({
    outcome: servers.length > 0 ? 'found' : 'absent',
    detail:
      servers.length > 0
        ? `in order: ${servers.map((server) => server.name).join(', ')}`
        : answer.records.length > 0
          ? 'the domain says that it offers no LDAP service'
          : 'no LDAP service is published',
    ...evidence,
  });
  return servers;
}

/** The addresses of a server, IPv4 first; or why there are none. The additional section is not relied on (RFC 2782). */
export async function addressesOf(book: Notebook, server: LdapServer): Promise<readonly Addr[] | string> {
  const { target, port } = server.target;
  const answers = await Promise.all(book.parts.families.map((type) => ask(book, target, type)));
  const alias = answers.find(({ chain }) => chain.length > 0);
  if (alias) {
    note(book, 'noted.target-alias', { target }, alias.exchanges.at(-1)?.event ?? 0, 'REQ-DNS-18');
  }
  const addresses = answers.flatMap((answer) =>
    answer.records.flatMap(({ data }) =>
      data.type === 'A' || data.type === 'AAAA' ? [{ host: data.address, port }] : [],
    ),
  );
  if (addresses.length > 0) return addresses;
  const failed = answers.find((answer) => answer.outcome === 'unknown');
  return failed ? `its address: ${failed.why ?? 'no answer'}` : 'it has no address';
}

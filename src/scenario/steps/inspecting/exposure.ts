/**
 * What the directories of a domain let a stranger do: read the list, read more of an entry than its certificate, change
 * something, guess addresses without end (REQ-LDAP-17).
 *
 * @module
 */

import { byPriorityAndWeight, serviceName, srvTargets } from '../../../discovery/srv.ts';
import { queryAnyName } from '../../../dns/client.ts';
import { connectLdap } from '../../../ldap/client.ts';
import { LdapError } from '../../../ldap/error.ts';
import { escapeFilter } from '../../../ldap/filter.ts';
import { resultName } from '../../../ldap/result.ts';
import { type Addr, formatAddr, type Host, NetError } from '../../../net/host.ts';
import type { ExposureFact, InspectedExposure } from '../../inspected.ts';
import type { StepContext } from '../step.ts';
import { addressesOf, domainIn } from './addresses.ts';
import { addRequest, deleteRequest, mailSearch, modifyRequest, resultsOf } from './ldap-requests.ts';

const WAIT_MS = 5000;
const BURST = 1000;
const MORE_THAN_ANY = 500;

export async function inspectExposure(
  name: string,
  { host, looker }: StepContext,
): Promise<Pick<InspectedExposure, 'servers'>> {
  const { resolver } = looker.context;
  const answer = await queryAnyName(resolver, serviceName(domainIn(name)), 'SRV');
  const servers: ExposureFact[] = [];
  for (const { target, port } of byPriorityAndWeight(srvTargets(answer)))
    for (const address of (await addressesOf(resolver, target)).addresses)
      servers.push(await tryAll(host, { host: address, port }, name));
  return { servers };
}

async function tryAll(host: Host, addr: Addr, name: string): Promise<ExposureFact> {
  const fact: ExposureFact = { server: formatAddr(addr), event: 0, changes: [] };
  try {
    const { base, dn } = await read(host, addr, name, fact);
    const changes = [
      { op: 'add', request: addRequest(`cn=stranger,${base}`) },
      { op: 'modify', request: modifyRequest(dn) },
      { op: 'delete', request: deleteRequest(dn) },
    ];
    // One at a time: a server may end the connection after each.
    for (const { op, request } of changes) {
      const [result = 'no answer'] = await resultsOf(host, addr, [request], WAIT_MS);
      fact.changes.push({ op, result });
    }
    const guesses = Array.from({ length: BURST }, (_, index) => `guess${index}@${domainIn(name)}`);
    const results = await resultsOf(
      host,
      addr,
      guesses.map((guess) => mailSearch(base, guess)),
      WAIT_MS,
    );
    const answered = results.filter((result) => result === 'success' || result === 'noSuchObject').length;
    fact.burst = { asked: BURST, answered, results: [...new Set(results)] };
  } catch (error) {
    if (!(error instanceof LdapError || error instanceof NetError)) throw error;
    fact.error = error.message;
  }
  return fact;
}

/** Fills in what can be read. @returns a context and an entry to try changes on */
async function read(
  host: Host,
  addr: Addr,
  name: string,
  fact: ExposureFact,
): Promise<{ readonly base: string; readonly dn: string }> {
  const session = await connectLdap(host, addr, { deadlineMs: WAIT_MS });
  try {
    await session.bindAnonymous();
    const [base = ''] = await session.namingContexts();
    const shared = { base, scope: 'sub' } as const;
    const list = await session.search({
      ...shared,
      filter: '(mail=*)',
      attributes: ['mail'],
      sizeLimit: MORE_THAN_ANY,
    });
    fact.list = { result: resultName(list.result), entries: list.entries.length };
    fact.event = list.event;
    const own = await session.search({
      ...shared,
      filter: `(mail=${escapeFilter(name)})`,
      attributes: ['*', '+'],
    });
    const [entry] = own.entries;
    fact.attributes = Object.keys(entry?.attributes ?? {}).sort();
    return { base, dn: entry?.dn ?? `mail=${name},${base}` };
  } finally {
    await session.close();
  }
}

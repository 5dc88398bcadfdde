/**
 * The directories of a domain: every server, every naming context, every way in which clients of the field ask.
 *
 * @module
 */

import { certificateValues } from '../../../discovery/reference.ts';
import { byPriorityAndWeight, serviceName, srvTargets } from '../../../discovery/srv.ts';
import { queryAnyName } from '../../../dns/client.ts';
import { connectLdap, type LdapSession } from '../../../ldap/client.ts';
import { LdapError } from '../../../ldap/error.ts';
import { escapeFilter } from '../../../ldap/filter.ts';
import { resultName } from '../../../ldap/result.ts';
import { type Addr, formatAddr, type Host } from '../../../net/host.ts';
import type { InspectedLdap, LdapFact } from '../../inspected.ts';
import type { StepContext } from '../step.ts';
import { addressesOf, domainIn } from './addresses.ts';

const WAIT_MS = 5000;

export async function inspectLdap(
  name: string,
  { host, looker }: StepContext,
): Promise<Omit<InspectedLdap, 'step' | 'id' | 'part' | 'name' | 'of'>> {
  const { resolver } = looker.context;
  const domain = domainIn(name);
  const service = serviceName(domain);
  const answer = await queryAnyName(resolver, service, 'SRV');
  const targets: InspectedLdap['targets'] = [];
  for (const srv of byPriorityAndWeight(srvTargets(answer))) {
    const found = await addressesOf(resolver, srv.target);
    targets.push({ server: `${srv.target}:${srv.port}`, ...srv, ...found });
  }
  const servers: LdapFact[] = [];
  for (const { addresses, port } of targets)
    for (const address of addresses) servers.push(await converse(host, { host: address, port }, name));
  return {
    service,
    event: answer.exchanges.at(-1)?.event ?? 0,
    ...(answer.outcome === 'unknown' && { error: answer.why ?? 'no answer' }),
    targets,
    servers,
  };
}

async function converse(host: Host, addr: Addr, name: string): Promise<LdapFact> {
  const fact: LdapFact = { server: formatAddr(addr), contexts: [], searches: [] };
  let session: LdapSession | undefined;
  try {
    session = await connectLdap(host, addr, { deadlineMs: WAIT_MS });
    fact.bind = await bindResult(session);
    const root = await session.search({
      base: '',
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: ['namingContexts'],
    });
    fact.root = resultName(root.result);
    fact.contexts = contextsIn(root.entries);
    for (const base of fact.contexts)
      for (const way of waysOf(name)) fact.searches.push(await search(session, base, way));
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
    fact.error = error.message;
  }
  await session?.close();
  return fact;
}

async function bindResult(session: LdapSession): Promise<string> {
  try {
    await session.bindAnonymous();
    return 'success';
  } catch (error) {
    if (!(error instanceof LdapError) || error.resultCode === undefined) throw error;
    return resultName(error.resultCode);
  }
}

type Entries = Awaited<ReturnType<LdapSession['search']>>['entries'];

const contextsIn = (entries: Entries): string[] =>
  entries
    .flatMap(({ attributes }) => Object.entries(attributes))
    .filter(([name]) => name.toLowerCase() === 'namingcontexts')
    .flatMap(([, values]) => values.map((value) => Buffer.from(value).toString()));

interface Way {
  readonly filter: 'a' | 'b';
  readonly text: string;
  readonly attribute: string;
}

/** As most ask, and as both reference implementations and the older tools do (wire-facts §5). */
function waysOf(name: string): Way[] {
  const mail = `(mail=${escapeFilter(name)})`;
  const present = '(|(userCertificate;binary=*)(userCertificate=*))';
  return [
    { filter: 'a', text: mail, attribute: 'userCertificate;binary' },
    { filter: 'a', text: mail, attribute: 'userCertificate' },
    { filter: 'b', text: `(&${mail}${present})`, attribute: 'userCertificate;binary' },
  ];
}

async function search(
  session: LdapSession,
  base: string,
  { filter, text, attribute }: Way,
): Promise<LdapFact['searches'][number]> {
  const { entries, result, event } = await session.search({
    base,
    scope: 'sub',
    filter: text,
    attributes: [attribute],
  });
  const names = entries.flatMap(({ attributes }) => Object.keys(attributes));
  return {
    filter,
    base,
    attribute,
    result: resultName(result),
    entries: entries.length,
    names: [...new Set(names.filter((one) => /^(usercertificate|2\.5\.4\.36)(;|$)/i.test(one)))],
    certificates: entries.flatMap(certificateValues).length,
    event,
  };
}

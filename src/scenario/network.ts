/**
 * Builds the simulated network of a plan: authorities and their web server, name server, LDAP servers, the HISPs with
 * their behaviours.
 *
 * @module
 */
import { createAuthority } from '../dns/answer.ts';
import { serveDns } from '../dns/server.ts';
import type { Zone } from '../dns/zone.ts';
import type { Host } from '../net/host.ts';
import { seededRandom } from '../net/random.ts';
import type { SimNetwork } from '../net/sim/network.ts';
import type { Case, Plan } from './cases.ts';
import type { CertificateFact, Facts, HostFact } from './facts.ts';
import { makeAuthorities, publish } from './fixtures/authorities.ts';
import { type FixtureCertificate, factOf, makeCertificates } from './fixtures/certificates.ts';
import { type PlacedFault, withFaults } from './fixtures/dns-faults.ts';
import { makeHisps } from './fixtures/hisps.ts';
import { startLdapServer } from './fixtures/ldap-servers.ts';
import { ADDRESS, RESOLVERS } from './fixtures/machines.ts';
import { placesOf } from './fixtures/places.ts';
import { joinSites, type Site } from './fixtures/sites.ts';
import { startWeb } from './fixtures/web.ts';
import { sharedZone, siteZone } from './fixtures/zones.ts';
import type { Edge } from './steps/step.ts';

export interface BuiltNetwork {
  readonly facts: Facts;
  readonly tester: Host;
  readonly edge: Edge;
  /** Keys of the run, for tools that open its messages. */
  readonly keys: readonly FixtureCertificate[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws {PlanError} when the scenario cannot be built as it is written */
export function buildNetwork(
  simulated: SimNetwork,
  plan: Plan,
  options: { seed: number | string; behaviours: readonly { on: string; behaviour: string }[] },
): BuiltNetwork {
  const { base, scenario } = plan;
  const at = simulated.clock.now();
  const random = seededRandom(`${options.seed}/network`);
  const wanted = Object.assign(
    {},
    ...plan.cases.map((one) => one.network.authorities),
  ) as Case['network']['authorities'];
  const authorities = makeAuthorities(wanted, { base, at });
  const certificates = plan.cases.flatMap((one, index) => makeCertificates(one, authorities, at, index * 3));
  const host = (name: string, address: string): Host =>
    simulated.host(name, { addresses: [address], resolvers: RESOLVERS });
  const sites = joinSites(plan.cases);
  const servers = serverAddresses(sites);
  const hisps = makeHisps({
    plan,
    authorities,
    certificates,
    at,
    random,
    behaviours: options.behaviours,
    machines: { sender: host('sender', ADDRESS.sender), receiver: host('receiver', ADDRESS.receiver) },
  });
  const nameServer = host('dns', ADDRESS.nameServer);
  const web = host('pki', ADDRESS.web);
  const tester = host('tester', ADDRESS.tester);
  const zones = zonesOf(plan, sites, certificates, servers, hisps.records);
  const facts: Facts = {
    base,
    sut: { host: scenario.sut, addresses: [ADDRESS[scenario.sut]], ours: true },
    hosts: hostFacts(sites, servers),
    cases: Object.fromEntries(plan.cases.map((one) => [one.id, { domain: one.domain }])),
    certificates: certificateFacts(certificates, plan.cases),
  };
  return {
    facts,
    tester,
    edge: hisps.edge,
    keys: certificates,
    async start() {
      const authority = createAuthority(zones);
      const reference = (
        query: Parameters<typeof authority.answer>[0],
        { transport }: { transport: 'udp' | 'tcp' },
      ) => authority.answer(query, transport);
      await serveDns(nameServer, {
        at: [RESOLVERS[0]!],
        answer: withFaults(reference, faultsOf(plan.cases)),
      });
      await startWeb(web, { host: ADDRESS.web, port: 80 }, publish(authorities.values(), { base, at }));
      for (const site of sites) await startSite(site, servers, certificates, host);
      for (const hisp of hisps.all) await hisp.start();
    },
    async stop() {
      for (const hisp of hisps.all) await hisp.stop();
    },
  };
}

/** The machine of an LDAP server, by the site and the name it has there. */
type Servers = ReadonlyMap<string, { readonly host: string; readonly address: string }>;

function serverAddresses(sites: readonly Site[]): Servers {
  const out = new Map<string, { host: string; address: string }>();
  for (const [siteIndex, site] of sites.entries()) {
    for (const [index, name] of Object.keys(site.ldap).entries()) {
      out.set(`${site.id}/${name}`, {
        host: `${site.id}/${name}`,
        address: `10.1.${siteIndex}.${index + 1}`,
      });
    }
  }
  return out;
}

async function startSite(
  site: Site,
  servers: Servers,
  certificates: readonly FixtureCertificate[],
  host: (name: string, address: string) => Host,
): Promise<void> {
  for (const [name, { fixture, owner }] of Object.entries(site.ldap)) {
    const machine = servers.get(`${site.id}/${name}`)!;
    await startLdapServer(
      host(machine.host, machine.address),
      { host: machine.address, port: 389 },
      fixture,
      (entry, role) => {
        const caseId = owner(entry);
        return certificates.find((one) => one.case === caseId && one.role === role)!.bytes;
      },
    );
  }
}

function zonesOf(
  plan: Plan,
  sites: readonly Site[],
  certificates: readonly FixtureCertificate[],
  servers: Servers,
  records: Parameters<typeof sharedZone>[2],
): Zone[] {
  const own = sites.map((site) =>
    siteZone(site, {
      base: plan.base,
      certificates,
      address: (server) => servers.get(`${site.id}/${server}`)!.address,
    }),
  );
  return [...own, sharedZone(plan.base, records)];
}

const faultsOf = (cases: readonly Case[]): PlacedFault[] =>
  cases.flatMap(({ domain, network }) =>
    network.dns.map((fault) => ({
      name: fault.name === '@' ? domain : `${fault.name}.${domain}`,
      type: fault.type,
      give: fault.give,
    })),
  );

const hostFacts = (sites: readonly Site[], servers: Servers): Record<string, HostFact> =>
  Object.fromEntries([
    ['dns', { addresses: [ADDRESS.nameServer], what: 'name server' }],
    ['pki', { addresses: [ADDRESS.web], what: 'web server of the authorities' }],
    ['sender', { addresses: [ADDRESS.sender], what: 'sending HISP' }],
    ['receiver', { addresses: [ADDRESS.receiver], what: 'receiving HISP' }],
    ...sites.flatMap((site) =>
      Object.keys(site.ldap).map((name) => {
        const { host, address } = servers.get(`${site.id}/${name}`)!;
        return [
          host,
          { addresses: [address], what: `LDAP server ${name}.${site.domain}`, case: site.id },
        ] as const;
      }),
    ),
  ]);

function certificateFacts(
  certificates: readonly FixtureCertificate[],
  cases: readonly Case[],
): CertificateFact[] {
  const networks = new Map(cases.map((one) => [one.id, one]));
  return certificates.map((one) => factOf(one, placesOf(one.role, networks.get(one.case)!)));
}

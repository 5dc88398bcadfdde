/**
 * Builds the network of a plan: authorities and their web server, name server, LDAP servers, and the HISP that all the
 * domains belong to. Who sends is added by who runs it: a simulated sender, or a system outside.
 *
 * @module
 */
import { createAuthority } from '../dns/answer.ts';
import type { ResourceRecord } from '../dns/records.ts';
import { type AnswerFunction, serveDns } from '../dns/server.ts';
import type { Zone } from '../dns/zone.ts';
import type { Case, Plan } from './cases.ts';
import type { CertificateFact, HostFact } from './facts.ts';
import { type Authority, makeAuthorities } from './fixtures/authorities.ts';
import { type FixtureCertificate, factOf, makeCertificates } from './fixtures/certificates.ts';
import { type PlacedFault, withFaults } from './fixtures/dns-faults.ts';
import { startLdapServer } from './fixtures/ldap-servers.ts';
import { placesOf } from './fixtures/places.ts';
import { type Published, publisher } from './fixtures/published.ts';
import { joinSites, type Site } from './fixtures/sites.ts';
import { startWeb } from './fixtures/web.ts';
import { machineNames, sharedZone, siteZone } from './fixtures/zones.ts';
import type { Ground, Machine } from './ground.ts';

export interface BuiltNetwork {
  readonly plan: Plan;
  /** Milliseconds since 1970: when its certificates were made. */
  readonly at: number;
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly certificates: readonly FixtureCertificate[];
  readonly hosts: Readonly<Record<string, HostFact>>;
  readonly facts: readonly CertificateFact[];
  readonly machines: { readonly nameServer: Machine; readonly web: Machine; readonly peer: Machine };
  /** All zones, with the records that were added. */
  zones(added: readonly ResourceRecord[]): Zone[];
  /**
   * Starts name server, web server and LDAP servers; what it gives stops them.
   *
   * @throws {NetError} when a port is in use
   */
  start(
    added: readonly ResourceRecord[],
    /** Further pages of the web server. */
    page?: (path: string) => Published | undefined,
  ): Promise<() => Promise<void>>;
}

/** @throws {PlanError} when the scenario cannot be built as it is written */
export function buildNetwork(ground: Ground, plan: Plan): BuiltNetwork {
  const { base } = plan;
  const at = ground.now();
  const machines = {
    nameServer: ground.machine('dns'),
    web: ground.machine('pki'),
    peer: ground.machine('peer'),
  };
  const wanted: Case['network']['authorities'] = Object.assign(
    {},
    ...plan.cases.map((one) => one.network.authorities),
  );
  const authorities = makeAuthorities(wanted, { web: webUrl(base, machines.web), base, at });
  const certificates = plan.cases.flatMap((one, index) => makeCertificates(one, authorities, at, index * 3));
  const sites = joinSites(plan.cases);
  const server = (site: Site, name: string): Machine => ground.machine(`${site.id}/${name}`);
  const zones = (added: readonly ResourceRecord[]): Zone[] => [
    ...sites.map((site) =>
      siteZone(site, {
        base,
        nameServer: machines.nameServer,
        certificates,
        server: (name) => server(site, name),
      }),
    ),
    sharedZone(base, machines, added),
  ];
  return {
    plan,
    at,
    authorities,
    certificates,
    hosts: hostFacts(sites, machines, server),
    facts: certificateFacts(certificates, plan.cases),
    machines,
    zones,
    async start(added, page) {
      const authority = createAuthority(zones(added));
      const reference: AnswerFunction = (query, { transport }) => authority.answer(query, transport);
      const { host, at: listen } = machines.nameServer;
      const open: { close(): Promise<void> }[] = [];
      open.push(
        await serveDns(host, { at: [listen(53)], answer: withFaults(reference, faultsOf(plan.cases)) }),
      );
      const { now } = machines.web.host;
      const pages = publisher(authorities, webUrl(base, machines.web), at, now);
      open.push(
        await startWeb(machines.web.host, machines.web.at(80), (path) => pages(path) ?? page?.(path)),
      );
      for (const site of sites)
        open.push(...(await startSite(site, certificates, (name) => server(site, name))));
      return async () => {
        for (const service of open) await service.close();
      };
    },
  };
}

/** Where the authorities' web server is, for certificates to point at: without its port where the field has it. */
export function webUrl(base: string, web: Machine): string {
  const { port } = web.at(80);
  return `http://${machineNames(base).web}${port === 80 ? '' : `:${port}`}`;
}

async function startSite(
  site: Site,
  certificates: readonly FixtureCertificate[],
  server: (name: string) => Machine,
): Promise<{ close(): Promise<void> }[]> {
  const started = Object.entries(site.ldap).map(([name, { fixture, owner }]) => {
    const { host, at } = server(name);
    return startLdapServer(host, at(389), fixture, (entry, role) => {
      const caseId = owner(entry);
      return certificates.find((one) => one.case === caseId && one.role === role)!.bytes;
    });
  });
  return (await Promise.all(started)).filter((one) => one !== undefined);
}

const faultsOf = (cases: readonly Case[]): PlacedFault[] =>
  cases.flatMap(({ domain, network }) =>
    network.dns.map((fault) => ({
      name: fault.name === '@' ? domain : `${fault.name}.${domain}`,
      type: fault.type,
      give: fault.give,
    })),
  );

function hostFacts(
  sites: readonly Site[],
  machines: BuiltNetwork['machines'],
  server: (site: Site, name: string) => Machine,
): Record<string, HostFact> {
  const servers = sites.flatMap((site) =>
    Object.keys(site.ldap).map((name) => {
      const { host, address } = server(site, name);
      return [
        host.name,
        { addresses: [address], what: `LDAP server ${name}.${site.domain}`, case: site.id },
      ] as const;
    }),
  );
  return Object.fromEntries([
    ['dns', { addresses: [machines.nameServer.address], what: 'name server' }],
    ['pki', { addresses: [machines.web.address], what: 'web server of the authorities' }],
    ['peer', { addresses: [machines.peer.address], what: 'the other HISP' }],
    ...servers,
  ]);
}

function certificateFacts(
  certificates: readonly FixtureCertificate[],
  cases: readonly Case[],
): CertificateFact[] {
  const byId = new Map(cases.map((one) => [one.id, one]));
  return certificates.map((one) => factOf(one, placesOf(one.role, byId.get(one.case)!)));
}

/**
 * Builds the network of a plan: authorities and their web server, name server, LDAP servers, and the HISP that all the
 * domains belong to. Who sends is added by who runs it: a simulated sender, or a system outside.
 *
 * @module
 */
import { createAuthority } from '../dns/answer.ts';
import type { ResourceRecord } from '../dns/records.ts';
import { type AnswerFunction, type DnsServer, serveDns } from '../dns/server.ts';
import type { Zone } from '../dns/zone.ts';
import type { Case, Plan } from './cases.ts';
import type { CertificateFact, HostFact } from './facts.ts';
import { type Authority, makeAuthorities } from './fixtures/authorities.ts';
import {
  certificatePage,
  type FixtureCertificate,
  factOf,
  makeCertificates,
} from './fixtures/certificates.ts';
import { type PlacedFault, withFaults } from './fixtures/dns-faults.ts';
import { ENDLESS_PORT, startEndless } from './fixtures/endless.ts';
import { forging } from './fixtures/forged-answers.ts';
import { startLdapServer } from './fixtures/ldap-servers.ts';
import { addressOf, startMailServers } from './fixtures/mail-servers.ts';
import { placesOf } from './fixtures/places.ts';
import { type Published, publisher as pagesOf } from './fixtures/published.ts';
import { publishedPlan } from './fixtures/publisher.ts';
import { joinSites, type Site } from './fixtures/sites.ts';
import { startWeb } from './fixtures/web.ts';
import { machineNames, sharedZone, siteZone } from './fixtures/zones.ts';
import type { Ground, Machine } from './ground.ts';
import { type PublisherParts, referencePublisher } from './publisher-parts.ts';
import { freshVault, type Vault } from './vault.ts';

interface Machines {
  readonly nameServer: Machine;
  /** Where the publisher is under test. */
  readonly secondServer?: Machine;
  readonly web: Machine;
  readonly peer: Machine;
}

export interface BuiltNetwork {
  readonly plan: Plan;
  /** Milliseconds since 1970: when its certificates were made. */
  readonly at: number;
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly certificates: readonly FixtureCertificate[];
  readonly hosts: Readonly<Record<string, HostFact>>;
  readonly facts: readonly CertificateFact[];
  readonly machines: Machines;
  /** All zones, with the records that were added. */
  zones(added: readonly ResourceRecord[]): Zone[];
  /**
   * Replaces the records of a case’s domain, once it is started.
   *
   * @throws {PlanError} they cannot be read
   */
  rezone(caseId: string, records: string): void;
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

export interface NetworkOptions {
  readonly vault: Vault;
  /** The domain that is delegated to this network, where its base is only a part of that. */
  readonly above?: string;
}

/** @throws {PlanError} when the scenario cannot be built as it is written */
export function buildNetwork(
  ground: Ground,
  written: Plan,
  publisher: PublisherParts = referencePublisher,
  { vault, above }: NetworkOptions = { vault: freshVault },
): BuiltNetwork {
  const plan = publishedPlan(written, publisher);
  const { base } = plan;
  const at = ground.now();
  const second = plan.scenario.sut === 'publisher';
  const machines: Machines = {
    nameServer: ground.machine('dns'),
    ...(second ? { secondServer: ground.machine('dns2') } : {}),
    web: ground.machine('pki'),
    peer: ground.machine('peer'),
  };
  const wanted: Case['network']['authorities'] = Object.assign(
    {},
    ...plan.cases.map((one) => one.network.authorities),
  );
  const authorities = makeAuthorities(wanted, { web: webUrl(base, machines.web), base, at, vault });
  const certificates = plan.cases.flatMap((one, index) =>
    makeCertificates(one, authorities, at, index * 3, vault, webUrl(base, machines.web)),
  );
  const sites = joinSites(plan.cases);
  const server = (site: Site, name: string): Machine => ground.machine(`${site.id}/${name}`);
  let changed: readonly { readonly id: string; readonly records: string }[] = [];
  let reload = (): void => undefined;
  const asChanged = (site: Site): Site => ({
    ...site,
    cases: site.cases.map((one) => {
      const records = changed.findLast(({ id }) => id === one.id)?.records;
      return records === undefined ? one : { ...one, network: { ...one.network, zone: records } };
    }),
  });
  const zones = (added: readonly ResourceRecord[]): Zone[] => [
    ...sites.map((site) =>
      siteZone(asChanged(site), {
        base,
        nameServer: machines.nameServer,
        certificates,
        server: (name) => server(site, name),
        second,
        records: publisher.records,
      }),
    ),
    sharedZone(base, machines, added),
    ...(above === undefined ? [] : [sharedZone(above, machines, [])]),
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
    rezone(id, records) {
      changed = [...changed, { id, records }];
      reload();
    },
    async start(added, page) {
      let loaded = zones(added);
      reload = () => {
        loaded = zones(added);
      };
      const faults = faultsOf(plan.cases);
      const open: { close(): Promise<void> }[] = [];
      open.push(await startNameServer(machines.nameServer, () => loaded, publisher, faults));
      if (machines.secondServer) {
        const copy = loaded.map(publisher.secondary);
        open.push(await startNameServer(machines.secondServer, () => copy, publisher, faults));
      }
      const { now } = machines.web.host;
      const ofAuthorities = pagesOf(authorities, webUrl(base, machines.web), at, now);
      const pages = (path: string): Published | undefined =>
        ofAuthorities(path) ?? certificatePage(certificates, path);
      open.push(
        await startWeb(machines.web.host, machines.web.at(80), (path) => pages(path) ?? page?.(path)),
      );
      if ([...authorities.values()].some(({ fixture }) => fixture.aia === 'huge'))
        open.push(await startEndless(machines.web.host, machines.web.at(ENDLESS_PORT)));
      if (pointsHome(authorities, certificates))
        open.push(await startWeb(ground.machine('sut').host, { host: '127.0.0.1', port: 80 }, pages));
      for (const site of sites)
        open.push(
          ...(await startSite(site, certificates, (name) => server(site, name), publisher)),
          ...(await startMailServers(site.cases, (name) => server(site, name))),
        );
      return async () => {
        for (const service of open) await service.close();
      };
    },
  };
}

/** Whether a URL of the network leads to the machine of whoever fetches it. */
const pointsHome = (
  authorities: BuiltNetwork['authorities'],
  certificates: readonly FixtureCertificate[],
): boolean =>
  [...authorities.values()].some(({ fixture }) => fixture.aia === 'loopback') ||
  certificates.some(({ fixture }) => fixture.record?.url === 'private');

function startNameServer(
  { host, at }: Machine,
  zones: () => readonly Zone[],
  { answer, transports }: PublisherParts,
  faults: readonly PlacedFault[],
): Promise<DnsServer> {
  let loaded: readonly Zone[] | undefined;
  let reply: AnswerFunction | undefined;
  const current = (): AnswerFunction => {
    if (reply && loaded === zones()) return reply;
    loaded = zones();
    const authority = createAuthority(loaded);
    const reference: AnswerFunction = (query, { transport }) => authority.answer(query, transport);
    reply = answer(withFaults(reference, faults), loaded);
    return reply;
  };
  const asks: AnswerFunction = (...asked) => current()(...asked);
  return serveDns(forging(host, asks, faults), { at: [at(53)], answer: asks, transports });
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
  publisher: PublisherParts,
): Promise<{ close(): Promise<void> }[]> {
  const started = Object.entries(site.ldap).map(([name, { fixture, owner }]) => {
    const { host, at } = server(name);
    const octets = (entry: Parameters<typeof owner>[0], role: string): Uint8Array => {
      const caseId = owner(entry);
      return certificates.find((one) => one.case === caseId && one.role === role)!.bytes;
    };
    const addr = {
      ...at(fixture.port),
      ...(fixture.family === 'ipv6' && { host: addressOf(server(name), fixture) }),
    };
    return startLdapServer(host, addr, fixture, octets, publisher);
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
    ...(machines.secondServer
      ? [['dns2', { addresses: [machines.secondServer.address], what: 'second name server' }] as const]
      : []),
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

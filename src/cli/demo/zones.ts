/**
 * The zones of a network: one for each HISP, with its servers, and one for each domain that is enabled, with its mail
 * exchanger, its certificates or the way to the directory that has them.
 *
 * @module
 */
import type { HispDefinition, NetworkDefinition } from '../../config/network.ts';
import { addressToName, canonicalName } from '../../dns/names.ts';
import type { ResourceRecord } from '../../dns/records.ts';
import { buildZone, type Zone, zoneApex } from '../../dns/zone.ts';
import type { PublishedDomain } from '../../hisp/tenancy/publication.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { certAlgorithm, keyTag } from '../../pki/key-tag.ts';

const TTL = 300;

/** What each HISP publishes, by its id. */
export type Published = ReadonlyMap<string, readonly PublishedDomain[]>;

/** A zone but for its serial. */
export interface PlannedZone {
  /** The HISP that answers for it. */
  readonly hisp: string;
  readonly origin: string;
  /** @param serial of the SOA record */
  readonly records: (serial: number) => readonly ResourceRecord[];
}

export function planZones(network: NetworkDefinition, published: Published): PlannedZone[] {
  const servers = Object.entries(network.hisps).map(
    ([hisp, definition]): PlannedZone => ({
      hisp,
      origin: definition.domain,
      records: (serial) => serverRecords(definition, serial),
    }),
  );
  const domains = [...published].flatMap(([hisp, some]) =>
    some.map(
      (one): PlannedZone => ({
        hisp,
        origin: one.name,
        records: (serial) => domainRecords(network.hisps[hisp]!, one, serial),
      }),
    ),
  );
  return [...servers, ...domains];
}

/**
 * The root of a network that knows no other name servers: its world ends there, so that a name that nobody has does not
 * exist, and mail to it fails at once.
 *
 * @param zones those of the network, which are delegated
 */
export function rootZone({ hisps }: NetworkDefinition, zones: readonly Zone[], serial: number): Zone {
  const servers = Object.values(hisps).map(({ domain, addresses }) => ({
    name: `ns.${domain}`,
    ttl: TTL,
    data: { type: 'A' as const, address: addresses.ns },
  }));
  const cuts = zones.flatMap(({ origin, records }) =>
    records.filter(({ name, data }) => data.type === 'NS' && canonicalName(name) === origin),
  );
  const server = servers[0]?.name ?? 'ns.invalid';
  return buildZone('', [
    // what does not exist may exist soon
    ...zoneApex({ origin: '', server, addresses: [], serial, ttl: 5 }),
    ...cuts,
    ...servers,
  ]);
}

function serverRecords({ domain, addresses }: HispDefinition, serial: number): ResourceRecord[] {
  const server = `ns.${domain}`;
  const host = (name: 'mx' | 'ldap' | 'pki'): ResourceRecord => ({
    name: `${name}.${domain}`,
    ttl: TTL,
    data: { type: 'A', address: addresses[name] },
  });
  const apex = zoneApex({ origin: domain, server, addresses: [addresses.ns], serial, ttl: TTL });
  return [...apex, host('mx'), host('ldap'), host('pki')];
}

function domainRecords(hisp: HispDefinition, one: PublishedDomain, serial: number): ResourceRecord[] {
  const server = `ns.${hisp.domain}`;
  const records: ResourceRecord[] = [
    ...zoneApex({ origin: one.name, server, addresses: [], serial, ttl: TTL }),
    { name: one.name, ttl: TTL, data: { type: 'MX', preference: 10, exchange: `mx.${hisp.domain}` } },
  ];
  if (one.level.endsWith('ldap')) {
    const target = `ldap.${hisp.domain}`;
    records.push({
      name: `_ldap._tcp.${one.name}`,
      ttl: TTL,
      data: { type: 'SRV', priority: 0, weight: 0, port: 389, target },
    });
    return records;
  }
  for (const { owner, certificates } of one.owners) {
    // who cannot stand in DNS is told of where the publication is read
    const name = owner.includes('@') ? addressToName(owner) : owner;
    if (name !== undefined) records.push(...certificates.map((each) => certRecord(name, each)));
  }
  return records;
}

const certRecord = (name: string, certificate: Certificate): ResourceRecord => ({
  name,
  ttl: TTL,
  data: {
    type: 'CERT',
    certType: 1,
    keyTag: keyTag(certificate, certAlgorithm(certificate)),
    algorithm: certAlgorithm(certificate),
    payload: certificate.der,
  },
});

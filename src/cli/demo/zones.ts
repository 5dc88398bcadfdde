/**
 * The zones of a network: one for each HISP, with its servers, and one for each organization, with its mail exchanger,
 * its certificates or the way to the directory that has them.
 *
 * @module
 */
import type { NetworkDefinition, OrganizationDefinition } from '../../config/network.ts';
import { addressToName } from '../../dns/names.ts';
import type { ResourceRecord } from '../../dns/records.ts';
import { buildZone, type Zone, zoneApex } from '../../dns/zone.ts';
import type { Issued } from '../../pki/issue.ts';
import { certAlgorithm, keyTag } from '../../pki/key-tag.ts';
import type { Material } from './material.ts';

const TTL = 300;

/** @throws {DnsError} when the definition makes a zone that cannot be served */
export function zonesOf(network: NetworkDefinition, material: Material): Zone[] {
  const hisps = Object.values(network.hisps).map(({ domain, addresses }) => {
    const server = `ns.${domain}`;
    const host = (name: 'mx' | 'ldap' | 'pki'): ResourceRecord => ({
      name: `${name}.${domain}`,
      ttl: TTL,
      data: { type: 'A', address: addresses[name] },
    });
    const apex = zoneApex({
      origin: domain,
      server,
      addresses: [addresses.ns],
      serial: serialOf(material),
      ttl: TTL,
    });
    return buildZone(domain, [...apex, host('mx'), host('ldap'), host('pki')]);
  });
  return [...hisps, ...network.organizations.map((one) => organizationZone(network, one, material))];
}

function organizationZone(network: NetworkDefinition, one: OrganizationDefinition, material: Material): Zone {
  const hisp = network.hisps[one.hisp]!;
  const { leaves } = material.get(one.hisp)!;
  const records: ResourceRecord[] = [
    ...zoneApex({
      origin: one.domain,
      server: `ns.${hisp.domain}`,
      addresses: [],
      serial: serialOf(material),
      ttl: TTL,
    }),
    { name: one.domain, ttl: TTL, data: { type: 'MX', preference: 10, exchange: `mx.${hisp.domain}` } },
  ];
  if (one.certificates.endsWith('ldap')) {
    records.push({
      name: `_ldap._tcp.${one.domain}`,
      ttl: TTL,
      data: { type: 'SRV', priority: 0, weight: 0, port: 389, target: `ldap.${hisp.domain}` },
    });
  }
  if (one.certificates === 'domain-dns') records.push(certRecord(one.domain, leaves.get(one.domain)!));
  if (one.certificates === 'address-dns') {
    for (const person of one.addresses) {
      const address = `${person.local}@${one.domain}`;
      records.push(certRecord(addressToName(address)!, leaves.get(address)!));
    }
  }
  return buildZone(one.domain, records);
}

const certRecord = (name: string, { certificate }: Issued): ResourceRecord => ({
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

/** Rises whenever a certificate is renewed: seconds since 1970 of the youngest one. */
function serialOf(material: Material): number {
  const starts = [...material.values()].flatMap((hisp) =>
    [...hisp.leaves.values()].map((leaf) => leaf.certificate.notBefore),
  );
  return Math.floor(Math.max(...starts) / 1000);
}

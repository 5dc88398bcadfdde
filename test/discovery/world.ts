import { createHash } from 'node:crypto';
import { createAuthority } from '../../src/dns/answer.ts';
import type { CertData, RecordData, ResourceRecord } from '../../src/dns/records.ts';
import type { AnswerFunction } from '../../src/dns/server.ts';
import { serveDns } from '../../src/dns/server.ts';
import { buildZone, zoneApex } from '../../src/dns/zone.ts';
import { createTree, type LdapEntry } from '../../src/ldap/entries.ts';
import { type LdapServerOptions, serveLdap } from '../../src/ldap/server.ts';
import type { Host, Observation } from '../../src/net/host.ts';
import { type SimNetwork, simNetwork } from '../../src/net/sim/network.ts';
import { type CertificateSpec, type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';

export const EPOCH = Date.UTC(2026, 0, 5, 15, 0, 0);
export const DAY = 86_400_000;

export interface Seen extends Observation {
  readonly host: string;
  readonly at: number;
}

/** A network with a name server for `zone` and whatever LDAP servers a test starts. */
export interface World {
  readonly network: SimNetwork;
  readonly sut: Host;
  readonly seen: Seen[];
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Starts an LDAP server for `name` at its own address and adds the address record. */
  ldap(
    name: string,
    entries: readonly LdapEntry[],
    options?: Partial<LdapServerOptions> & { contexts?: string[] },
  ): void;
  record(name: string, data: RecordData): void;
}

export const ZONE = 'd.example';

/** @param wrapAnswer lays a fault over the name server */
export function world(wrapAnswer: (reference: AnswerFunction) => AnswerFunction = (answer) => answer): World {
  const seen: Seen[] = [];
  const network = simNetwork({
    seed: 7,
    epoch: EPOCH,
    sink: (host, observation, at) => seen.push({ ...observation, host, at }),
  });
  const resolver = { host: '10.0.0.53', port: 53 };
  const sut = network.host('sut', { addresses: ['10.0.0.1'], resolvers: [resolver] });
  const dns = network.host('dns', { addresses: ['10.0.0.53'] });
  const records: ResourceRecord[] = [];
  const starts: (() => Promise<unknown>)[] = [];
  let next = 100;
  const record = (name: string, data: RecordData) => records.push({ name, ttl: 300, data });
  return {
    network,
    sut,
    seen,
    record,
    ldap(name, entries, { contexts = ['o=test'], ...options } = {}) {
      const address = `10.0.1.${next++}`;
      record(name, { type: 'A', address });
      const host = network.host(name, { addresses: [address] });
      const tree = createTree({ namingContexts: contexts, entries });
      starts.push(() => serveLdap(host, { at: { host: address, port: 389 }, tree, ...options }));
    },
    async run(work) {
      const apex = zoneApex({ origin: ZONE, server: `ns.${ZONE}`, addresses: ['10.0.0.53'] });
      const authority = createAuthority([buildZone(ZONE, [...apex, ...records])]);
      const answer: AnswerFunction = (query, { transport }) => authority.answer(query, transport);
      try {
        return await network.run(
          async () => {
            await serveDns(dns, { at: [resolver], answer: wrapAnswer(answer) });
            for (const start of starts) await start();
            return work();
          },
          { virtualMs: 10 * 60_000, realMs: 20_000 },
        );
      } finally {
        await network.close();
      }
    },
  };
}

export const srv = (priority: number, weight: number, target: string, port = 389): RecordData => ({
  type: 'SRV',
  priority,
  weight,
  port,
  target,
});

export const cert = (payload: Uint8Array, certType = 1): CertData => ({
  type: 'CERT',
  certType,
  keyTag: 0,
  algorithm: 0,
  payload,
});

let count = 0;
export const person = (
  mail: string,
  certificates: readonly Uint8Array[],
  context = 'o=test',
  attribute = 'userCertificate',
): LdapEntry => ({
  dn: `cn=p${++count},${context}`,
  attributes: {
    objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
    cn: [`p${count}`],
    sn: ['P'],
    mail: [mail],
    ...(certificates.length > 0 && { [attribute]: certificates }),
  },
});

let authority: Issued | undefined;
export const root = (): Issued =>
  (authority ??= issueCertificate({
    profile: 'root',
    subject: { CN: 'Root', O: 'Test', C: 'US' },
    key: keyPool.take('rsa2048', 0),
    issuer: 'self',
    notBefore: EPOCH - 365 * DAY,
    notAfter: EPOCH + 3650 * DAY,
  }));

/** A leaf for an address (`a@b`) or a domain, valid unless said otherwise. */
export function leaf(name: string, spec: Partial<CertificateSpec> = {}): Issued {
  const byAddress = name.includes('@');
  return issueCertificate({
    profile: byAddress ? 'address' : 'domain',
    subject: { CN: name },
    key: keyPool.take('rsa2048', 1),
    issuer: root(),
    notBefore: EPOCH - 30 * DAY,
    notAfter: EPOCH + 365 * DAY,
    ...(byAddress ? { emails: [name] } : { dnsNames: [name] }),
    ...spec,
  });
}

export const expired = { notBefore: EPOCH - 395 * DAY, notAfter: EPOCH - 30 * DAY };

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

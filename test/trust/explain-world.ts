import { type AgentContext, type DomainPolicy, defaultPolicy } from '../../src/agent/types.ts';
import { createAuthority } from '../../src/dns/answer.ts';
import { createResolver } from '../../src/dns/client.ts';
import type { RecordData, ResourceRecord } from '../../src/dns/records.ts';
import { type AnswerFunction, serveDns } from '../../src/dns/server.ts';
import { buildZone, zoneApex } from '../../src/dns/zone.ts';
import { examine } from '../../src/hisp/examine.ts';
import { createTree, type LdapEntry } from '../../src/ldap/entries.ts';
import { serveLdap } from '../../src/ldap/server.ts';
import type { Link } from '../../src/net/sim/link.ts';
import { simNetwork } from '../../src/net/sim/network.ts';
import { type CertificateSpec, type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { type AnchorEntry, anchorOf, anchorSets } from '../../src/trust/anchors.ts';
import { explain } from '../../src/trust/explain/explain.ts';
import type { AnchorPlace } from '../../src/trust/explain/facts.ts';
import { type Explanation, explanationSchema } from '../../src/trust/explain/schema.ts';
import { createTrustCache } from '../../src/trust/reference.ts';
import {
  CRL,
  crlOf,
  DAY,
  fetcher,
  INTERMEDIATE,
  INTERMEDIATE_CRL,
  intermediate,
  leaf,
  NOW,
  root,
} from './fixtures.ts';

export const ALICE = 'alice@a.example';
export const BOB = 'bob@b.example';
export const BUNDLE = 'the North bundle';

/** Two sides that reach each other, until a test breaks something. */
export interface Setup {
  /** Beyond the apex: name (below either zone) and data. */
  records: [name: string, data: RecordData][];
  anchors: AnchorEntry[];
  /** By owner: what each signs with, and what it can open. */
  signs: Record<string, Issued[]>;
  opens: Record<string, Issued[]>;
  web: Record<string, Uint8Array | undefined>;
  policy: Partial<DomainPolicy>;
  /** What `ldap.b.example` has; without it nothing listens there. */
  entries?: LdapEntry[];
  link?: Link;
  answer: (reference: AnswerFunction) => AnswerFunction;
  /** Domains that are not ours. */
  foreign: string[];
  exists: boolean;
  /** Beyond the South bundle. */
  elsewhere?: AnchorPlace[];
}

export const cert = (payload: Uint8Array): RecordData => ({
  type: 'CERT',
  certType: 1,
  keyTag: 0,
  algorithm: 0,
  payload,
});
export const mx = (exchange: string): RecordData => ({ type: 'MX', preference: 10, exchange });
export const srv = (target: string): RecordData => ({
  type: 'SRV',
  priority: 0,
  weight: 0,
  port: 389,
  target,
});

export const person = (mail: string, ...certificates: Uint8Array[]): LdapEntry => ({
  dn: `cn=${mail},o=test`,
  attributes: {
    objectClass: ['inetOrgPerson'],
    cn: [mail],
    sn: ['P'],
    mail: [mail],
    userCertificate: certificates,
  },
});

export const trust = (
  domain: string,
  issued: Issued,
  { incoming = true, outgoing = true, source = BUNDLE } = {},
): AnchorEntry => ({ domain, anchor: anchorOf(issued.certificate, source), incoming, outgoing });

export const alice = leaf({ emails: [ALICE], subject: { CN: 'alice' } });
export const bob = leaf();

export const authority = (name: string, key: number, spec: Partial<CertificateSpec> = {}): Issued =>
  issueCertificate({
    profile: spec.issuer === undefined || spec.issuer === 'self' ? 'root' : 'intermediate',
    subject: { CN: name, O: 'Test', C: 'US' },
    key: keyPool.take('rsa2048', key),
    issuer: 'self',
    notBefore: NOW - 365 * DAY,
    notAfter: NOW + 3650 * DAY,
    ...spec,
  });

export const setup = (): Setup => ({
  records: [
    ['a.example', mx('mx.a.example')],
    ['mx.a.example', { type: 'A', address: '10.0.0.1' }],
    ['alice.a.example', cert(alice.certificate.der)],
    ['b.example', mx('mx.b.example')],
    ['mx.b.example', { type: 'A', address: '10.0.0.2' }],
    ['bob.b.example', cert(bob.certificate.der)],
  ],
  anchors: [trust('a.example', root), trust('b.example', root)],
  signs: { [ALICE]: [alice], [BOB]: [bob] },
  opens: { [ALICE]: [alice], [BOB]: [bob] },
  web: {
    [CRL]: crlOf(root),
    [INTERMEDIATE]: intermediate.certificate.der,
    [INTERMEDIATE_CRL]: crlOf(intermediate),
  },
  policy: {},
  answer: (reference) => reference,
  foreign: [],
  exists: true,
});

/** Bob publishes, and signs with, this certificate instead. */
export function giveBob(set: Setup, issued: Issued): void {
  publish(set, 'bob.b.example', issued.certificate.der);
  set.signs[BOB] = [issued];
  set.opens[BOB] = [issued];
}

/** Only what is published of Bob is replaced. */
export function publish(set: Setup, name: string, ...payloads: Uint8Array[]): void {
  set.records = [
    ...set.records.filter(([own, data]) => own !== name || data.type !== 'CERT'),
    ...payloads.map((payload): [string, RecordData] => [name, cert(payload)]),
  ];
}

/** Explains alice to bob on a network that stands as `set` says, on virtual time. */
export async function explained(set: Setup, from = ALICE, to = BOB): Promise<Explanation> {
  const network = simNetwork({ seed: 3, epoch: NOW, sink: () => 0 });
  const dnsAt = { host: '10.0.0.53', port: 53 };
  const host = network.host('explain', { addresses: ['10.0.0.9'], resolvers: [dnsAt] });
  const dns = network.host('dns', { addresses: ['10.0.0.53'] });
  const ldap = network.host('ldap', { addresses: ['10.0.0.89'] });
  if (set.link) network.link('*', '10.0.0.89', set.link);
  const zones = ['a.example', 'b.example'].map((origin) => {
    const own = set.records.filter(([name]) => name === origin || name.endsWith(`.${origin}`));
    const apex = zoneApex({ origin, server: `ns.${origin}`, addresses: ['10.0.0.53'] });
    return buildZone(origin, [
      ...apex,
      ...own.map(([name, data]): ResourceRecord => ({ name, ttl: 300, data })),
    ]);
  });
  const authorityOf = createAuthority(zones);
  const sides = [from, to].map((address) => {
    const domain = address.split('@')[1]!;
    const agent: AgentContext = {
      host,
      fetcher: fetcher(set.web),
      keys: (owner, purpose) =>
        ((purpose === 'sign' ? set.signs : set.opens)[owner] ?? []).map(({ certificate, key }) => ({
          certificate,
          privateKey: key.privateKey,
        })),
      anchors: anchorSets(set.anchors),
      policy: () => ({ ...defaultPolicy, ...set.policy }),
      cache: createTrustCache(),
      resolver: createResolver(host),
    };
    return set.foreign.includes(domain)
      ? { address, keys: false }
      : { address, agent, keys: true, exists: address === to ? set.exists : true };
  });
  try {
    const facts = await network.run(
      async () => {
        await serveDns(dns, {
          at: [dnsAt],
          answer: set.answer((query, { transport }) => authorityOf.answer(query, transport)),
        });
        if (set.entries) {
          const tree = createTree({ namingContexts: ['o=test'], entries: set.entries });
          await serveLdap(ldap, { at: { host: '10.0.0.89', port: 389 }, tree });
        }
        const elsewhere = [
          { anchor: anchorOf(SOUTH.certificate, 'the South bundle'), source: 'the South bundle' },
          ...(set.elsewhere ?? []),
        ];
        return examine(sides[0]!, sides[1]!, { host, elsewhere });
      },
      { virtualMs: 10 * 60_000, realMs: 20_000 },
    );
    const explanation = explain(facts);
    return explanationSchema.parse(JSON.parse(JSON.stringify(explanation)));
  } finally {
    await network.close();
  }
}

/** An authority that stands in the other bundle only. */
export const SOUTH = authority('South Root', 5);

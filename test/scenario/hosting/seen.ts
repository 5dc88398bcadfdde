/** Evidence as a run would leave it: a view that holds one step, and what verifiers are asked with. */

import type { DnsFact, InspectedDns, InspectedLdap, LdapFact } from '../../../src/scenario/inspected.ts';
import type { Scope } from '../../../src/scenario/judge/verifier.ts';
import type { RunView } from '../../../src/scenario/judge/view.ts';
import type { LookedUp } from '../../../src/scenario/looked-up.ts';
import type { Event } from '../../../src/scenario/transcript.ts';

export const scope: Scope = { case: 'H0', part: 'main', cites: ['REQ-DNS-02'] };

export const viewWith = (...steps: readonly object[]): RunView => {
  const events = steps.map((summary, index) => ({
    n: index + 1,
    t: '2026-01-05T15:00:00.000Z',
    host: 'tester',
    kind: 'step',
    summary: JSON.parse(JSON.stringify(summary)),
  })) as Event[];
  return { events } as unknown as RunView;
};

type Certificate = LookedUp['certificates'][number];

export const certificate = (more: Partial<Certificate> = {}): Certificate => ({
  sha256: 'a'.repeat(64),
  where: 'alice.d.example',
  level: 'address-dns',
  octets: 900,
  addresses: ['alice@d.example'],
  domains: [],
  state: 'usable',
  notes: [],
  ...more,
});

export const lookedUp = (more: Partial<LookedUp> = {}): LookedUp => ({
  step: 'lookup',
  id: 'search',
  part: 'main',
  name: 'alice@d.example',
  outcome: 'found',
  level: 'address-dns',
  verdict: 'trusted',
  certificates: [certificate()],
  notes: [],
  names: [],
  servers: [],
  events: [],
  ...more,
});

const SERVER = '192.0.2.1';

export const dnsFact = (more: Partial<DnsFact>): DnsFact => ({
  about: 'cert',
  server: SERVER,
  name: 'alice.d.example',
  type: 'CERT',
  transport: 'udp',
  edns: 1232,
  event: 7,
  rcode: 'NOERROR',
  truncated: false,
  authoritative: true,
  records: 1,
  digest: 'one',
  ttl: 300,
  octets: 900,
  sameCase: true,
  opt: true,
  soa: false,
  ...more,
});

export const inspectedDns = (...exchanges: DnsFact[]): InspectedDns => ({
  step: 'inspect',
  id: 'servers',
  part: 'main',
  name: 'alice@d.example',
  of: 'dns',
  zone: 'd.example',
  servers: [{ name: 'ns.d.example', addresses: [SERVER] }],
  exchanges,
});

type Search = LdapFact['searches'][number];

export const ldapSearch = (more: Partial<Search> = {}): Search => ({
  filter: 'a',
  base: 'o=directory',
  attribute: 'userCertificate;binary',
  result: 'success',
  entries: 1,
  names: ['userCertificate;binary'],
  certificates: 1,
  event: 9,
  ...more,
});

export const inspectedLdap = (
  server: Partial<LdapFact> = {},
  more: Partial<InspectedLdap> = {},
): InspectedLdap => ({
  step: 'inspect',
  id: 'directory',
  part: 'main',
  name: 'alice@d.example',
  of: 'ldap',
  service: '_ldap._tcp.d.example',
  event: 3,
  targets: [
    {
      server: 'l1.d.example:389',
      target: 'l1.d.example',
      priority: 0,
      weight: 0,
      port: 389,
      alias: false,
      addresses: ['192.0.2.9'],
    },
  ],
  servers: [
    {
      server: '192.0.2.9:389',
      bind: 'success',
      root: 'success',
      contexts: ['o=directory'],
      searches: [ldapSearch(), ldapSearch({ filter: 'b' })],
      ...server,
    },
  ],
  ...more,
});

import { describe, expect, it } from 'vitest';
import { cause } from '../../../src/outcome/cause.ts';
import { type Finding, findingText } from '../../../src/outcome/check.ts';
import type { InspectedMail } from '../../../src/scenario/inspected.ts';
import type { Verdict } from '../../../src/scenario/judge/verifier.ts';
import { absent } from '../../../src/scenario/judge/verifiers/absent.ts';
import { hosted } from '../../../src/scenario/judge/verifiers/hosted.ts';
import { mailHost } from '../../../src/scenario/judge/verifiers/mail-host.ts';
import { posture } from '../../../src/scenario/judge/verifiers/posture.ts';
import type { LookedUp } from '../../../src/scenario/looked-up.ts';
import {
  certificate,
  dnsFact,
  inspectedDns,
  inspectedLdap,
  ldapSearch,
  lookedUp,
  scope,
  viewWith,
} from './seen.ts';

const text = ({ status, findings }: Verdict): string =>
  [status, ...findings.map((finding) => `${finding.level}: ${findingText(finding)}`)].join('\n');

const note = (code: string, level: string, params: object): Finding =>
  ({ code, level, params, cites: [], evidence: [] }) as unknown as Finding;

const expired = certificate({
  sha256: 'b'.repeat(64),
  state: 'refused',
  fate: cause('cert.expired', { notAfter: '2025-01-01T00:00:00.000Z' }),
});
const ofDomain = { addresses: [], domains: ['d.example'] };

describe('hosted', () => {
  const judge = (seen: LookedUp, level: LookedUp['level'] = 'address-dns') =>
    hosted.verify({ lookup: 'search', level: level! }, viewWith(seen), scope);

  it.each<[string, LookedUp, LookedUp['level'], RegExp]>([
    ['a usable certificate of the address', lookedUp(), 'address-dns', /^pass/],
    [
      'in other letters (REQ-AS-08)',
      lookedUp({ name: 'ALICE@D.example', certificates: [certificate({ addresses: ['Alice@d.EXAMPLE'] })] }),
      'address-dns',
      /^pass/,
    ],
    [
      'a domain certificate where that of the address belongs: the name binds, not the place',
      lookedUp({ certificates: [certificate(ofDomain)] }),
      'address-dns',
      /^fail\n.*expected rfc822Name alice@d\.example, found dNSName d\.example/s,
    ],
    [
      'an address certificate where that of the domain belongs',
      lookedUp({ level: 'domain-dns', certificates: [certificate({ level: 'domain-dns' })] }),
      'domain-dns',
      /^fail\n.*expected dNSName d\.example, found rfc822Name alice@d\.example/s,
    ],
    [
      'a domain certificate in its place',
      lookedUp({ level: 'domain-dns', certificates: [certificate({ level: 'domain-dns', ...ofDomain })] }),
      'domain-dns',
      /^pass/,
    ],
    ['only an expired one', lookedUp({ certificates: [expired] }), 'address-dns', /^fail\nfail: .*2025/],
    [
      'an expired one beside a good one',
      lookedUp({ certificates: [expired, certificate()] }),
      'address-dns',
      /^warn\nwarn: .*2025/,
    ],
    [
      'a place that comes before hides it (REQ-LDAP-01)',
      lookedUp(),
      'address-ldap',
      /^fail\nfail: .*expected LDAP, mail=address, found CERT at the address name/,
    ],
    [
      'nothing anywhere',
      lookedUp({ outcome: 'none', certificates: [], verdict: 'refused', level: undefined } as never),
      'address-dns',
      /^fail\nfail: .*found nothing/,
    ],
    [
      'nobody could tell',
      lookedUp({ outcome: 'temporary', certificates: [], level: undefined, why: 'SERVFAIL' } as never),
      'address-dns',
      /^fail\nfail: .*no answer \(SERVFAIL\)/,
    ],
    [
      'an OID in front of the certificate (REQ-DNS-06)',
      lookedUp({ certificates: [certificate({ notes: [note('noted.oid-prefix', 'info', { name: 'x' })] })] }),
      'address-dns',
      /^fail\nfail: .*OID in front/,
    ],
    [
      'a record of another type beside it',
      lookedUp({ notes: [note('noted.record-ignored', 'info', { name: 'x', type: 253, why: 'a URL' })] }),
      'address-dns',
      /^warn/,
    ],
  ])('%s', (_name, seen, level, expected) => {
    expect(text(judge(seen, level))).toMatch(expected);
  });

  it('is an error when no step looked it up', () => {
    expect(
      hosted.verify({ lookup: 'other', level: 'address-dns' }, viewWith(lookedUp()), scope),
    ).toMatchObject({
      status: 'error',
      reason: expect.any(String),
    });
  });
});

describe('absent', () => {
  const nobody = lookedUp({ outcome: 'none', certificates: [], level: undefined } as never);
  const judge = (seen: LookedUp, search: Parameters<typeof ldapSearch>[0], error?: string) => {
    const own = {
      searches: [ldapSearch({ entries: 0, certificates: 0, ...search })],
      ...(error && { error }),
    };
    return absent.verify(
      { lookup: 'search', inspect: 'directory' },
      viewWith(seen, inspectedLdap(own)),
      scope,
    );
  };

  it.each<[string, Verdict, RegExp]>([
    ['success with no entry', judge(nobody, {}), /^pass/],
    [
      'an error (REQ-LDAP-19)',
      judge(nobody, { result: 'noSuchObject' }),
      /fail: .*found noSuchObject with 0/,
    ],
    ['somebody else’s entry', judge(nobody, { entries: 1 }), /fail: .*found success with 1/],
    ['a certificate by the look-up', judge(lookedUp(), {}), /fail: .*expected nothing, found certificates/],
    ['a server that ends the talk', judge(nobody, {}, 'closed'), /fail: .*expected an answer, found closed/],
    [
      'no server at all: silence proves nothing',
      absent.verify(
        { lookup: 'search', inspect: 'directory' },
        viewWith(nobody, inspectedLdap({}, { servers: [], targets: [] })),
        scope,
      ),
      /fail: LDAP: expected a server/,
    ],
  ])('%s', (_name, verdict, expected) => {
    expect(text(verdict)).toMatch(expected);
  });
});

describe('posture of name servers', () => {
  type Facts = Parameters<typeof inspectedDns>;
  const judge = (...facts: Facts) =>
    posture.verify({ inspect: 'servers' }, viewWith(inspectedDns(...facts)), scope);
  const tcp = dnsFact({ transport: 'tcp' });
  const other = '192.0.2.2';

  it.each<[string, Facts, RegExp]>([
    ['all well', [dnsFact({ about: 'soa', type: 'SOA', serial: 1 }), dnsFact({}), tcp], /^pass/],
    ['no TCP (REQ-DNS-08)', [dnsFact({ transport: 'tcp', error: 'refused' })], /^fail\n.*found refused/s],
    [
      'a server that does not serve the zone',
      [dnsFact({ about: 'soa', type: 'SOA', rcode: 'REFUSED', records: 0 })],
      /^fail\n.*expected an answer, found REFUSED/s,
    ],
    [
      'records left out without TC',
      [dnsFact({ digest: 'half' }), tcp],
      /^fail\n.*expected all records, or TC/s,
    ],
    ['cut short with TC', [dnsFact({ truncated: true, records: 0, digest: '' }), tcp], /^pass/],
    [
      'more than was offered',
      [dnsFact({ edns: 512, octets: 900 }), tcp],
      /^fail\n.*expected at most 512 octets/s,
    ],
    [
      'large datagrams (REQ-DNS-10)',
      [dnsFact({ edns: 4096, octets: 1800 }), tcp],
      /^warn\n.*expected at most 1232 octets/s,
    ],
    ['EDNS ignored (REQ-DNS-09)', [dnsFact({ opt: false, octets: 400 }), tcp], /^warn\n.*an OPT record/s],
    [
      'NXDOMAIN for an empty name (REQ-DNS-12)',
      [dnsFact({ about: 'empty', name: 'doe.d.example', rcode: 'NXDOMAIN', records: 0 })],
      /^fail\n.*names below it exist/s,
    ],
    [
      'NOTIMP for AAAA (REQ-DNS-25)',
      [dnsFact({ about: 'aaaa', type: 'AAAA', rcode: 'NOTIMP', records: 0 })],
      /^warn\n.*expected NOERROR with SOA, found NOTIMP/s,
    ],
    [
      'NOERROR for a missing name',
      [dnsFact({ about: 'missing', rcode: 'NOERROR', records: 0, soa: true })],
      /^warn\n.*expected NXDOMAIN with SOA/s,
    ],
    ['case lost', [tcp, dnsFact({ about: 'case', transport: 'tcp', sameCase: false })], /^warn\n.*as asked/s],
    [
      'another answer in capitals',
      [tcp, dnsFact({ about: 'case', transport: 'tcp', records: 0, digest: '' })],
      /^fail\n.*small letters/s,
    ],
    ['a TTL of a week', [dnsFact({ transport: 'tcp', ttl: 604_800 })], /^warn\n.*TTL 604800 s/s],
    [
      'serials that differ (REQ-DNS-19)',
      [dnsFact({ about: 'soa', serial: 2 }), dnsFact({ about: 'soa', serial: 1, server: other })],
      /^warn\n.*SOA serial: expected the same at every server, found 2 at 192\.0\.2\.1, 1 at/s,
    ],
    [
      'certificates that differ',
      [tcp, dnsFact({ transport: 'tcp', server: other, records: 0, digest: '' })],
      /^warn\n.*CERT records: expected the same/s,
    ],
  ])('%s', (_name, facts, expected) => {
    expect(text(judge(...facts))).toMatch(expected);
  });

  it('fails without a name server that has an address', () => {
    const lost = { ...inspectedDns(), servers: [{ name: 'ns.d.example', addresses: [] }] };
    expect(text(posture.verify({ inspect: 'servers' }, viewWith(lost), scope))).toMatch(/^fail/);
  });
});

describe('posture of directories', () => {
  type Seen = Parameters<typeof inspectedLdap>;
  const judge = (...seen: Seen) =>
    posture.verify({ inspect: 'directory' }, viewWith(inspectedLdap(...seen)), scope);
  const target = inspectedLdap().targets[0]!;
  const without = { certificates: 0, entries: 0, names: [] };

  it.each<[string, Seen, RegExp]>([
    ['all well', [], /^pass/],
    ['no SRV (REQ-LDAP-02)', [{}, { targets: [], servers: [] }], /^fail\n.*SRV _ldap/s],
    ['an alias (REQ-DNS-18)', [{}, { targets: [{ ...target, alias: true }] }], /^fail\n.*no alias/s],
    [
      'a target without address',
      [{}, { targets: [{ ...target, addresses: [] }] }],
      /^fail\n.*with an address/s,
    ],
    [
      'a bind refused (REQ-LDAP-05)',
      [{ bind: 'inappropriateAuthentication', error: 'no', contexts: [], searches: [] }],
      /^fail\n.*anonymous bind.*expected success/s,
    ],
    ['no root DSE (REQ-LDAP-06)', [{ contexts: [], searches: [] }], /^fail\n.*expected namingContexts/s],
    [
      'a context denied (REQ-LDAP-18)',
      [
        {
          searches: [
            ldapSearch(),
            ldapSearch({ ...without, base: 'cn=config', result: 'insufficientAccessRights' }),
          ],
        },
      ],
      /^fail\n.*naming context cn=config.*insufficientAccessRights/s,
    ],
    [
      'the other filter finds nothing',
      [{ searches: [ldapSearch(), ldapSearch({ ...without, filter: 'b' })] }],
      /^fail\n.*presence of a certificate/s,
    ],
    [
      'another attribute name (REQ-LDAP-09)',
      [{ searches: [ldapSearch({ names: ['userCertificate'] })] }],
      /^warn\n.*found userCertificate$/s,
    ],
    ['no certificate for the name', [{ searches: [ldapSearch(without)] }], /^fail\n.*certificates of alice/s],
  ])('%s', (_name, seen, expected) => {
    expect(text(judge(...seen)).replace(/\ninfo: .*$/gm, '')).toMatch(expected);
  });

  it('judges only the aspects that are named, and is an error without a step', () => {
    const view = viewWith(inspectedLdap({ contexts: [] }));
    expect(posture.verify({ inspect: 'directory', aspects: ['bind'] }, view, scope).status).toBe('pass');
    expect(posture.verify({ inspect: 'other' }, view, scope).status).toBe('error');
  });
});

describe('mail-host', () => {
  const greeted = {
    host: 'mx.d.example',
    address: '192.0.2.25',
    greeting: '220 mx',
    hello: '250 mx',
    event: 5,
  };
  const seen = (more: Partial<InspectedMail>): InspectedMail => ({
    step: 'inspect',
    id: 'mail',
    part: 'main',
    name: 'd.example',
    of: 'mail',
    domain: 'd.example',
    outcome: 'found',
    byMx: true,
    hosts: [greeted],
    ...more,
  });
  const dead = { host: 'mx2.d.example', address: '192.0.2.26', error: 'refused', event: 6 };

  it.each<[string, Partial<InspectedMail>, RegExp]>([
    ['greets', {}, /^pass/],
    ['by its own address (REQ-DNS-22)', { byMx: false }, /^pass\n.*there is no MX record/],
    ['nowhere to go', { outcome: 'none', hosts: [] }, /^fail\n.*found no host that takes mail/],
    ['nobody could tell', { outcome: 'unknown', hosts: [], why: 'SERVFAIL' }, /^fail\n.*SERVFAIL/],
    ['one of two is dead', { hosts: [dead, greeted] }, /^warn\n.*found refused/s],
    ['all are dead', { hosts: [dead] }, /^fail\n.*found refused/s],
    ['EHLO refused', { hosts: [{ ...greeted, hello: '502 no' }] }, /^fail\n.*found 502 no/s],
  ])('%s', (_name, more, expected) => {
    expect(text(mailHost.verify({ inspect: 'mail' }, viewWith(seen(more)), scope))).toMatch(expected);
  });
});

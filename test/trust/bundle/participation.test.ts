import { describe, expect, it } from 'vitest';
import type { CertificateSpec } from '../../../src/pki/issue.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { definitionSchema, type Member } from '../../../src/trust/bundle/definition.ts';
import { assemble, buildDefined, participation } from '../../../src/trust/bundle/participation.ts';
import { readBundle } from '../../../src/trust/bundle/read.ts';
import { A, B, DAY, NOW, refusal, root, shas } from './fixtures.ts';

const OID = '1.3.6.1.4.1.41179.1.3';
const definition = definitionSchema.parse({
  title: 'Accredited',
  purpose: 'Tests',
  environment: 'production',
  distributionPoints: ['https://b.example/x.p7b'],
  validTo: '2027-01-01',
  policy: {
    daysLeft: 180,
    rsaBits: 2048,
    accreditation: { required: true, programmes: ['P'], evidence: true },
  },
  members: [{ name: 'A', hisp: 'a' }],
});
const { policy } = definition;
const member = (accreditation?: Partial<NonNullable<Member['accreditation']>>): Member => ({
  name: 'A',
  hisp: 'a',
  accreditation: { programme: 'P', from: '2025-01-01', to: '2027-01-01', evidence: '17', ...accreditation },
});
const bare: Member = { name: 'A', hisp: 'a' };

describe('the participation policy', () => {
  it.each<[string, Member, Partial<CertificateSpec>, Partial<typeof policy>, RegExp | undefined]>([
    ['all is shown', member(), {}, {}, undefined],
    ['no record', bare, {}, {}, /no accreditation record/],
    [
      'no record, and none asked for',
      bare,
      {},
      { accreditation: { required: false, programmes: [], evidence: false } },
      undefined,
    ],
    ['another programme', member({ programme: 'Q' }), {}, {}, /names Q.*asks for P/],
    [
      'no evidence',
      { ...member(), accreditation: { programme: 'P', from: '2025-01-01', to: '2027-01-01' } },
      {},
      {},
      /no evidence/,
    ],
    ['ended', member({ to: '2026-01-04' }), {}, {}, /ended on 2026-01-04/],
    ['ends today', member({ to: '2026-01-05' }), {}, {}, undefined],
    ['begins tomorrow', member({ from: '2026-01-06' }), {}, {}, /begins on 2026-01-06/],
    ['too little time left', member(), { notAfter: NOW + 100 * DAY }, {}, /100 more days.*180/],
    ['expired', member(), { notAfter: NOW - DAY }, {}, /expired on/],
    ['a small key', member(), { key: keyPool.take('rsa1024') }, {}, /1024 bits/],
    ['a key below the policy', member(), {}, { rsaBits: 4096 }, /asks for 4096/],
    ['SHA-1', member(), { digest: 'sha1' }, {}, /sha1/],
    ['no CA', member(), { profile: 'address', emails: ['a@a.example'] }, {}, /no CA/],
    [
      'no CA, where none is asked for',
      member(),
      { profile: 'address', emails: ['a@a.example'] },
      { authority: false },
      undefined,
    ],
    ['no keyCertSign', member(), { keyUsage: ['cRLSign'] }, {}, /may not sign/],
    ['a policy that it lacks', member(), {}, { anyPolicy: [OID] }, new RegExp(`one of ${OID}`)],
    ['a policy that it has', member(), { policies: ['1.2.3', OID] }, { anyPolicy: [OID] }, undefined],
  ])('%s', (_, one, spec, change, expected) => {
    const { certificate } = root('Applicant', spec);
    const judged = participation({ member: one, certificate }, { ...policy, ...change }, NOW);
    expect(judged.admitted).toBe(expected === undefined);
    if (expected) expect(judged.refusals.join('; ')).toMatch(expected);
    else expect(judged.refusals).toEqual([]);
  });

  it('takes what the network states of a HISP, unless the member states something itself', () => {
    const record = (to: string) => ({ programme: 'P', from: '2025-01-01', to, evidence: '17' });
    const judge = (one: Member, ...records: ReturnType<typeof record>[]) =>
      participation({ member: one, certificate: A, records }, policy, NOW).refusals;
    expect(judge(bare, record('2027-01-01'))).toEqual([]);
    // one that is in force is enough
    expect(judge(bare, record('2025-02-01'), record('2027-01-01'))).toEqual([]);
    expect(judge(bare, record('2025-02-01'))).toEqual(['its accreditation record ended on 2025-02-01']);
    expect(judge(member({ to: '2025-02-01' }), record('2027-01-01'))).toHaveLength(1);
  });

  it('refuses the revoked, and a double', () => {
    const revoked = participation(
      { member: member(), certificate: A, revoked: 'key compromise' },
      policy,
      NOW,
    );
    expect(revoked.refusals.join()).toContain('key compromise');
    const { participants, certificates } = assemble(
      [
        { member: member(), certificate: A },
        { member: { ...member(), name: 'Twin' }, certificate: A },
        { member: member(), certificate: B },
        { member: bare, certificate: root('C').certificate },
      ],
      policy,
      NOW,
    );
    expect(participants.map(({ admitted }) => admitted)).toEqual([true, false, true, false]);
    const bundle = readBundle(buildDefined(definition, { participants, certificates }), { at: NOW });
    expect(shas(bundle.certificates)).toEqual(shas([A, B]));
    expect(bundle.metadata).toMatchObject({ profile: 'Accredited', validTo: Date.UTC(2027, 0, 1) });
    expect(refusal(() => buildDefined(definition, { participants, certificates: [] }))).toBe(
      'spec bundle.format',
    );
  });
});

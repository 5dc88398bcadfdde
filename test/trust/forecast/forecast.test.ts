import { describe, expect, it } from 'vitest';
import { sentence } from '../../../src/outcome/cause.ts';
import type { Issued } from '../../../src/pki/issue.ts';
import type { AnchorEntry } from '../../../src/trust/anchors.ts';
import { anchorOf } from '../../../src/trust/anchors.ts';
import {
  anchorsFor,
  changed,
  type TrustChange,
  type TrustState,
} from '../../../src/trust/forecast/change.ts';
import { type ForecastInput, forecast, type PairChange } from '../../../src/trust/forecast/forecast.ts';
import { createTrustCache, referenceIssuers } from '../../../src/trust/reference.ts';
import { CRL, crlOf, fetcher, leaf, NOW, root, stranger } from '../fixtures.ts';

const STRANGER_CRL = 'http://pki.example/stranger.crl';
const of = (address: string, issuer: Issued, more = {}) => ({
  address,
  certificates: [
    leaf({ emails: [address], ...(issuer === stranger ? { crlUrls: [STRANGER_CRL] } : {}), ...more }, issuer)
      .certificate,
  ],
});
/** Two domains of ours below `root`, one HISP elsewhere below `stranger`. */
const ann = of('ann@a.example', root);
const abe = of('abe@a.example', root);
const cid = of('cid@c.example', root);
const sue = of('sue@s.example', stranger);
const holders = [ann, abe, cid, sue];
const own = [ann, abe, cid].map(({ address }) => address);
const BUNDLE = 'the North bundle';
const entry = (domain: string, issued: Issued, source = BUNDLE): AnchorEntry => ({
  domain,
  anchor: anchorOf(issued.certificate, source),
  incoming: true,
  outgoing: true,
});
const before: TrustState = {
  entries: ['a.example', 'c.example'].flatMap((domain) => [
    entry(domain, root, 'itself'),
    entry(domain, stranger),
  ]),
  policy: () => ({ profile: '1.3', revocation: 'require' }),
};
const web = { [CRL]: crlOf(root), [STRANGER_CRL]: crlOf(stranger) };
const sources = (bodies: Record<string, Uint8Array> = web) => ({
  fetcher: fetcher(bodies),
  cache: createTrustCache(),
  issuers: referenceIssuers,
});
const run = (change: TrustChange, more: Partial<ForecastInput> = {}) =>
  forecast({ before, change, own, holders, traffic: [], sources: sources(), at: NOW, ...more });
const told = ({ from, to, direction, effect }: PairChange) => `${effect} ${direction} ${from} ${to}`;

const subscribers = ['a.example', 'c.example'].map((domain) => ({ domain, incoming: true, outgoing: true }));
const bundle = (after: readonly Issued[], domains = subscribers): TrustChange => ({
  kind: 'bundle',
  source: BUNDLE,
  domains,
  after: after.map(({ certificate }) => certificate),
});
const anchor = (
  what: 'add' | 'remove',
  issued: Issued,
  ...directions: ('incoming' | 'outgoing')[]
): TrustChange => ({
  kind: 'anchor',
  what,
  certificate: issued.certificate,
  domains: ['a.example'],
  directions,
});

describe('a bundle that drops one anchor', () => {
  it('costs trust in everybody below it, in both directions, with the reason', async () => {
    const result = await run(bundle([]), {
      traffic: [
        { from: 'abe@a.example', to: 'sue@s.example', direction: 'out', messages: 3 },
        { from: 'ann@a.example', to: 'cid@c.example', direction: 'out', messages: 9 },
      ],
    });
    expect(result.changes.map(told)).toEqual([
      'loses out abe@a.example sue@s.example',
      'loses in sue@s.example abe@a.example',
      'loses in sue@s.example ann@a.example',
      'loses in sue@s.example cid@c.example',
      'loses out ann@a.example sue@s.example',
      'loses out cid@c.example sue@s.example',
    ]);
    const [first] = result.changes;
    expect(first).toMatchObject({
      messages: 3,
      before: { verdict: 'trusted' },
      after: { verdict: 'refused' },
    });
    expect(first?.after.cause?.code).toBe('trust.no-path');
    expect(result.directory).toEqual({ gains: 0, loses: 6, pairs: 18 });
    expect(result.traffic).toEqual({ gains: 0, loses: 1, pairs: 2 });
    expect(result.touched).toEqual(['a.example', 'c.example']);
  });

  it('is decided once for all domains that trust alike, and told to each in its own name', async () => {
    const result = await run(bundle([]));
    // before and after, out and in, four addresses
    expect(result.decided).toBe(16);
    const reasons = result.changes.map(({ after }) => sentence(after.cause!));
    for (const [i, { direction, from, to }] of result.changes.entries()) {
      expect(reasons[i]).toContain((direction === 'out' ? from : to).split('@')[1]);
    }
  });

  it('changes nothing where the same anchor is trusted from elsewhere, and costs nothing to find out', async () => {
    const entries = [
      ...before.entries,
      ...subscribers.map(({ domain }) => entry(domain, stranger, 'by hand')),
    ];
    const result = await run(bundle([]), { before: { ...before, entries } });
    expect([result.changes, result.touched, result.decided]).toEqual([[], [], 0]);
  });

  it('touches subscribers only', async () => {
    const result = await run(bundle([], subscribers.slice(1)));
    expect(result.touched).toEqual(['c.example']);
    expect(result.changes).toHaveLength(2);
  });
});

describe('other changes', () => {
  it.each<[string, TrustChange, TrustState['entries'], string[]]>([
    [
      'an anchor added for outgoing mail',
      anchor('add', stranger, 'outgoing'),
      [entry('a.example', root)],
      ['gains out abe@a.example sue@s.example', 'gains out ann@a.example sue@s.example'],
    ],
    [
      'an anchor removed for incoming mail',
      anchor('remove', stranger, 'incoming'),
      before.entries,
      ['loses in sue@s.example abe@a.example', 'loses in sue@s.example ann@a.example'],
    ],
    [
      'an anchor removed that was not there',
      anchor('remove', stranger, 'incoming'),
      [entry('a.example', root)],
      [],
    ],
    [
      'a bundle that gains one',
      bundle([stranger], subscribers.slice(0, 1)),
      [entry('a.example', root, 'itself')],
      [
        'gains in sue@s.example abe@a.example',
        'gains in sue@s.example ann@a.example',
        'gains out abe@a.example sue@s.example',
        'gains out ann@a.example sue@s.example',
      ],
    ],
  ])('%s', async (_, change, entries, expected) => {
    const result = await run(change, { before: { ...before, entries } });
    expect(result.changes.map(told)).toEqual(expected);
  });

  it('a strict revocation policy costs those whose list does not answer', async () => {
    const soft: TrustState = { ...before, policy: () => ({ profile: '1.3', revocation: 'soft' }) };
    const change: TrustChange = { kind: 'policy', domains: ['c.example'], policy: { revocation: 'require' } };
    const result = await run(change, { before: soft, sources: sources({ [CRL]: crlOf(root) }) });
    expect(result.changes.map(told)).toEqual([
      'loses in sue@s.example cid@c.example',
      'loses out cid@c.example sue@s.example',
    ]);
    expect(result.changes[0]?.after).toMatchObject({
      verdict: 'undetermined',
      cause: { code: 'cert.revocation-unknown' },
    });
  });

  it('a profile with higher floors costs weak certificates', async () => {
    const weak = of('old@s.example', stranger, { digest: 'sha1' });
    const permissive: TrustState = {
      ...before,
      policy: () => ({ profile: 'permissive', revocation: 'soft' }),
    };
    const change: TrustChange = { kind: 'policy', domains: ['a.example'], policy: { profile: '1.3' } };
    const result = await run(change, {
      before: permissive,
      own: ['ann@a.example'],
      holders: [...holders, weak],
    });
    expect(result.changes.map(told)).toEqual([
      'loses in old@s.example ann@a.example',
      'loses out ann@a.example old@s.example',
    ]);
  });
});

describe('bounds', () => {
  it('lists so many, counts all, and always lists those that wrote', async () => {
    const traffic = [{ from: 'sue@s.example', to: 'cid@c.example', direction: 'in' as const, messages: 1 }];
    const result = await run(bundle([]), { traffic, limits: { listed: 2 } });
    expect([result.changes.length, result.unlisted, result.directory.loses]).toEqual([3, 3, 6]);
    expect(told(result.changes[0]!)).toBe('loses in sue@s.example cid@c.example');
  });

  it('ends at a number of decisions, and says so', async () => {
    const result = await run(bundle([]), { limits: { decisions: 4 } });
    expect([result.cut, result.decided]).toEqual([true, 4]);
  });

  it('a thousand domains that trust alike cost as much as one', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => `u@d${i}.example`);
    const domains = many.map((one) => one.split('@')[1]!);
    const state = { ...before, entries: domains.map((domain) => entry(domain, stranger)) };
    const change = bundle(
      [],
      domains.map((domain) => ({ domain, incoming: true, outgoing: true })),
    );
    const result = await run(change, { before: state, own: many, holders: [sue] });
    expect([result.decided, result.directory.loses, result.unlisted]).toEqual([4, 2000, 0]);
  });
});

it('the state before stays as it was', () => {
  const entries = [...before.entries];
  changed(before, bundle([]));
  changed(before, anchor('remove', stranger, 'incoming', 'outgoing'));
  expect(before.entries).toEqual(entries);
  expect(
    anchorsFor([...entries, entry('a.example', stranger, 'twice')])('a.example', 'incoming'),
  ).toHaveLength(2);
});

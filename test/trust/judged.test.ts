import { describe, expect, it } from 'vitest';
import { anchorOf } from '../../src/trust/anchors.ts';
import type { NamedCheck } from '../../src/trust/check.ts';
import type { DecideInput } from '../../src/trust/decide.ts';
import { candidateChecks, createTrustCache, referenceIssuers } from '../../src/trust/reference.ts';
import { CRL, crlOf, fetcher, judge, leaf, NOW, root, stranger } from './fixtures.ts';

const SECOND = 1000;
const anchor = anchorOf(root.certificate, 'community');
const other = anchorOf(stranger.certificate, 'community');

/** The reference with a check in front that counts how often a certificate is really looked at. */
function counted() {
  let looks = 0;
  const count: NamedCheck = {
    name: 'count',
    reach: 'local',
    check: () => {
      looks += 1;
      return { state: 'pass' };
    },
  };
  return { checks: [count, ...candidateChecks], looks: () => looks };
}

function world() {
  const { checks, looks } = counted();
  const cache = { ...createTrustCache(), judged: new Map() };
  const sources = { fetcher: fetcher({ [CRL]: crlOf(root) }), cache, issuers: referenceIssuers };
  const anchors: DecideInput['anchors'] = { domain: 'a.example', direction: 'outgoing', list: [anchor] };
  const report: DecideInput['report'] = (findings) => findings;
  const same = { checks, sources, anchors, report };
  return { same, looks, cache };
}

const good = leaf();

describe('what was decided a moment ago', () => {
  it('holds for the next message, word for word', async () => {
    const { same, looks } = world();
    const first = await judge([good], same);
    const second = await judge([good], { ...same, at: NOW + 59 * SECOND });
    expect(looks()).toBe(1);
    expect(second.candidates).toEqual(first.candidates);
    expect(second.verdict).toBe('trusted');
  });

  it.each<[string, (input: ReturnType<typeof world>['same']) => Partial<DecideInput>]>([
    ['after a minute', () => ({ at: NOW + 60 * SECOND })],
    ['when the clock was set back', () => ({ at: NOW - SECOND })],
    ['for another address', () => ({ to: 'carol@b.example' })],
    ['by other anchors', ({ anchors }) => ({ anchors: { ...anchors, list: [other] } })],
    ['by one anchor more', ({ anchors }) => ({ anchors: { ...anchors, list: [anchor, other] } })],
    ['by no anchor', ({ anchors }) => ({ anchors: { ...anchors, list: [] } })],
    ['for another domain', ({ anchors }) => ({ anchors: { ...anchors, domain: 'd.example' } })],
    ['in the other direction', ({ anchors }) => ({ anchors: { ...anchors, direction: 'incoming' } })],
    ['by another profile', () => ({ profile: '1.2' })],
    ['by another policy of revocation', () => ({ revocation: 'soft' })],
    ['in other company', () => ({ pool: [stranger.certificate] })],
    ['by other rules', ({ checks }) => ({ checks: [...checks] })],
  ])('is decided anew %s', async (_, change) => {
    const { same, looks } = world();
    await judge([good], same);
    await judge([good], { ...same, ...change(same) });
    expect(looks()).toBe(2);
  });

  it('ends with the certificate, and with the list that vouched for it', async () => {
    const soon = leaf({ notAfter: NOW + 10 * SECOND });
    const { same, looks } = world();
    await judge([soon], same);
    const late = await judge([soon], { ...same, at: NOW + 11 * SECOND });
    expect(looks()).toBe(2);
    expect(late.candidates[0]!.state).toBe('usable'); // within the skew of the clocks, and looked at again
    const short = world();
    const list = crlOf(root, [], { nextUpdate: NOW + 5 * SECOND });
    const sources = { ...short.same.sources, fetcher: fetcher({ [CRL]: list }) };
    await judge([good], { ...short.same, sources });
    await judge([good], { ...short.same, sources, at: NOW + 6 * SECOND });
    expect(short.looks()).toBe(2);
  });

  it('is not kept when it was a refusal, undecided, or an exception', async () => {
    const { same, looks } = world();
    const revoked = { ...same.sources, fetcher: fetcher({ [CRL]: crlOf(root, [good]) }) };
    expect((await judge([good], { ...same, sources: revoked })).verdict).toBe('refused');
    const silent = { ...world().same.sources, fetcher: fetcher({}) };
    for (const revocation of ['require', 'soft'] as const) {
      const before = looks();
      await judge([good], { ...same, sources: silent, revocation });
      await judge([good], { ...same, sources: silent, revocation });
      expect(looks() - before).toBe(2);
    }
  });

  it('without a place to keep it, each is decided anew', async () => {
    const { same, looks } = world();
    const sources = { ...same.sources, cache: createTrustCache() };
    await judge([good], { ...same, sources });
    await judge([good], { ...same, sources });
    expect(looks()).toBe(2);
  });
});

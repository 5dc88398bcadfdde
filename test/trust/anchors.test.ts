import { expect, it } from 'vitest';
import { anchorOf, anchorSets, anchorSourceNames } from '../../src/trust/anchors.ts';
import { root, stranger } from './fixtures.ts';

const entry = (domain: string, source: string, incoming: boolean, outgoing: boolean, issued = root) => ({
  domain,
  anchor: anchorOf(issued.certificate, source),
  incoming,
  outgoing,
});

it('anchors are a domain’s own, for each direction', () => {
  const source = anchorSets([
    entry('A.example', 'community', true, true),
    entry('a.example', 'manual', true, false, stranger),
    entry('b.example', 'manual', false, true, stranger),
  ]);
  const sources = (domain: string, direction: 'incoming' | 'outgoing') =>
    anchorSourceNames(source(domain, direction));
  expect(sources('a.example', 'incoming')).toEqual(['community', 'manual']);
  expect(sources('a.EXAMPLE', 'outgoing')).toEqual(['community']);
  expect(sources('b.example', 'incoming')).toEqual([]);
  expect(sources('b.example', 'outgoing')).toEqual(['manual']);
  expect(sources('sub.a.example', 'incoming')).toEqual([]);
});

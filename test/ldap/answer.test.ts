import { describe, expect, it } from 'vitest';
import { answerSearch } from '../../src/ldap/answer.ts';
import { createTree } from '../../src/ldap/entries.ts';
import { parseFilter } from '../../src/ldap/filter-text.ts';
import type { SearchRequest } from '../../src/ldap/requests.ts';
import { createSelections } from '../../src/ldap/selection.ts';
import { person } from './tree.ts';

const tree = createTree({
  namingContexts: ['o=one'],
  entries: Array.from({ length: 4000 }, (_, i) => person(`cn=p${i},o=one`, `p${i}@d.example`)),
});
const limits = { entries: 1000, enumeration: 1000, work: 1_000_000, timeS: 10 };

const request = (filter: string, timeLimitS: number): SearchRequest => ({
  base: 'o=one',
  scope: 'sub',
  derefAliases: 0,
  sizeLimit: 0,
  timeLimitS,
  typesOnly: false,
  filter: parseFilter(filter),
  attributes: ['mail'],
});

/** A clock on which each look takes two seconds. */
function slowClock(): () => number {
  let now = 0;
  return () => (now += 2000);
}

describe('time limit (RFC 4511 §4.5.1.5)', () => {
  it.each([
    ['the client’s', 1, 10, 3, 1],
    ['ours', 0, 1, 3, 1],
    ['ours when the client’s is longer', 100, 1, 3, 1],
    ['enough time', 9, 10, 0, 2],
  ])('%s', (_what, timeLimitS, timeS, result, entries) => {
    const context = { limits: { ...limits, timeS }, extensions: [], mono: slowClock() };
    const search = request('(|(cn=p5)(cn=p3999))', timeLimitS);
    const answer = answerSearch(tree, search, createSelections(1e6).of(['mail'], false), context);
    expect(answer.result).toBe(result);
    expect(answer.entries).toHaveLength(entries);
  });
});

describe('ready answers', () => {
  const context = { limits, extensions: [], mono: () => 0 };
  const search = request('(mail=p7@d.example)', 0);

  it('are made once for the same question and entry', () => {
    const selections = createSelections(1e6);
    const [first, second] = [0, 1].map(
      () => answerSearch(tree, search, selections.of(['mail'], false), context).entries[0]!,
    );
    expect(second).toBe(first);
    expect(selections.encoded(second!)).toBe(selections.encoded(first!));
  });

  it('do not fill the memory: neither many entries nor many selections', () => {
    const selections = createSelections(500);
    const selection = selections.of(['mail'], false);
    const nodes = [...tree.nodes({ base: '', scope: 'sub', after: -1 })];
    const octets = nodes.slice(2, 50).map((node) => selections.encoded(selection.pick(node)).toString('hex'));
    const again = nodes.slice(2, 50).map((node) => selections.encoded(selection.pick(node)).toString('hex'));
    expect(again).toEqual(octets);
    for (let i = 0; i < 1000; i++) selections.of([`a${i}`], false);
    expect(selections.of(['mail'], false)).not.toBe(selection);
  });
});

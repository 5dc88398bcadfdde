import { describe, expect, it } from 'vitest';
import { type Source, sources } from './sources.ts';

/** The floors of the house, lowest first. A folder may import from floors below it. */
const FLOORS: readonly (readonly string[])[] = [
  ['outcome', 'net', 'asn1'],
  ['dns', 'ldap', 'smtp', 'http', 'mail', 'pki', 'cms'],
  ['store', 'trust', 'discovery', 'custody'],
  ['agent', 'rule'],
  ['edge', 'hisp', 'directory'],
  ['scenario', 'watch'],
  ['config', 'cli', 'web', 'main'],
];

/** Protocol folders do not know each other, with this one exception. */
const SAME_FLOOR_ALLOWED = new Set(['cms→pki']);

const floorOf = (folder: string): number => FLOORS.findIndex((floor) => floor.includes(folder));

const folderOf = (path: string): string => {
  const [top, second] = path.split('/');
  return top === 'web' ? 'web' : second!.replace(/\.ts$/, '');
};

const all: Source[] = [...sources('src'), ...sources('web')];

describe('the house', () => {
  it.each([...new Set(all.map((source) => folderOf(source.path)))])('%s has a floor', (folder) => {
    expect(floorOf(folder), `${folder} is in no floor of ${import.meta.filename}`).toBeGreaterThanOrEqual(0);
  });

  it('imports downwards only', () => {
    const wrong: string[] = [];
    for (const source of all) {
      const from = folderOf(source.path);
      for (const target of source.imports) {
        if (!target.startsWith('src/') && !target.startsWith('web/')) continue;
        const to = folderOf(target);
        if (to === from) continue;
        const protocols =
          floorOf(from) === 1 && floorOf(to) === 1 && !SAME_FLOOR_ALLOWED.has(`${from}→${to}`);
        if (floorOf(to) > floorOf(from) || protocols) wrong.push(`${source.path} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no cycle between files', () => {
    const graph = new Map(
      all.map((source) => [source.path, source.imports.filter((path) => /^(src|web)\//.test(path))]),
    );
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === 'done') return;
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
        return;
      }
      state.set(path, 'open');
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      state.set(path, 'done');
    };
    for (const path of graph.keys()) visit(path, []);
    // Two files that only share types may refer to each other: `import type` is erased.
    const real = cycles.filter((cycle) => {
      const steps = cycle.split(' → ');
      return steps.every(
        (path, index) => index === steps.length - 1 || importsValue(path, steps[index + 1]!),
      );
    });
    expect(real).toEqual([]);
  });

  it('has no cycle between folders', () => {
    const edges = new Map<string, Set<string>>();
    for (const source of all) {
      for (const target of source.imports) {
        if (!/^(src|web)\//.test(target) || folderOf(target) === folderOf(source.path)) continue;
        const from = folderOf(source.path);
        edges.set(from, (edges.get(from) ?? new Set()).add(folderOf(target)));
      }
    }
    const both = [...edges].flatMap(([from, targets]) =>
      [...targets].filter((to) => from < to && edges.get(to)?.has(from)).map((to) => `${from} ↔ ${to}`),
    );
    // config and cli and web share the top floor and may use each other in one direction only
    expect(both).toEqual([]);
  });
});

function importsValue(from: string, to: string): boolean {
  const source = all.find((candidate) => candidate.path === from)!;
  const name = to.split('/').at(-1)!.replace('.', '\\.');
  return new RegExp(`(import|export)\\s+(?!type\\b)[^;']*?from\\s+'[^']*${name}'`).test(source.code);
}

import { describe, expect, it } from 'vitest';
import { sources } from './sources.ts';

const above = sources('src').filter((source) => !source.path.startsWith('src/net/'));

/** What only `net/` may touch, so that every scenario can run on a virtual clock and virtual hosts. */
const BANNED: readonly { readonly what: string; readonly pattern: RegExp; readonly except?: RegExp }[] = [
  { what: 'the wall clock', pattern: /\bDate\.now\(|new Date\(\s*\)|\bperformance\.now\(|process\.hrtime/ },
  { what: 'timers', pattern: /\b(setTimeout|setInterval|setImmediate)\s*\(|node:timers/ },
  { what: 'chance', pattern: /\bMath\.random\(/ },
  { what: 'global fetch', pattern: /(?<![.\w])fetch\s*\(\s*['"`]/ },
  { what: 'sockets', pattern: /from 'node:(net|tls|dgram|dns|dns\/promises)'/ },
  { what: 'node:http', pattern: /from 'node:https?'/, except: /^src\/http\// },
];

describe('time, sockets and names come from net/', () => {
  it.each(BANNED)('no source takes $what elsewhere', ({ pattern, except }) => {
    const wrong = above
      .filter((source) => !except?.test(source.path))
      .flatMap((source) =>
        source.code
          .split('\n')
          .filter((line) => pattern.test(line) && !/^import type /.test(line))
          .map((line) => `${source.path}: ${line.trim()}`),
      );
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it('have names that say what is in them', () => {
    const vague = sources('src').filter((source) =>
      /(^|\/)(utils?|helpers?|common|misc|manager|service)(\.ts|\/)/.test(source.path),
    );
    expect(vague.map((source) => source.path)).toEqual([]);
  });

  it('stay short enough to read', () => {
    const long = [...sources('src'), ...sources('web')].filter(
      (source) => source.text.split('\n').length > 401,
    );
    expect(long.map((source) => source.path)).toEqual([]);
  });

  it('are checked by the compiler as they stand', () => {
    const silenced = [...sources('src'), ...sources('web')].filter((source) =>
      /@ts-(ignore|nocheck|expect-error)|biome-ignore/.test(source.text),
    );
    expect(silenced.map((source) => source.path)).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitingLines } from '../../src/hisp/waiting-line.ts';

describe('what waits in lines', () => {
  it('goes in turns, and what cannot go holds up nothing of another line', () => {
    const lines = waitingLines<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) lines.add(item[0]!, item);
    const gone: string[] = [];
    lines.go(
      (line) => line !== 'a',
      (item) => gone.push(item),
    );
    expect(gone).toEqual(['b1', 'c1', 'c2']);
    expect(lines.size).toBe(3);
    let room = 2;
    lines.go(
      () => room > 0,
      (item) => {
        room -= 1;
        gone.push(item);
      },
    );
    expect(gone.slice(3)).toEqual(['a1', 'a2']);
    lines.clear();
    expect(lines.size).toBe(0);
  });

  it('each goes once, in the order of its line, however often the going stops', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(300)), { maxLength: 400 }),
        fc.array(fc.nat(90), { maxLength: 12 }),
        (items, rooms) => {
          const lines = waitingLines<readonly [string, number]>();
          const gone: (readonly [string, number])[] = [];
          const parts = rooms.length + 1;
          for (let part = 0; part < parts; part++) {
            for (const item of items.filter((_, index) => index % parts === part)) lines.add(item[0], item);
            let room = rooms[part] ?? Number.POSITIVE_INFINITY;
            lines.go(
              () => room > 0,
              (item) => {
                room -= 1;
                gone.push(item);
              },
            );
          }
          expect(lines.size).toBe(0);
          expect(gone).toHaveLength(items.length);
          for (const line of ['a', 'b', 'c']) {
            const added = Array.from({ length: parts }, (_, part) =>
              items.filter((item, index) => index % parts === part && item[0] === line),
            ).flat();
            expect(gone.filter((item) => item[0] === line)).toEqual(added);
          }
        },
      ),
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realHost } from '../../src/net/real.ts';
import {
  bundleChanges,
  correspondence,
  noteBundleChange,
  noteCalendar,
  notedThresholds,
  toldNotices,
} from '../../src/store/calendar.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { enqueue } from '../../src/store/queue.ts';
import { scopeOf } from '../../src/store/scope.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore(realHost(), { file: ':memory:' });
});
afterAll(() => store.close());

describe('the books of the calendar', () => {
  it('take each threshold of a thing once, for each HISP', async () => {
    const [a, b] = [scopeOf(store.db, 'a'), scopeOf(store.db, 'b')];
    const notice = { thing: 'x', days: 30, ends_at: 9, at: 1, told: 1, text: 'x ends' };
    expect(await noteCalendar(a, notice)).toBe(true);
    expect(await noteCalendar(a, { ...notice, at: 2 })).toBe(false);
    expect(await noteCalendar(b, notice)).toBe(true);
    expect(await noteCalendar(a, { ...notice, days: 90, told: 0 })).toBe(true);
    expect([...(await notedThresholds(a)).get('x')!].toSorted()).toEqual([30, 90]);
    expect(await toldNotices(a, 10)).toEqual([notice]);
  });

  it('keep changes of bundles, newest first', async () => {
    const scope = scopeOf(store.db, 'a');
    const change = { subscription: 's', sha256: 'f', published_at: 1, added: 1, removed: 0, by: 'refresh' };
    for (const installed_at of [5, 7, 7]) await noteBundleChange(scope, { ...change, installed_at });
    expect((await bundleChanges(scope, 9)).map((one) => one.installed_at)).toEqual([7, 5]);
  });

  it('count who wrote to whom', async () => {
    const scope = scopeOf(store.db, 'a');
    const send = (id: string, received_at: number, to: string) =>
      enqueue(
        scope,
        {
          id,
          direction: 'out',
          kind: 'message',
          bytes: Buffer.from('m'),
          envelope_from: 'A@a.example',
          received_at,
          internet_id: null,
          delivery_requested: 0,
          follows: null,
        },
        [
          {
            address: to,
            written: to,
            domain: 'b.example',
            stage: 'prepare',
            state: 'open',
            next_at: 1,
            deadline: 9,
            timer_at: null,
          },
        ],
      );
    await send('1', 10, 'b@b.example');
    await send('2', 20, 'b@b.example');
    await send('3', 30, 'c@b.example');
    await send('4', 5, 'old@b.example');
    expect(await correspondence(scope, 10, 9)).toEqual([
      { from: 'a@a.example', to: 'b@b.example', direction: 'out', messages: 2, last: 20 },
      { from: 'a@a.example', to: 'c@b.example', direction: 'out', messages: 1, last: 30 },
    ]);
    expect(await correspondence(scopeOf(store.db, 'b'), 0, 9)).toEqual([]);
  });
});

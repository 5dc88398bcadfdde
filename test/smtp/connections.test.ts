import { describe, expect, it } from 'vitest';
import { trackConnections } from '../../src/smtp/connections.ts';

/** Connections of peers in the order of their names: `a1` is the first of `a`. */
function tracked(limits: { connections: number; connectionsPerPeer: number }) {
  let now = 0;
  const dismissed: string[] = [];
  const connections = trackConnections({ mono: () => now }, { ...limits, patienceMs: 10 });
  const open = (name: string) =>
    connections.opened(name[0]!, { dismiss: (why) => dismissed.push(`${name}: ${why.slice(0, 5)}`) });
  return { connections, open, dismissed, pass: (ms: number) => (now += ms) };
}

describe('a full receiver', () => {
  it('dismisses who came no further for longest', () => {
    const { connections, open, dismissed, pass } = tracked({ connections: 3, connectionsPerPeer: 9 });
    const a1 = open('a1');
    open('b1');
    open('a2');
    pass(5);
    a1.progress();
    pass(6);
    expect(connections.room('c')).toBe(true);
    expect(dismissed).toEqual(['b1: 4.3.2']);
    open('c1');
    expect(connections.room('c')).toBe(true);
    expect(dismissed).toEqual(['b1: 4.3.2', 'a2: 4.3.2']);
  });

  it('turns a new one away when all get on', () => {
    const { connections, open, dismissed, pass } = tracked({ connections: 2, connectionsPerPeer: 9 });
    open('a1');
    open('a2');
    pass(9);
    expect(connections.room('b')).toBe(false);
    expect(dismissed).toEqual([]);
  });

  it('looks at the same address only when that has too many', () => {
    const { connections, open, dismissed, pass } = tracked({ connections: 9, connectionsPerPeer: 2 });
    open('b1');
    pass(5);
    open('a1');
    open('a2');
    pass(20);
    expect([connections.room('b'), connections.room('a')]).toEqual([true, true]);
    expect(dismissed).toEqual(['a1: 4.3.2']);
  });

  it('gives room back, and closes when the last one is gone', async () => {
    const { connections, open, dismissed } = tracked({ connections: 1, connectionsPerPeer: 1 });
    open('a1').closed();
    expect(connections.room('a')).toBe(true);
    const a2 = open('a2');
    let closed = false;
    const closing = connections.dismissAll('4.3.2 bye').then(() => (closed = true));
    expect([dismissed, closed]).toEqual([['a2: 4.3.2'], false]);
    a2.closed();
    await closing;
    await connections.dismissAll('nobody is left');
  });
});

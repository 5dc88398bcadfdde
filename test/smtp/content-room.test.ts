import { describe, expect, it } from 'vitest';
import { contentRoom, SMALL_OCTETS } from '../../src/smtp/content-room.ts';
import { referenceLimits } from '../../src/smtp/limits.ts';
import { smtpReply } from '../../src/smtp/reply.ts';
import { createServerSession } from '../../src/smtp/session.ts';

const MB = 1 << 20;

/** A clock that moves when it is told to. */
function clock() {
  const timers = new Set<() => void>();
  return {
    timer(_ms: number, fire: () => void) {
      timers.add(fire);
      return () => void timers.delete(fire);
    },
    ring: () => {
      for (const fire of [...timers]) fire();
    },
    waiting: () => timers.size,
  };
}

describe('room for large content', () => {
  it('is given in the order in which it is asked for', async () => {
    const room = contentRoom(clock(), 20 * MB, 1000);
    const [a, b, c] = [room.claim(), room.claim(), room.claim()];
    const got: string[] = [];
    expect(await a.upTo(2 * MB, 12 * MB)).toBe(true);
    expect([a.has(12 * MB), a.has(13 * MB), b.has(SMALL_OCTETS)]).toEqual([true, false, true]);
    const second = b.upTo(2 * MB, 12 * MB).then(() => got.push('b'));
    // a smaller one does not overtake
    const third = c.upTo(2 * MB, 0).then(() => got.push('c'));
    await Promise.resolve();
    expect(got).toEqual([]);
    a.release();
    await Promise.all([second, third]);
    expect(got).toEqual(['b', 'c']);
  });

  it('goes first to who has begun, and to the next in line when one gives up', async () => {
    const time = clock();
    const room = contentRoom(time, 20 * MB, 1000);
    const [a, b, c] = [room.claim(), room.claim(), room.claim()];
    await a.upTo(2 * MB, 0);
    const large = b.upTo(2 * MB, 20 * MB);
    expect(await a.upTo(9 * MB, 0)).toBe(true);
    a.release();
    expect(await large).toBe(true);
    const again = a.upTo(2 * MB, 0);
    const after = c.upTo(2 * MB, 0);
    time.ring();
    expect([await again, await after]).toEqual([false, false]);
  });

  it('is there for one alone, however large', async () => {
    const room = contentRoom(clock(), 20 * MB, 1000);
    expect(await room.claim().upTo(64 * MB, 0)).toBe(true);
  });

  it('is not waited for without end, and not by one who has left', async () => {
    const time = clock();
    const room = contentRoom(time, 20 * MB, 1000);
    const [a, b, c] = [room.claim(), room.claim(), room.claim()];
    await a.upTo(2 * MB, 20 * MB);
    const late = b.upTo(2 * MB, 0);
    const left = c.upTo(2 * MB, 0);
    c.release();
    expect(await left).toBe(false);
    time.ring();
    expect([await late, time.waiting()]).toEqual([false, 0]);
    a.release();
    expect(await b.upTo(2 * MB, 0)).toBe(true);
  });
});

describe('a server without room', () => {
  const START = 'EHLO a\r\nMAIL FROM:<x@a.example>\r\nRCPT TO:<y@b.example>\r\nDATA\r\n';
  const large = Buffer.alloc(3 * MB, 'a line of content\r\n');

  function client(room: ReturnType<typeof contentRoom>) {
    const state = { output: '', held: false, stored: [] as number[] };
    const session = createServerSession({
      hostname: 'mx.b.example',
      id: 1,
      peer: { host: '10.0.0.1', port: 40000 },
      limits: referenceLimits,
      handlers: {
        onRecipient: () => undefined,
        async onMessage({ bytes }) {
          state.stored.push(bytes.length);
          return smtpReply(250, '2.6.0 Stored');
        },
      },
      port: {
        write: (text) => (state.output += text),
        end: () => undefined,
        hold: (isHeld) => (state.held = isHeld),
      },
      room,
    });
    return { session, state };
  }

  it('reads on when there is some', async () => {
    const room = contentRoom(clock(), 20 * MB, 1000);
    const other = room.claim();
    await other.upTo(2 * MB, 20 * MB);
    const { session, state } = client(room);
    await session.push(Buffer.from(START));
    await session.push(large.subarray(0, 500_000));
    expect(state.held).toBe(false);
    const rest = session.push(Buffer.concat([large.subarray(500_000), Buffer.from('\r\n.\r\n')]));
    expect([state.held, state.stored]).toEqual([true, []]);
    other.release();
    await rest;
    expect([state.held, state.stored, /^250 2\.6\.0/m.test(state.output)]).toEqual([
      false,
      [large.length + 2],
      true,
    ]);
  });

  it('asks the client to come again, stores nothing, and goes on', async () => {
    const time = clock();
    const room = contentRoom(time, 20 * MB, 1000);
    const other = room.claim();
    await other.upTo(2 * MB, 20 * MB);
    const { session, state } = client(room);
    await session.push(Buffer.from(START));
    const all = session.push(Buffer.concat([large, Buffer.from('\r\n.\r\n')]));
    await Promise.resolve();
    time.ring();
    await all;
    expect([state.stored, /^452 4\.3\.1 /m.test(state.output)]).toEqual([[], true]);
    other.release();
    state.output = '';
    await session.push(Buffer.from(`${START.replace('EHLO a\r\n', '')}small\r\n.\r\n`));
    expect([state.stored, state.output.match(/^\d+/gm)]).toEqual([[7], ['250', '250', '354', '250']]);
  });

  it('forgets one who leaves while he waits', async () => {
    const room = contentRoom(clock(), 20 * MB, 1000);
    const other = room.claim();
    await other.upTo(2 * MB, 20 * MB);
    const { session, state } = client(room);
    await session.push(Buffer.from(START));
    const all = session.push(Buffer.concat([large, Buffer.from('\r\n.\r\n')]));
    session.gone();
    await all;
    expect(state.stored).toEqual([]);
    other.release();
    expect(await room.claim().upTo(2 * MB, 20 * MB)).toBe(true);
  });
});

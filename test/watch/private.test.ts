import { expect, it } from 'vitest';
import { inWorld, NS } from './world.ts';

it('calls only addresses that are allowed, when none of them is public', () =>
  inWorld(
    async (world) => {
      const watcher = world.watcher();
      const [look] = await watcher.round();
      await watcher.stop();
      // the resolver is ours and is asked; the second name server, the mail server and the web server are strangers’
      expect([...world.called].filter((one) => !one.startsWith(NS[0]))).toEqual([]);
      expect(look).toMatchObject({
        seen: {
          discovery: { state: 'found' },
          lists: [{ state: 'unreachable', why: expect.stringContaining('is not called') }],
          servers: [{ server: NS[0] }, { server: NS[1], error: expect.any(String) }],
          mail: {
            state: 'found',
            hosts: [{ open: false, said: expect.stringContaining('a private address, which is not called') }],
          },
        },
      });
    },
    () => false,
  ));

it('calls them when they are allowed', () =>
  inWorld(async (world) => {
    const watcher = world.watcher();
    await watcher.round();
    await watcher.stop();
    expect([...world.called].sort()).toEqual(
      [`${NS[0]}:53`, `${NS[1]}:53`, '10.0.0.25:25', '10.0.0.80:80'].sort(),
    );
  }));

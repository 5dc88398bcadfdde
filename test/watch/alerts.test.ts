import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { createPost } from '../../src/http/post.ts';
import { displayMessage } from '../../src/mail/display.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { watchAlerts } from '../../src/store/watch.ts';
import type { Alert, Channel } from '../../src/watch/alert.ts';
import { alertMail } from '../../src/watch/alert.ts';
import { signatureOf, webhook } from '../../src/watch/webhook.ts';
import { peer } from '../interop/peers.ts';
import { leaf } from '../trust/fixtures.ts';
import { DOMAIN, HOUR, inWorld, START, type WatchWorld } from './world.ts';

const SECRET = 'a secret that both sides know, long enough';

const hook = (world: WatchWorld, allowPrivate = true, url = 'http://hook.example/alerts'): Channel =>
  webhook(world.host, {
    url,
    secret: SECRET,
    post: createPost(world.host, {
      resolve: async () => ['10.0.0.90'],
      allowPrivate: () => allowPrivate,
    }),
  });

const alerts = (world: WatchWorld) => watchAlerts(scopeOf(world.store().db, 'watch'), DOMAIN, 9);

/** Looks, changes the certificate, looks again. */
async function change(world: WatchWorld, channels: readonly Channel[]): Promise<void> {
  const watcher = world.watcher({ channels });
  await watcher.round();
  world.published.certificates = [leaf()];
  await world.sleep(HOUR);
  await watcher.round();
  await watcher.stop();
}

it('posts each alert once, signed, over restarts', () =>
  inWorld(async (world) => {
    await change(world, [hook(world)]);
    expect(world.posts).toHaveLength(1);
    for (let n = 0; n < 3; n++) {
      await world.reopen();
      const watcher = world.watcher({ channels: [hook(world)] });
      await watcher.start();
      await world.sleep(2 * HOUR);
      await watcher.stop();
    }
    expect(world.posts).toHaveLength(1);
    const { headers, body, method, url } = world.posts[0]!;
    expect([method, url, headers['content-type']]).toEqual(['POST', '/alerts', 'application/json']);
    const timestamp = headers['anchorage-timestamp']!;
    expect(Number(timestamp) * 1000).toBe(START + HOUR);
    const mac = createHmac('sha256', SECRET).update(timestamp).update('.').update(body!).digest('hex');
    expect(headers['anchorage-signature']).toBe(`v1=${mac}`);
    const told = JSON.parse(Buffer.from(body!).toString());
    expect(told).toMatchObject({
      schema: 1,
      id: headers['anchorage-alert'],
      domain: DOMAIN,
      events: [{ kind: 'certificate-changed', severity: 'warn', over: false }],
    });
    expect(world.lines).toEqual([]);
  }));

it('tries again while the receiver does not take it, also after a restart, and then no more', () =>
  inWorld(async (world) => {
    world.published.hook = 500;
    await change(world, [hook(world)]);
    expect(world.posts).toHaveLength(1);
    await world.reopen();
    const watcher = world.watcher({ channels: [hook(world)], intervalMs: 100 * HOUR });
    await watcher.start();
    await world.sleep(7 * 60_000);
    expect(world.posts).toHaveLength(3);
    world.published.hook = 204;
    await world.sleep(48 * HOUR);
    await watcher.stop();
    expect(world.posts).toHaveLength(4);
    expect(new Set(world.posts.map(({ headers }) => headers['anchorage-alert'])).size).toBe(1);
    // each attempt is signed for its own time
    expect(new Set(world.posts.map(({ headers }) => headers['anchorage-signature'])).size).toBe(4);
    expect((await alerts(world)).map(({ attempts, next_at }) => [attempts, next_at])).toEqual([[4, null]]);
  }));

it('gives up after a day and a half, and says so', () =>
  inWorld(async (world) => {
    world.published.hook = 500;
    await change(world, [hook(world)]);
    const watcher = world.watcher({ channels: [hook(world)], intervalMs: 1000 * HOUR });
    await watcher.start();
    await world.sleep(72 * HOUR);
    await watcher.stop();
    expect(world.posts).toHaveLength(9);
    expect(world.lines).toEqual([expect.stringMatching(/could not be brought by webhook .*: status 500$/)]);
  }));

it('posts nothing to an address that is not public, unless that is allowed', () =>
  inWorld(async (world) => {
    await change(world, [hook(world, false), hook(world, false, 'http://127.0.0.1/alerts')]);
    expect(world.posts).toEqual([]);
    expect([...world.called].filter((one) => /10\.0\.0\.90|127\./.test(one))).toEqual([]);
    expect((await alerts(world)).map(({ why }) => why)).toEqual([
      expect.stringMatching(/is not called: 10\.0\.0\.90 is private|127\.0\.0\.1 is loopback/),
      expect.stringMatching(/is not called: 10\.0\.0\.90 is private|127\.0\.0\.1 is loopback/),
    ]);
  }));

it('follows no redirect: what is posted goes to nobody else', () =>
  inWorld(async (world) => {
    world.published.hook = 307;
    await change(world, [hook(world)]);
    expect(world.posts).toHaveLength(1);
    expect((await alerts(world))[0]!.why).toBe('status 307');
  }));

it('one channel that fails keeps nothing from another', () =>
  inWorld(async (world) => {
    const got: Alert[] = [];
    const mailbox: Channel = {
      name: 'mailbox',
      wants: ({ kind }) => kind === 'certificate-changed',
      async send(alert) {
        got.push(alert);
        return { ok: true };
      },
    };
    world.published.hook = 500;
    await change(world, [hook(world), mailbox]);
    expect(got).toHaveLength(1);
    const { subject, text } = displayMessage(alertMail(got[0]!, 'watch@a.example', ['ops@a.example']));
    expect(subject).toBe('b.example: The certificates changed');
    expect(text).toContain('What to do: Nothing, when the change was meant');
  }));

it('looks at one domain at most once at a time, and at so many at once', () =>
  inWorld(async (world) => {
    let now = 0;
    let most = 0;
    const domains = Array.from({ length: 9 }, (_, n) => ({
      domain: `d${n}.example`,
      kind: 'partner' as const,
      address: `d${n}.example`,
      eyes: [],
    }));
    const looked: string[] = [];
    const watcher = world.watcher({
      domains,
      concurrency: 3,
      async observe({ domain }) {
        looked.push(domain);
        most = Math.max(most, ++now);
        await world.sleep(1000);
        now--;
        if (domain === 'd4.example') throw new TypeError('broken');
        return {
          domain,
          at: world.host.now(),
          ms: 0,
          discovery: { state: 'unknown', certificates: [] },
          directories: [],
          trust: [],
          lists: [],
          servers: [],
          mail: { state: 'unknown', byMx: false, hosts: [] },
        };
      },
    });
    const [first] = await Promise.all([watcher.round(), watcher.round(), watcher.look('d1.example')]);
    await watcher.stop();
    expect(most).toBe(3);
    expect(looked).toHaveLength(9);
    expect(first.filter((look) => 'failed' in look)).toEqual([{ domain: 'd4.example', failed: 'broken' }]);
    expect(world.lines).toEqual([expect.stringContaining('TypeError: broken')]);
  }));

it.skipIf(!peer('openssl'))('openssl makes the same signature of timestamp, full stop and body', () => {
  const body = Buffer.from('{"schema":1,"domain":"b.example"}');
  const input = Buffer.concat([Buffer.from('1767625200.'), body]);
  const said = execFileSync(peer('openssl')!, ['dgst', '-sha256', '-hmac', SECRET], { input }).toString();
  expect(signatureOf(SECRET, '1767625200', body)).toBe(`v1=${said.trim().split('= ').at(-1)}`);
});

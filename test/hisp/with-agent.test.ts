import { afterEach, describe, expect, it } from 'vitest';
import { open } from '../../src/agent/inbound.ts';
import { prepare } from '../../src/agent/outbound.ts';
import { readDsn } from '../../src/mail/dsn.ts';
import { community } from './identities.ts';
import { EPOCH, letter, MINUTE, sleep, type TestNetwork, testNetwork } from './network.ts';

const WEB = '10.0.0.80';
const trust = community(EPOCH, WEB);
const agent = { prepare, open };
let net: TestNetwork;
afterEach(() => net.network.close());

/** Alice writes to `to`; gives what is in the mailboxes after two minutes (or as told). */
async function correspond(
  to: readonly string[],
  o: { revoked?: boolean; requested?: boolean; minutes?: number } = {},
) {
  net = testNetwork([...trust.records('a', '10.0.0.1'), ...trust.records('b', '10.0.0.2')]);
  const web = net.network.host('web', { addresses: [WEB] });
  const [a, b] = [net.hisp('a', trust.config('a'), agent), net.hisp('b', trust.config('b'), agent)];
  return net.run(async () => {
    const lists = await trust.serveLists(web, o.revoked ? [trust.leaves.b] : []);
    await a.start();
    await b.start();
    const bytes = letter('alice@a.example', to, { requested: o.requested ?? false });
    const { id } = await a.submit({ from: 'alice@a.example', to, bytes });
    await sleep(net.host('a'), (o.minutes ?? 2) * MINUTE);
    const own = await a.mailbox('alice@a.example');
    const result = {
      bytes,
      states: (await a.tracking(id))!.recipients.map(({ written, state }) => `${written} ${state}`),
      own: await Promise.all(own.map(async (item) => (await a.read(item.id))!)),
      theirs: await Promise.all(
        (await b.mailbox('bob@b.example')).map(async (item) => (await b.read(item.id))!),
      ),
    };
    await a.stop();
    await b.stop();
    await lists.close();
    return result;
  });
}

describe('two HISPs with keys, DNS and revocation lists', () => {
  it('a message arrives, and its processed notice, both signed and encrypted', async () => {
    const { bytes, states, own, theirs } = await correspond(['bob@b.example']);
    expect(states).toEqual(['bob@b.example processed']);
    expect(own).toEqual([]);
    expect(theirs.map((one) => Buffer.from(one.bytes).toString())).toEqual([Buffer.from(bytes).toString()]);
    const wire = net.events.filter(({ kind, dir, blob }) => kind === 'smtp' && dir === 'in' && blob);
    expect(wire).toHaveLength(2);
    for (const { blob } of wire) {
      const text = Buffer.from(blob!).toString('latin1');
      expect(text).toMatch(/Content-Type: application\/pkcs7-mime/i);
      expect(text).not.toMatch(/Referral|Hello\.|Reporting-UA/);
    }
    expect(wire.map(({ summary }) => (summary as { mailFrom: string }).mailFrom)).toEqual([
      'alice@a.example',
      'bob@b.example',
    ]);
  });

  it('what DNS said is asked again when its time is over, or when it is to be forgotten', async () => {
    net = testNetwork([...trust.records('a', '10.0.0.1'), ...trust.records('b', '10.0.0.2')]);
    const web = net.network.host('web', { addresses: [WEB] });
    const [a, b] = [net.hisp('a', trust.config('a'), agent), net.hisp('b', trust.config('b'), agent)];
    const asked = () =>
      ['MX', 'CERT'].map(
        (wanted) =>
          net.events.filter(({ kind, dir, summary }) => {
            const { name, type } = summary as { name?: string; type?: string };
            return kind === 'dns' && dir === 'out' && name === 'b.example' && type === wanted;
          }).length,
      );
    await net.run(async () => {
      const lists = await trust.serveLists(web, []);
      await a.start();
      await b.start();
      const to = ['bob@b.example'];
      const send = async (): Promise<number[]> => {
        const { id } = await a.submit({
          from: 'alice@a.example',
          to,
          bytes: letter('alice@a.example', to, { requested: false }),
        });
        await sleep(net.host('a'), MINUTE / 3);
        expect((await a.tracking(id))!.recipients[0]!.state).toBe('processed');
        return asked();
      };
      expect(await send()).toEqual([1, 1]);
      expect(await send()).toEqual([1, 1]);
      a.flush();
      expect(await send()).toEqual([2, 2]);
      await sleep(net.host('a'), 60 * MINUTE);
      expect(await send()).toEqual([3, 3]);
      await a.stop();
      await b.stop();
      await lists.close();
    });
  });

  it('with the option the dispatched notice follows', async () => {
    const { states, own } = await correspond(['bob@b.example'], { requested: true });
    expect(states).toEqual(['bob@b.example dispatched']);
    expect(own.map(({ item }) => item.kind)).toEqual(['mdn']);
  });

  it('between neighbours of one HISP', async () => {
    const { states } = await correspond(['bob@a.example']);
    expect(states).toEqual(['bob@a.example processed']);
  });

  it('an unknown address at the other end: a protected notice', async () => {
    const { states, own } = await correspond(['nobody@b.example', 'bob@b.example']);
    expect(states).toEqual(['bob@b.example processed', 'nobody@b.example failed']);
    expect(
      own.map((one) => readDsn(one.bytes)!.recipients.map(({ status, reason }) => `${status} ${reason}`)),
    ).toEqual([['5.1.1 notification.failed-by-peer']]);
  });

  it('a revoked certificate: nothing leaves, the sender reads why', async () => {
    const { states, own, theirs } = await correspond(['bob@b.example'], { revoked: true });
    expect(states).toEqual(['bob@b.example failed']);
    expect(theirs).toEqual([]);
    const [notice] = own;
    expect(readDsn(notice!.bytes)).toMatchObject({
      recipients: [{ status: '5.7.5', reason: 'cert.revoked', recipient: 'bob@b.example' }],
      text: expect.stringContaining('was revoked on 2026-01-04'),
    });
    expect(net.events.filter(({ kind }) => kind === 'smtp')).toEqual([]);
  });
});

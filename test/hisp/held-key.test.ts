import { afterEach, describe, expect, it } from 'vitest';
import { open } from '../../src/agent/inbound.ts';
import { prepare } from '../../src/agent/outbound.ts';
import { createSigner } from '../../src/custody/signer-client.ts';
import { serveSigner } from '../../src/custody/signer-server.ts';
import type { HispKey } from '../../src/hisp/config.ts';
import { readKeyUses } from '../../src/store/key-use.ts';
import { openStore } from '../../src/store/open.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { community } from './identities.ts';
import { EPOCH, letter, MINUTE, sleep, type TestNetwork, testNetwork } from './network.ts';

const WEB = '10.0.0.80';
const VAULT = { host: '10.0.0.90', port: 7070 };
const trust = community(EPOCH, WEB);
const agent = { prepare, open };
let net: TestNetwork;
afterEach(() => net.network.close());

/** Alice's and Bob's HISPs, whose keys lie in a signer on a machine of its own. */
async function correspond(o: { awayMinutes: number; minutes: number }) {
  net = testNetwork([...trust.records('a', '10.0.0.1'), ...trust.records('b', '10.0.0.2')]);
  const web = net.network.host('web', { addresses: [WEB] });
  const vault = net.network.host('vault', { addresses: [VAULT.host] });
  const used: string[] = [];
  const serve = () =>
    serveSigner(vault, {
      at: VAULT,
      keys: (['a', 'b'] as const).map((name) => ({ name, privateKey: trust.leaves[name].key.privateKey })),
      used: ({ op, key }) => used.push(`${op} ${key}`),
    });
  return net.run(async () => {
    const lists = await trust.serveLists(web);
    let listener = await serve();
    const signers = (['a', 'b'] as const).map((name) => createSigner(net.host(name), { at: VAULT }));
    const config = async (name: 'a' | 'b', index: 0 | 1) => {
      const { keys, ...rest } = trust.config(name);
      const held = await signers[index]!.key(name);
      return { ...rest, keys: (keys as HispKey[]).map((key) => ({ ...key, privateKey: held })) };
    };
    const store = await openStore(net.host('a'), { file: ':memory:' });
    const a = net.hisp('a', { ...(await config('a', 0)), store }, agent);
    const b = net.hisp('b', await config('b', 1), agent);
    await a.start();
    await b.start();
    if (o.awayMinutes > 0) await listener.close();
    const bytes = letter('alice@a.example', ['bob@b.example']);
    const { id } = await a.submit({ from: 'alice@a.example', to: ['bob@b.example'], bytes });
    const state = async () => (await a.tracking(id))!.recipients.map((one) => one.state);
    if (o.awayMinutes > 0) {
      await sleep(net.host('a'), o.awayMinutes * MINUTE);
      expect({ state: await state(), used }).toEqual({ state: ['open'], used: [] });
      listener = await serve();
    }
    await sleep(net.host('a'), o.minutes * MINUTE);
    const counted = (await readKeyUses(scopeOf(store.db, 'a'))).map(
      ({ operation, count, day }) => `${day} ${operation} ${count}`,
    );
    const result = { state: await state(), theirs: await b.mailbox('bob@b.example'), counted };
    await a.stop();
    await b.stop();
    for (const signer of signers) signer.close();
    await lists.close();
    await listener.close();
    await store.close();
    return { ...result, used };
  });
}

describe('a HISP whose keys an external signer holds', () => {
  it('sends, receives and confirms', async () => {
    const { state, theirs, used, counted } = await correspond({ awayMinutes: 0, minutes: 2 });
    expect(state).toEqual(['processed']);
    expect(theirs).toHaveLength(1);
    expect(used).toEqual(['sign a', 'decrypt b', 'sign b', 'decrypt a']);
    expect(counted).toEqual(['2026-01-05 decrypt 1', '2026-01-05 sign 1']);
  });

  it('keeps mail while the signer is away, and sends it when it is back', async () => {
    const { state, theirs } = await correspond({ awayMinutes: 3, minutes: 20 });
    expect(state).toEqual(['processed']);
    expect(theirs).toHaveLength(1);
  });
});

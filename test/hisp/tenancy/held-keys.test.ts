import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSigner } from '../../../src/custody/signer-client.ts';
import { serveSigner } from '../../../src/custody/signer-server.ts';
import { keysOf } from '../../../src/hisp/members.ts';
import { openHeldKeys } from '../../../src/hisp/tenancy/held-keys.ts';
import type { Addr } from '../../../src/net/host.ts';
import { realHost } from '../../../src/net/real.ts';
import { signatureAlgorithm, verifySignature } from '../../../src/pki/algorithms.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { isHeld } from '../../../src/pki/private-key.ts';
import { putIdentity } from '../../../src/store/identities.ts';
import { openStore, type Store } from '../../../src/store/open.ts';
import { type Scope, scopeOf } from '../../../src/store/scope.ts';
import { leaf, root } from '../../pki/fixtures.ts';

const host = realHost({ name: 'test' });
const quiet = { hold: <T>(work: Promise<T>) => work };
const seal = new Uint8Array(32);
const ca = root('Anchor');
const [bob, eve] = [
  leaf(ca, 'bob@d.example'),
  leaf(ca, 'eve@d.example', { key: keyPool.take('rsa2048', 1) }),
];
const closers: (() => unknown)[] = [];
let store: Store;
let scope: Scope;
let told: string[];

const serve = async (at: Addr = { host: '127.0.0.1', port: 0 }) => {
  const listener = await serveSigner(host, {
    at,
    keys: [{ name: 'whatever', privateKey: bob.key.privateKey }],
  });
  closers.push(() => listener.close());
  return listener;
};
const held = async (at: Addr) => {
  const signer = createSigner(host, { at, timeoutMs: 5000 });
  closers.push(signer.close);
  return openHeldKeys(scope, signer, (line) => told.push(line));
};

beforeEach(async () => {
  told = [];
  store = await openStore(quiet, { file: ':memory:' });
  scope = scopeOf(store.db, 'h');
  const row = { purpose: 'dual', state: 'active' } as const;
  await putIdentity(scope, seal, { ...row, owner: 'bob@d.example', der: bob.certificate.der });
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await store.close();
});

const DATA = Buffer.from('to sign');
const signs = async ({ keys }: Awaited<ReturnType<typeof held>>): Promise<boolean> => {
  const [key] = keys();
  if (!key || !isHeld(key.privateKey)) return false;
  const algorithm = signatureAlgorithm(key.privateKey.publicKey);
  const signature = await key.privateKey.sign(algorithm, DATA);
  return verifySignature(algorithm, DATA, signature, key.privateKey.publicKey);
};

describe('keys that an external signer holds', () => {
  it('are found by their public key', async () => {
    const found = await held((await serve()).addr);
    expect(found.keys()).toMatchObject([{ owner: 'bob@d.example', purpose: 'dual', state: 'active' }]);
    expect(await signs(found)).toBe(true);
    expect(keysOf(found.keys, 'bob@d.example', 'sign')).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it('are left out when the signer does not hold them, and where the key is here', async () => {
    const row = { purpose: 'dual', state: 'active' } as const;
    await putIdentity(scope, seal, { ...row, owner: 'eve@d.example', der: eve.certificate.der });
    const { addr } = await serve();
    const found = await held(addr);
    expect(found.keys().map(({ owner }) => owner)).toEqual(['bob@d.example']);
    expect(told).toEqual(['the signer holds the keys of 1 of 2 certificates that have none here']);
    const { privateKey } = bob.key;
    await putIdentity(scope, seal, { ...row, owner: 'bob@d.example', der: bob.certificate.der, privateKey });
    await found.reload();
    expect(found.keys()).toEqual([]);
  });

  it('count while the signer is away, and sign when it is back', async () => {
    const first = await serve();
    const at = first.addr;
    await first.close();
    const found = await held(at);
    expect(found.keys()).toHaveLength(1);
    expect(told).toEqual([expect.stringMatching(/cannot be reached.*mail that needs its keys waits$/)]);
    await expect(signs(found)).rejects.toMatchObject({ name: 'CustodyError', code: 'unreachable' });
    await serve(at);
    expect(await signs(found)).toBe(true);
  });
});

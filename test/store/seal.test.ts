import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { realHost } from '../../src/net/real.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { putIdentity, readIdentities, resealIdentities } from '../../src/store/identities.ts';
import { openStore } from '../../src/store/open.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { changeSealKey, openPrivateKey, sealKey, sealPrivateKey } from '../../src/store/seal.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-seal-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { privateKey } = keyPool.take('p256', 0);

describe('sealing keys at rest', () => {
  it('opens under its own name and key alone', () => {
    const seal = sealKey(join(folder, 'one'));
    expect(statSync(join(folder, 'one')).mode & 0o077).toBe(0);
    const sealed = sealPrivateKey(seal, 'a', privateKey);
    expect(openPrivateKey(sealKey(join(folder, 'one')), 'a', sealed).equals(privateKey)).toBe(true);
    expect(() => openPrivateKey(seal, 'b', sealed)).toThrow();
    expect(() => openPrivateKey(sealKey(join(folder, 'two')), 'a', sealed)).toThrow();
    writeFileSync(join(folder, 'short'), 'AAAA\n');
    expect(() => sealKey(join(folder, 'short'))).toThrow(/expected 32 octets/);
  });

  it('is changed: the old key opens nothing any more, the new one all', async () => {
    const file = join(folder, 'changed');
    const old = sealKey(file);
    let sealed = sealPrivateKey(old, 'a', privateKey);
    await changeSealKey(file, async (seal) => {
      sealed = sealPrivateKey(seal, 'a', openPrivateKey(seal, 'a', sealed));
    });
    expect(sealKey(file)).toHaveLength(32);
    expect(openPrivateKey(sealKey(file), 'a', sealed).equals(privateKey)).toBe(true);
    expect(() => openPrivateKey(old, 'a', sealed)).toThrow();
  });

  it.each([0, 1, 2, 3])(
    'stopped after %i of 3 keys: all open, and the next change finishes',
    async (stop) => {
      const file = join(folder, `stopped-${stop}`);
      const kept = ['a', 'b', 'c'].map((name) => ({
        name,
        sealed: sealPrivateKey(sealKey(file), name, privateKey),
      }));
      const reseal = (until: number) => async (seal: Uint8Array) => {
        for (const [index, one] of kept.entries()) {
          if (index === until) throw new Error('killed');
          one.sealed = sealPrivateKey(seal, one.name, openPrivateKey(seal, one.name, one.sealed));
        }
        if (until === kept.length) throw new Error('killed');
      };
      await expect(changeSealKey(file, reseal(stop))).rejects.toThrow('killed');
      const opens = () =>
        kept.every(({ name, sealed }) => openPrivateKey(sealKey(file), name, sealed).equals(privateKey));
      expect(opens()).toBe(true);
      await changeSealKey(file, reseal(99));
      expect(opens()).toBe(true);
      expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
    },
  );

  it('the keys of every tenant of a store, in one transaction', async () => {
    const file = join(folder, 'store');
    const store = await openStore(realHost(), { file: ':memory:' });
    const scopes = ['x', 'y'].map((tenant) => scopeOf(store.db, tenant));
    for (const scope of scopes)
      await putIdentity(scope, sealKey(file), {
        owner: 'd.example',
        purpose: 'dual',
        state: 'active',
        der: Buffer.from('certificate'),
        privateKey,
      });
    await changeSealKey(file, async (seal) => expect(await resealIdentities(store.db, seal)).toBe(2));
    for (const scope of scopes) {
      const [one] = await readIdentities(scope, sealKey(file));
      expect(one!.privateKey!.equals(privateKey)).toBe(true);
    }
    await store.close();
  });
});

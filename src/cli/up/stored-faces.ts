/**
 * What the network shows, for verbs that write it to files: read from the stores as `up` reads them, whether it runs or
 * not.
 *
 * @module
 */
import { realHost } from '../../net/real.ts';
import { openStore, type Store } from '../../store/open.ts';
import { type Scope, scopeOf } from '../../store/scope.ts';
import { sealKey } from '../../store/seal.ts';
import type { Faces } from '../demo/faces.ts';
import { SEAL } from '../demo/material.ts';
import type { OpenNetwork } from '../demo/open.ts';
import { openLive } from './live.ts';
import { seed } from './seed.ts';

/** @throws {Error} what a store said */
export async function storedFaces(opened: OpenNetwork): Promise<Faces> {
  const host = realHost({ name: 'faces' });
  const stores: Store[] = [];
  const scopes = new Map<string, Scope>();
  const seal = sealKey(opened.state.path(SEAL));
  try {
    for (const id of Object.keys(opened.network.hisps)) {
      const store = await openStore(host, { file: opened.state.path(`store/${id}.sqlite`) });
      stores.push(store);
      const scope = scopeOf(store.db, id);
      await seed(opened, id, scope, seal, host.now());
      scopes.set(id, scope);
    }
    const live = await openLive(host, opened, scopes, seal, () => undefined);
    live.stop();
    return live.faces();
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

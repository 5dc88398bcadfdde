/**
 * Where the `hisp` verbs are done: by the Anchorage that runs on the state folder, or, when none does, by the same
 * HTTP API inside this process, directly on the stores.
 *
 * @module
 */
import { memberApi } from '../../../web/api/app.ts';
import { loadConfig } from '../../config/load.ts';
import { TenancyError } from '../../hisp/tenancy/actor.ts';
import { createTenancy, type Tenancy } from '../../hisp/tenancy/tenancy.ts';
import { realHost } from '../../net/real.ts';
import { openStore, type Store } from '../../store/open.ts';
import { type Scope, scopeOf } from '../../store/scope.ts';
import { sealKey } from '../../store/seal.ts';
import { issuerOf } from '../demo/issuer.ts';
import { openNetwork } from '../demo/open.ts';
import { openState, type State } from '../demo/state.ts';
import { Failure } from '../failure.ts';
import { enrollmentSeams } from '../up/enrolling.ts';
import { answers, apiToken, clientOf, findRunning } from '../up/running.ts';
import { seed } from '../up/seed.ts';
import { version } from '../version.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface HispDesk {
  /** Ids of the HISPs of the network. */
  readonly hisps: readonly string[];
  readonly state: State;
  /** Asks `/api/v1` + path of one HISP. @throws {Failure} with what was said */
  call(hisp: string, method: Method, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** @throws {Failure} @throws {ConfigError} */
export async function openDesk(options: { readonly config?: string }): Promise<HispDesk> {
  const config = loadConfig({ file: options.config });
  const opened = openNetwork(config, realHost().now());
  const hisps = Object.keys(opened.network.hisps);
  const state = openState(config.state);
  const running = findRunning(state);
  if (running && (await answers(running))) {
    const client = clientOf(running, state);
    return {
      hisps,
      state,
      call: (hisp, method, path, body) => client.call(method, `/v1${withHisp(path, hisp)}`, body),
      close: async () => undefined,
    };
  }
  const host = realHost();
  const stores: Store[] = [];
  const tenancies: Tenancy[] = [];
  const scopes = new Map<string, Scope>();
  for (const id of hisps) {
    const store = await openStore(host, { file: state.path(`store/${id}.sqlite`) });
    stores.push(store);
    const scope = scopeOf(store.db, id);
    scopes.set(id, scope);
    const seal = sealKey(state.path('seal-key'));
    await seed(opened, id, scope, seal, host.now());
    const stopped = async (): Promise<never> => {
      throw new TenancyError(
        'conflict',
        'This needs the HISP to run. Start it in another terminal: anchorage up',
      );
    };
    const hisp = { submit: stopped, reprocess: stopped };
    const { title } = opened.network.hisps[id]!;
    const issuer = issuerOf(host, opened.network, id, opened.material.get(id)!);
    const enrollment = enrollmentSeams(host, opened, id, config, scopes);
    const changed = async (): Promise<void> => undefined;
    tenancies.push(createTenancy(host, { title, scope, seal, hisp, issuer, enrollment, changed }));
  }
  const token = apiToken(state);
  const failed: Error[] = [];
  const app = memberApi(tenancies, {
    token,
    version: version(),
    onError: (error) => void failed.push(error),
  });
  return {
    hisps,
    state,
    async call(hisp, method, path, body) {
      const answer = await app.request(`/v1${withHisp(path, hisp)}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const said: unknown = await answer.json().catch(() => undefined);
      if (answer.ok) return said;
      const [inside] = failed;
      if (inside) throw inside;
      throw new Failure((said as { detail?: string }).detail ?? `HTTP ${answer.status}`, { exitCode: 1 });
    },
    async close() {
      await Promise.all(stores.map((store) => store.close()));
    },
  };
}

const withHisp = (path: string, hisp: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}hisp=${encodeURIComponent(hisp)}`;

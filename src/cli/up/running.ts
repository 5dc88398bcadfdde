/**
 * The note in the state folder that says where a running Anchorage listens, for the verbs that talk to it.
 *
 * @module
 */
import { z } from 'zod';
import { loadConfig } from '../../config/load.ts';
import { NetError } from '../../net/host.ts';
import { realHost } from '../../net/real.ts';
import { openState, type State } from '../demo/state.ts';
import { Failure } from '../failure.ts';
import type { ConfigOptions } from '../options.ts';

const addr = z.object({ host: z.string(), port: z.int() });
const schema = z.object({
  pid: z.int(),
  web: addr,
  dns: addr,
  ldap: addr,
  /** LDAP of the directory. */
  directory: addr.optional(),
  http: addr,
  smtp: z.record(z.string(), addr),
});

export type Running = z.output<typeof schema>;

const FILE = 'running.json';
const TOKEN = 'api-token';

export const writeRunning = (state: State, running: Running): void =>
  state.write(FILE, `${JSON.stringify(running, null, 2)}\n`, 'owner');

export const clearRunning = (state: State): void => state.remove(FILE);

/** What programs on this machine show to the HTTP API. */
export const apiToken = (state: State): string => state.token(TOKEN);

/** The Anchorage that runs on this state folder; undefined when none does. */
export function findRunning(state: State): Running | undefined {
  const text = state.read(FILE);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(JSON.parse(text));
  return parsed.success && alive(parsed.data.pid) ? parsed.data : undefined;
}

/** Whether somebody listens where the note says that the pages are. */
export async function answers({ web }: Running): Promise<boolean> {
  try {
    const socket = await realHost().dial(web, { deadlineMs: 2000 });
    socket.destroy();
    return true;
  } catch (error) {
    if (error instanceof NetError) return false;
    throw error;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export interface Client {
  readonly running: Running;
  readonly state: State;
  /** @throws {Failure} with what the program said */
  call(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

/** RFC 9457 */
const apiError = z.object({ code: z.string(), detail: z.string() });

/** @throws {Failure} when nothing runs */
export function connect(options: ConfigOptions): Client {
  const config = loadConfig({ file: options.config });
  const state = openState(config.state);
  const running = findRunning(state);
  if (!running) {
    throw new Failure(`no Anchorage is running on the state folder ${config.state}`, {
      hint: 'Start one in another terminal: anchorage up',
      exitCode: 2,
    });
  }
  return clientOf(running, state);
}

/** Talks to an Anchorage that runs. */
export function clientOf(running: Running, state: State): Client {
  const host = running.web.host.includes(':') ? `[${running.web.host}]` : running.web.host;
  const base = `http://${host}:${running.web.port}/api`;
  return {
    running,
    state,
    async call(method, path, body) {
      if (!(await answers(running))) {
        throw new Failure(`Anchorage (process ${running.pid}) does not answer at ${base}`, { exitCode: 3 });
      }
      const answer = await fetch(new URL(base + path), {
        method,
        headers: { authorization: `Bearer ${apiToken(state)}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const said: unknown = await answer.json().catch(() => undefined);
      if (answer.ok) return said;
      const problem = apiError.safeParse(said);
      throw new Failure(problem.success ? problem.data.detail : `HTTP ${answer.status}`, {
        exitCode: 1,
      });
    },
  };
}

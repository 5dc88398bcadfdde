/**
 * The ways into a HISP for its users, as far as they are configured.
 *
 * @module
 */
import type { Accounts } from '../edge/accounts.ts';
import type { Submit } from '../edge/submission/parts.ts';
import { serveSubmission } from '../edge/submission/server.ts';
import type { Addr } from '../net/host.ts';
import type { SecureServerOptions } from '../net/tls.ts';
import type { ReceiverLimits } from '../smtp/limits.ts';
import { isDiskFailure } from '../store/disk-failure.ts';
import { SubmissionError, submit } from './submission.ts';
import type { World } from './world.ts';

export interface SubmissionEdge {
  /** STARTTLS, as on port 587. */
  readonly listen: readonly Addr[];
  /** TLS from the first octet, as on port 465. */
  readonly secure?: readonly Addr[];
  readonly tls: SecureServerOptions;
  readonly accounts: Accounts;
  readonly limits?: Partial<ReceiverLimits>;
}

export interface HispEdges {
  readonly submission?: SubmissionEdge;
}

export interface OpenEdges {
  readonly submission: { readonly listening: readonly Addr[]; readonly secure: readonly Addr[] };
  close(): Promise<void>;
}

/** @throws {NetError} when a port is in use; nothing stays open then */
export async function openEdges(world: World, { submission }: HispEdges): Promise<OpenEdges> {
  const open: { readonly addr: Addr; readonly secure: boolean; close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((server) => server.close()));
  };
  try {
    const places = [
      ...(submission?.listen ?? []).map((at) => ({ at, secure: false })),
      ...(submission?.secure ?? []).map((at) => ({ at, secure: true })),
    ];
    for (const { at, secure } of places) {
      const { tls, accounts, limits } = submission!;
      const server = await serveSubmission(world.host, {
        at,
        hostname: world.config.hostname,
        tls,
        implicitTls: secure,
        accounts,
        submit: submitting(world),
        parts: world.parts.submission,
        ...(limits ? { limits } : {}),
      });
      open.push({ addr: server.addr, secure, close: () => server.close() });
    }
  } catch (error) {
    await close();
    throw error;
  }
  const at = (secure: boolean): Addr[] => open.filter((one) => one.secure === secure).map(({ addr }) => addr);
  return { submission: { listening: at(false), secure: at(true) }, close };
}

/** Who it was has been judged by the edge: the HISP asks what the message is. */
const submitting =
  (world: World): Submit =>
  async (_user, mail) => {
    try {
      const { id } = await submit(world, mail);
      return { ok: true, id };
    } catch (error) {
      if (!(error instanceof SubmissionError)) throw error;
      return { ok: false, cause: error.reason, storage: isDiskFailure(error) };
    }
  };

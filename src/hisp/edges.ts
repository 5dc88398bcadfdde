/**
 * The ways into a HISP for its users, as far as they are configured.
 *
 * @module
 */
import type { Accounts } from '../edge/accounts.ts';
import { type ImapServerOptions, serveImap } from '../edge/imap/server.ts';
import { type Pop3ServerOptions, servePop3 } from '../edge/pop3/server.ts';
import type { Submit } from '../edge/submission/parts.ts';
import { serveSubmission } from '../edge/submission/server.ts';
import type { Addr } from '../net/host.ts';
import type { SecureServerOptions } from '../net/tls.ts';
import type { ReceiverLimits } from '../smtp/limits.ts';
import { isDiskFailure } from '../store/disk-failure.ts';
import { storeMailboxes } from './mailboxes.ts';
import { SubmissionError, submit } from './submission.ts';
import { mailboxFor, type World } from './world.ts';

export interface SubmissionEdge {
  /** STARTTLS, as on port 587. */
  readonly listen: readonly Addr[];
  /** TLS from the first octet, as on port 465. */
  readonly secure?: readonly Addr[];
  readonly tls: SecureServerOptions;
  readonly accounts: Accounts;
  readonly limits?: Partial<ReceiverLimits>;
}

/** Where mail is read: POP3 or IMAP. */
export interface ReadingEdge {
  /** STLS or STARTTLS, as on port 110 or 143. */
  readonly listen: readonly Addr[];
  /** TLS from the first octet, as on port 995 or 993. */
  readonly secure?: readonly Addr[];
  readonly tls: SecureServerOptions;
  readonly accounts: Accounts;
}

export interface HispEdges {
  readonly submission?: SubmissionEdge;
  readonly pop3?: ReadingEdge & { readonly limits?: Pop3ServerOptions['limits'] };
  readonly imap?: ReadingEdge & { readonly limits?: ImapServerOptions['limits'] };
}

/** Where an edge listens, with STARTTLS and with TLS from the first octet. */
export interface EdgePlaces {
  readonly listening: readonly Addr[];
  readonly secure: readonly Addr[];
}

type EdgeName = keyof HispEdges;

export interface OpenEdges extends Readonly<Record<EdgeName, EdgePlaces>> {
  close(): Promise<void>;
}

const NOWHERE: EdgePlaces = { listening: [], secure: [] };

/** What a HISP without edges has. */
export const noEdges: OpenEdges = {
  submission: NOWHERE,
  pop3: NOWHERE,
  imap: NOWHERE,
  close: async () => undefined,
};

interface Server {
  readonly addr: Addr;
  close(): Promise<void>;
}

/** @throws {NetError} when a port is in use; nothing stays open then */
export async function openEdges(world: World, { submission, pop3, imap }: HispEdges): Promise<OpenEdges> {
  const open: { readonly edge: EdgeName; readonly secure: boolean; readonly server: Server }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map(({ server }) => server.close()));
  };
  const listen = async (
    edge: EdgeName,
    places: Pick<ReadingEdge, 'listen' | 'secure'> | undefined,
    serve: (at: Addr, implicitTls: boolean) => Promise<Server>,
  ): Promise<void> => {
    for (const at of places?.listen ?? []) open.push({ edge, secure: false, server: await serve(at, false) });
    for (const at of places?.secure ?? []) open.push({ edge, secure: true, server: await serve(at, true) });
  };
  const { host, config, parts } = world;
  const { hostname } = config;
  const reading = (edge: ReadingEdge) => ({
    hostname,
    tls: edge.tls,
    accounts: edge.accounts,
    mailboxes: {
      ...storeMailboxes(world.scope, config.quotaOctets),
      behind: (address: string) => mailboxFor(world, address),
    },
    parts: parts.reading,
  });
  try {
    await listen('submission', submission, (at, implicitTls) =>
      serveSubmission(host, {
        at,
        hostname,
        tls: submission!.tls,
        implicitTls,
        accounts: submission!.accounts,
        submit: submitting(world),
        parts: parts.submission,
        ...(submission!.limits ? { limits: submission!.limits } : {}),
      }),
    );
    await listen('pop3', pop3, (at, implicitTls) =>
      servePop3(host, {
        at,
        implicitTls,
        ...reading(pop3!),
        ...(pop3!.limits ? { limits: pop3!.limits } : {}),
      }),
    );
    await listen('imap', imap, (at, implicitTls) =>
      serveImap(host, {
        at,
        implicitTls,
        ...reading(imap!),
        ...(imap!.limits ? { limits: imap!.limits } : {}),
      }),
    );
  } catch (error) {
    await close();
    throw error;
  }
  const places = (edge: EdgeName): EdgePlaces => {
    const at = (secure: boolean): Addr[] =>
      open.filter((one) => one.edge === edge && one.secure === secure).map(({ server }) => server.addr);
    return { listening: at(false), secure: at(true) };
  };
  return { submission: places('submission'), pop3: places('pop3'), imap: places('imap'), close };
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

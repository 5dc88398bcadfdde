/**
 * A reference HISP: SMTP at its front, its agent, a durable queue, mailboxes, and the books of what became of each
 * message.
 *
 * @module
 */
import { open } from '../agent/inbound.ts';
import { prepare } from '../agent/outbound.ts';
import { referenceAgent } from '../agent/reference.ts';
import type { AgentContext } from '../agent/types.ts';
import { cachingResolver } from '../dns/cache.ts';
import { createResolver, type Resolver } from '../dns/client.ts';
import { createFetcher } from '../http/fetch.ts';
import { addressKey } from '../mail/address.ts';
import type { Addr, Host } from '../net/host.ts';
import { createRevocationCache } from '../pki/revocation.ts';
import { keptConnections } from '../smtp/kept-connections.ts';
import { type SmtpReceiver, serveSmtp } from '../smtp/receiver.ts';
import { releaseLeases } from '../store/claims.ts';
import {
  type JournalEntry,
  listMailbox,
  listQuarantine,
  type MailboxItem,
  readJournal,
  readMailboxItem,
} from '../store/mailbox.ts';
import { mailboxSignal } from '../store/mailbox-signal.ts';
import { openStore, type Store } from '../store/open.ts';
import { listDeferred, messageOf, recipientsOf } from '../store/queue.ts';
import type { MessageRow, QuarantineTable, RecipientRow } from '../store/schema.ts';
import { type Scope, scopeOf } from '../store/scope.ts';
import { isSentBy } from '../store/tracking.ts';
import { anchorSets } from '../trust/anchors.ts';
import { smtpHandlers } from './acceptance.ts';
import { type HispConfig, referenceTimers } from './config.ts';
import { noEdges, type OpenEdges, openEdges } from './edges.ts';
import { type Housekeeping, startHousekeeping } from './housekeeping.ts';
import { type HispParts, hispParts } from './parts.ts';
import { type QuarantineFilter, reprocess } from './reprocess.ts';
import { steadyHost } from './steady-clock.ts';
import { type Submitted, submit } from './submission.ts';
import { startWorker, type Worker } from './worker.ts';
import { type Agent, keysOf, nodeOf, policyOf, type World } from './world.ts';

export interface Hisp {
  readonly name: string;
  /** Where SMTP listens, once started. */
  readonly listening: readonly Addr[];
  /** Where its users reach it, once started. */
  readonly edges: Omit<OpenEdges, 'close'>;
  /** Opens the store, takes up what an earlier run left, and listens. */
  start(): Promise<void>;
  /** Takes nothing more, finishes what is under way, closes the store if it is its own. */
  stop(): Promise<void>;
  /** See `submit` of `submission.ts`. @throws {SubmissionError} */
  submit(mail: {
    readonly from: string;
    readonly to: readonly string[];
    readonly bytes: Uint8Array;
  }): Promise<Submitted>;
  /** What is in the mailbox of an address, oldest first. */
  mailbox(address: string): Promise<MailboxItem[]>;
  /** One item of any mailbox, with its bytes. */
  read(id: number): Promise<{ readonly item: MailboxItem; readonly bytes: Uint8Array } | undefined>;
  /** A message of ours by our id, with the state of each recipient. */
  tracking(id: string): Promise<{ message: MessageRow; recipients: RecipientRow[] } | undefined>;
  quarantine(): Promise<Omit<QuarantineTable, 'tenant'>[]>;
  /** Incoming messages that nobody can decide about yet, with the reasons. `message` says since when. */
  deferred(): Promise<{ message: MessageRow; recipient: RecipientRow }[]>;
  /** See `reprocess` of `reprocess.ts`. */
  reprocess(filter?: QuarantineFilter): Promise<number>;
  /** Looks at once whether a list, an issuer or an anchor is back that refused messages lacked. */
  reconsider(): Promise<number>;
  /** Forgets what others said: DNS, revocation lists, issuers. The next message asks anew. */
  flush(): void;
  /** What happened, all or about one message. */
  journal(messageId?: string): Promise<JournalEntry[]>;
}

/** Revocation lists of large authorities have some 100,000 entries of 40 octets. */
const LARGEST_LIST = 16 << 20;

interface Running {
  readonly world: World;
  readonly store: Store;
  readonly worker: Worker;
  readonly housekeeping: Housekeeping;
  readonly receivers: readonly SmtpReceiver[];
  readonly edges: OpenEdges;
  readonly flush: () => void;
}

/**
 * Makes a HISP on a host. Nothing happens before `start`.
 *
 * @param parts what it is made of; the reference by default
 * @param agent the security and trust agent; ours by default
 */
export function createHisp(
  host: Host,
  config: HispConfig,
  parts: HispParts = hispParts(referenceAgent),
  agent: Agent = { prepare, open },
): Hisp {
  let running: Running | undefined;
  const now = (): Running => {
    if (!running) throw new Error(`${config.name} is not running`);
    return running;
  };
  return {
    name: config.name,
    get listening() {
      return running?.receivers.map(({ addr }) => addr) ?? [];
    },
    get edges() {
      return running?.edges ?? noEdges;
    },
    async start() {
      if (running) throw new Error(`${config.name} is running already`);
      running = await startUp(host, config, parts, agent);
    },
    async stop() {
      if (!running) return;
      const { world, receivers, edges, worker, housekeeping, store } = running;
      await Promise.all([edges.close(), ...receivers.map((receiver) => receiver.close())]);
      await Promise.all([worker.stop(), housekeeping.stop()]);
      await world.connections.close();
      running = undefined;
      if ('file' in config.store) await store.close();
    },
    submit: async (mail) => submit(now().world, mail),
    mailbox: async (address) => listMailbox(now().world.scope, addressKey(address)),
    read: async (id) => readMailboxItem(now().world.scope, id),
    async tracking(id) {
      const { scope } = now().world;
      const message = await messageOf(scope, id);
      return message && { message, recipients: await recipientsOf(scope, id) };
    },
    quarantine: async () => listQuarantine(now().world.scope),
    deferred: async () => listDeferred(now().world.scope),
    reprocess: async (filter = {}) => reprocess(now().world, filter),
    reconsider: async () => now().housekeeping.reconsider(),
    flush: () => now().flush(),
    journal: async (messageId) => readJournal(now().world.scope, messageId),
  };
}

async function startUp(host: Host, config: HispConfig, parts: HispParts, agent: Agent): Promise<Running> {
  const store = 'file' in config.store ? await openStore(host, config.store) : config.store;
  const receivers: SmtpReceiver[] = [];
  let edges: OpenEdges | undefined;
  try {
    const scope = scopeOf(store.db, config.name, mailboxSignal());
    await releaseLeases(scope, nodeOf(config));
    const resolver = cachingResolver(host, createResolver(host));
    // a search may ask in a manner of its own
    const searching = cachingResolver(host, createResolver(host, parts.discovery.resolver));
    const context = agentContext(host, config, parts, scope, { resolver, searching });
    const flush = (): void => {
      for (const one of [resolver, searching]) one.flush();
      context.cache.revocation.clear();
      context.cache.issuers.clear();
      context.cache.judged?.clear();
    };
    let worker: Worker | undefined;
    let housekeeping: Housekeeping | undefined;
    const world: World = {
      host: steadyHost(host),
      config,
      parts,
      timers: { ...referenceTimers, ...config.timers },
      scope,
      agent,
      agentContext: context,
      resolver,
      connections: keptConnections(host),
      hands: {
        reach(octets) {
          housekeeping?.wake();
          return worker?.reach(octets);
        },
      },
      nudge: () => {
        worker?.nudge();
        housekeeping?.wake();
      },
      kept: () => housekeeping?.plan(),
    };
    for (const at of config.smtp.listen) {
      const { tls, limits } = config.smtp;
      receivers.push(
        await serveSmtp(host, {
          at,
          hostname: config.hostname,
          ...smtpHandlers(world),
          ...(tls ? { tls } : {}),
          ...(limits ? { limits } : {}),
        }),
      );
    }
    edges = await openEdges(world, config.edges ?? {});
    worker = startWorker(world);
    worker.nudge();
    housekeeping = startHousekeeping(world);
    housekeeping.plan();
    return { world, store, worker, housekeeping, receivers, edges, flush };
  } catch (error) {
    await Promise.all([edges?.close(), ...receivers.map((receiver) => receiver.close())]);
    if ('file' in config.store) await store.close();
    throw error;
  }
}

/** The world as the agent sees it. Its memory of names, issuers and revocation lists is this HISP's own. */
function agentContext(
  host: Host,
  config: HispConfig,
  parts: HispParts,
  scope: Scope,
  { resolver, searching }: { readonly resolver: Resolver; readonly searching: Resolver },
): AgentContext {
  const resolve = async (name: string): Promise<string[]> => {
    const answers = await Promise.all([resolver.query(name, 'A'), resolver.query(name, 'AAAA')]);
    return answers
      .flatMap(({ records }) => records)
      .flatMap(({ data }) => (data.type === 'A' || data.type === 'AAAA' ? [data.address] : []));
  };
  return {
    host,
    fetcher: createFetcher(host, { resolve, maxBytes: LARGEST_LIST, ...config.fetch }),
    keys: (owner, purpose) => keysOf(config.keys, owner, purpose),
    anchors: typeof config.anchors === 'function' ? config.anchors : anchorSets(config.anchors),
    policy: (domain) => policyOf(config, domain),
    cache: { revocation: createRevocationCache(), issuers: new Map(), judged: new Map() },
    parts,
    resolver: searching,
    answersOurs: (messageId, address) => isSentBy(scope, messageId, address),
  };
}

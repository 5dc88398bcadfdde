/**
 * Deciding again about what was refused: when somebody asks, and by itself when a revocation list, an issuer or an
 * anchor is back (hisp-behaviour §4).
 *
 * @module
 */
import type { Cause, Code } from '../outcome/cause.ts';
import { sha256Hex } from '../store/blobs.ts';
import { listQuarantine, writeJournal } from '../store/mailbox.ts';
import { advance, recipientOf } from '../store/queue.ts';
import type { QuarantineTable } from '../store/schema.ts';
import { atomically } from '../store/scope.ts';
import { domainOf, type World } from './world.ts';

/** Which of what was refused is meant; what is left out matches all. */
export interface QuarantineFilter {
  /** Our id of the incoming message. */
  readonly messageId?: string;
  /** Recipient, or `@` and a domain; case does not matter. */
  readonly recipient?: string;
  /** First cause. */
  readonly code?: Code;
}

type Refused = Omit<QuarantineTable, 'tenant'>;

/** Puts the refused messages back into the incoming queue, to be opened and judged anew; returns how many. */
export async function reprocess(world: World, filter: QuarantineFilter): Promise<number> {
  const wanted = (await listQuarantine(world.scope)).filter((row) => matches(row, filter));
  return putBack(world, wanted);
}

function matches(row: Refused, { messageId, recipient, code }: QuarantineFilter): boolean {
  if (messageId !== undefined && row.message_id !== messageId) return false;
  if (code !== undefined && causesOf(row)[0]?.code !== code) return false;
  const to = recipient?.toLowerCase();
  return to === undefined || row.address === to || (to.startsWith('@') && row.address.endsWith(to));
}

const causesOf = ({ causes }: Refused): Cause[] => JSON.parse(causes) as Cause[];

async function putBack(world: World, rows: readonly Refused[]): Promise<number> {
  let count = 0;
  for (const { message_id, address } of rows) {
    const done = await atomically(world.scope, async (inside) => {
      const row = await recipientOf(inside, message_id, address);
      if (row?.stage !== 'ended') return false;
      const now = world.host.now();
      const again = {
        stage: 'open',
        state: 'received',
        next_at: now,
        deadline: now + world.timers.undeterminedMs,
        attempts: 0,
      } as const;
      if (!(await advance(inside, row, again))) return false;
      await inside.db
        .deleteFrom('quarantine')
        .where('tenant', '=', inside.tenant)
        .where('message_id', '=', message_id)
        .where('address', '=', address)
        .execute();
      await writeJournal(inside, { at: now, event: 'message.reprocessed', messageId: message_id, address });
      return true;
    });
    if (done) count += 1;
  }
  if (count > 0) world.nudge();
  return count;
}

/** Refusals that end when something is there again. */
const BY_SOURCE: ReadonlySet<Code> = new Set(['cert.revocation-unknown', 'trust.aia-failed']);
const BY_ANCHOR: ReadonlySet<Code> = new Set(['trust.no-path', 'trust.no-anchors', 'trust.anchor-expired']);

/** Looks whether what the decisions lacked is there. */
export interface Reconsideration {
  /** Returns how many messages went back into the queue. */
  look(): Promise<number>;
  /** Whether there is anything that a later look may change. */
  pending(): Promise<boolean>;
}

/** The first look takes every anchor for new: nobody knows what changed while the HISP was down. */
export function reconsideration(world: World): Reconsideration {
  const startedAt = world.host.now();
  /** What the anchors of a domain were, and what a URL gave, when they were looked at last. */
  const anchors = new Map<string, string>();
  const fetched = new Map<string, string>();
  const anchorsOf = (domain: string): string =>
    sha256Hex(
      world.parts
        .anchors(world.agentContext.anchors, domain, 'incoming')
        .map(({ spki }) => sha256Hex(spki))
        .sort()
        .join('\n'),
    );
  const young = async (): Promise<Refused[]> => {
    const from = world.host.now() - world.timers.keepMs;
    return (await listQuarantine(world.scope)).filter((row) => row.at > from);
  };
  const lacksAnchor = (row: Refused): boolean => causesOf(row).some(({ code }) => BY_ANCHOR.has(code));

  /** Whether the URL gives something that it did not give the last time. */
  async function isBack(url: string): Promise<boolean> {
    const result = await world.agentContext.fetcher.get(url);
    if (!result.ok) return false;
    const digest = sha256Hex(result.body);
    if (fetched.get(url) === digest) return false;
    fetched.set(url, digest);
    return true;
  }

  return {
    async look() {
      const rows = await young();
      const back = new Set<Refused>();
      for (const row of rows.filter(lacksAnchor)) {
        const domain = domainOf(row.address);
        const before = anchors.get(domain);
        if (before === undefined ? row.at < startedAt : before !== anchorsOf(domain)) back.add(row);
      }
      for (const domain of domainsOf(rows)) anchors.set(domain, anchorsOf(domain));
      for (const [url, those] of Map.groupBy(rows, sourceOf)) {
        if (url !== undefined && (await isBack(url))) for (const row of those) back.add(row);
      }
      return putBack(world, [...back]);
    },
    async pending() {
      const rows = await young();
      for (const domain of domainsOf(rows.filter(({ at }) => at >= startedAt))) {
        if (!anchors.has(domain)) anchors.set(domain, anchorsOf(domain));
      }
      return rows.some((row) => lacksAnchor(row) || sourceOf(row) !== undefined);
    },
  };
}

const domainsOf = (rows: readonly Refused[]): Set<string> =>
  new Set(rows.map(({ address }) => domainOf(address)));

/** The list or the issuer that could not be had. */
function sourceOf(row: Refused): string | undefined {
  const lacked = causesOf(row).find(({ code }) => BY_SOURCE.has(code));
  return lacked && 'url' in lacked.params && lacked.params.url !== '' ? lacked.params.url : undefined;
}

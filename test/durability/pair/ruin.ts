/**
 * Two HISPs write to each other while one or the other is killed, again and again; then both are left in peace, and
 * their stores are asked what became of every message that was acknowledged.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { displayMessage } from '../../../src/mail/display.ts';
import { readDsn } from '../../../src/mail/dsn.ts';
import { readEntity } from '../../../src/mail/entity.ts';
import { readMdn } from '../../../src/mail/mdn.ts';
import { seededRandom } from '../../../src/net/random.ts';
import { realHost } from '../../../src/net/real.ts';
import { getBlob } from '../../../src/store/blobs.ts';
import { openStore } from '../../../src/store/open.ts';
import { scopeOf } from '../../../src/store/scope.ts';
import { handIn } from './hand-in.ts';
import { markOf, type Wanted } from './letters.ts';
import { type Life, type PairWorld, pairWorld, SIDES, type Side } from './world.ts';

export interface RuinOptions {
  readonly kills: number;
  /** At least so many are acknowledged. */
  readonly messages: number;
  readonly seed: string;
  readonly onProgress?: (kills: number, messages: number) => void;
}

/** What was found; every list is empty when all is well. */
export interface Ruin {
  readonly kills: number;
  readonly acknowledged: number;
  /** Those of them that a mail program handed in by SMTP, and was told 250 for. */
  readonly byMail: number;
  /** Made by a process that died before it could say so; they count like the others. */
  readonly unsaid: number;
  readonly lost: readonly string[];
  readonly corrupt: readonly string[];
  /** Delivered to the user more than once. */
  readonly twice: readonly string[];
  readonly noOutcome: readonly string[];
  /** Recipients of whom the sender was told more or less than once. */
  readonly toldWrongly: readonly string[];
  /** Arrivals of what was there already, hidden from the user. */
  readonly duplicates: number;
  /** Recipients by what became of them. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Retries of 30 s come after 1.5 s, timers of an hour after 3 minutes. */
const HASTE = 20;
const IN_FLIGHT = 3;
const host = realHost({ resolvers: [] });
const sleep = (ms: number) => new Promise<void>((resolve) => void host.timer(ms, resolve));

export async function ruin(options: RuinOptions): Promise<Ruin> {
  const started = host.mono();
  const world = await pairWorld(HASTE);
  try {
    const wanted = new Map<string, Wanted>();
    /** Whether a mail program handed it in, by id. */
    const acknowledged = new Map<string, boolean>();
    await killing(world, options, wanted, acknowledged);
    await peace(world);
    const found = await inspect(world, wanted, acknowledged);
    return { ...found, kills: options.kills, seconds: (host.mono() - started) / 1000 };
  } finally {
    await world.close();
  }
}

async function killing(
  world: PairWorld,
  { kills, messages, seed, onProgress }: RuinOptions,
  wanted: Map<string, Wanted>,
  acknowledged: Map<string, boolean>,
): Promise<void> {
  const random = seededRandom(seed);
  const lives = new Map<Side, Life>();
  for (const side of SIDES) lives.set(side, await world.start(side));
  let busy = true;
  let number = 0;
  let startMs = 500;
  let goal = messages / kills;
  /** Every second writer is a mail program: what it was told 250 for counts. */
  const writer = async (side: Side, byMail: boolean): Promise<void> => {
    while (busy) {
      // no more than what this death is for: a start takes its time, and the other side would write on and on
      if (acknowledged.size >= goal + IN_FLIGHT) {
        await sleep(2);
        continue;
      }
      const one = next(side, number++, random);
      wanted.set(one.id, one);
      const answer = byMail
        ? await handIn(world.config[side].submission, one)
        : await lives.get(side)?.ask<{ submitted: string }>({ submit: one });
      if (answer) acknowledged.set(one.id, byMail);
      else await sleep(20);
    }
  };
  const writers = SIDES.flatMap((side) =>
    Array.from({ length: IN_FLIGHT }, (_, index) => writer(side, index % 2 === 0)),
  );
  for (let killed = 0; killed < kills; killed++) {
    const victim = random.int(2) === 0 ? 'a' : 'b';
    goal = ((killed + 1) * messages) / kills;
    while (acknowledged.size < goal) await sleep(1);
    // at once, or when both had the time for their queues: where a start takes long, they would hardly ever meet
    await sleep(random.int(2) === 0 ? random.int(30) : random.int(2 * startMs));
    await lives.get(victim)!.kill();
    const dead = host.mono();
    lives.set(victim, await world.start(victim));
    startMs = Math.ceil(host.mono() - dead);
    onProgress?.(killed + 1, acknowledged.size);
  }
  busy = false;
  await Promise.all(writers);
  for (const life of lives.values()) await life.kill();
}

function next(side: Side, number: number, random: ReturnType<typeof seededRandom>): Wanted {
  const other = side === 'a' ? 'b' : 'a';
  // one in eight has a recipient whom nobody can find, too
  const to = [`user@${other}.example`, ...(random.int(8) === 0 ? ['ghost@c.example'] : [])];
  const octets = 200 + random.int(4000);
  return { id: `m${number}`, from: `user@${side}.example`, to, octets, requests: random.int(3) === 0 };
}

/** Both live on until nothing is queued and nothing is waited for. */
async function peace(world: PairWorld): Promise<void> {
  const lives = await Promise.all(SIDES.map((side) => world.start(side)));
  for (let quiet = 0; quiet < 3; ) {
    await sleep(200);
    const counts = await Promise.all(
      lives.map((life) =>
        life.ask<{ queued: number; rows: { state: string; kind: string; direction: string }[] }>({
          count: true,
        }),
      ),
    );
    const open = counts.some(
      (one) =>
        !one ||
        one.queued > 0 ||
        one.rows.some(
          ({ state, kind, direction }) => direction === 'out' && kind === 'message' && state === 'open',
        ),
    );
    quiet = open ? 0 : quiet + 1;
  }
  for (const life of lives) await life.stop();
}

async function inspect(
  world: PairWorld,
  wanted: ReadonlyMap<string, Wanted>,
  acknowledged: ReadonlyMap<string, boolean>,
): Promise<Omit<Ruin, 'kills' | 'seconds'>> {
  const stores = {
    a: await openStore(host, { file: world.config.a.store }),
    b: await openStore(host, { file: world.config.b.store }),
  };
  const lost: string[] = [];
  const corrupt: string[] = [];
  const twice: string[] = [];
  const noOutcome: string[] = [];
  const toldWrongly: string[] = [];
  const outcomes: Record<string, number> = {};
  let duplicates = 0;
  let made = 0;
  for (const side of SIDES) {
    const { db } = stores[side];
    const here = await delivered(stores[side === 'a' ? 'b' : 'a'].db, side === 'a' ? 'b' : 'a');
    const told = await toldTo(db, side);
    const rows = await db
      .selectFrom('recipient')
      .innerJoin('message', 'message.id', 'recipient.message_id')
      .select(['message.internet_id', 'recipient.address', 'recipient.state', 'recipient.causes'])
      .where('message.direction', '=', 'out')
      .where('message.kind', '=', 'message')
      .execute();
    const sent = new Set(rows.map(({ internet_id }) => internet_id!.split('@')[0]!));
    made += sent.size;
    for (const id of acknowledged.keys()) {
      if (wanted.get(id)!.from === `user@${side}.example` && !sent.has(id)) lost.push(id);
    }
    for (const { internet_id, address, state, causes } of rows) {
      const id = internet_id!.split('@')[0]!;
      const one = wanted.get(id)!;
      outcomes[state] = (outcomes[state] ?? 0) + 1;
      const ghost = address === 'ghost@c.example';
      if (!ghost) {
        const marks = here.get(id) ?? [];
        if (marks.length === 0) lost.push(id);
        if (marks.length > 1) twice.push(id);
        if (marks.some((mark) => mark !== markOf(one))) corrupt.push(id);
      }
      const due = ghost ? 'failed' : one.requests ? 'dispatched' : 'processed';
      // a sender that was dead when the hour was over tells of the missing notice instead: once, all the same
      if (state !== due && state !== 'timed-out')
        noOutcome.push(`${id} ${address}: ${state} ${causes ?? ''}`);
      const notices = told.get(`${id} ${address}`) ?? 0;
      const expected = state === 'processed' ? 0 : 1;
      if (notices !== expected) toldWrongly.push(`${id} ${address}: ${state}, told ${notices} times`);
    }
    const { n } = await db
      .selectFrom('recipient')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('state', '=', 'duplicate')
      .executeTakeFirstOrThrow();
    duplicates += Number(n);
  }
  for (const store of Object.values(stores)) await store.close();
  const unsaid = made - acknowledged.size;
  return {
    acknowledged: acknowledged.size,
    byMail: [...acknowledged.values()].filter(Boolean).length,
    unsaid,
    lost,
    corrupt,
    twice,
    noOutcome,
    toldWrongly,
    duplicates,
    outcomes,
  };
}

type Db = Awaited<ReturnType<typeof openStore>>['db'];

/** What the user of a HISP has, by its id: the digest of each content. */
async function delivered(db: Db, side: Side): Promise<Map<string, string[]>> {
  const items = await db
    .selectFrom('mailbox_item')
    .select(['internet_id', 'bytes_sha256'])
    .where('kind', '=', 'message')
    .execute();
  const marks = new Map<string, string[]>();
  for (const { internet_id, bytes_sha256 } of items) {
    const { attachments } = displayMessage(await getBlob(scopeOf(db, side), bytes_sha256));
    const mark = createHash('sha256')
      .update(attachments[0]?.bytes ?? '')
      .digest('hex');
    const id = internet_id!.replace(/[<>]/g, '').split('@')[0]!;
    marks.set(id, [...(marks.get(id) ?? []), mark]);
  }
  return marks;
}

/** How often the sender was told of a recipient, by `id address`. */
async function toldTo(db: Db, side: Side): Promise<Map<string, number>> {
  const items = await db
    .selectFrom('mailbox_item')
    .select(['kind', 'bytes_sha256'])
    .where('kind', 'in', ['dsn', 'mdn'])
    .execute();
  const told = new Map<string, number>();
  for (const { kind, bytes_sha256 } of items) {
    const notice = readEntity(await getBlob(scopeOf(db, side), bytes_sha256));
    const read = kind === 'mdn' ? readMdn(notice) : readDsn(notice);
    const about = read?.originalMessageId?.split('@')[0] ?? 'nothing';
    const recipients = read && 'recipients' in read ? read.recipients : [{ recipient: read?.recipient }];
    for (const { recipient } of recipients) {
      const key = `${about} ${(recipient ?? '').toLowerCase()}`;
      told.set(key, (told.get(key) ?? 0) + 1);
    }
  }
  return told;
}

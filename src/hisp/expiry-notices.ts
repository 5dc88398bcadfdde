/**
 * Tells the postmasters of a HISP's domains what ends soon: each threshold of each thing once, over restarts too,
 * because the notice and the note that it was given are kept in one transaction.
 *
 * @module
 */
import { composeMessage } from '../mail/compose.ts';
import type { Cancel, Host } from '../net/host.ts';
import { sha256Hex } from '../store/blobs.ts';
import { noteCalendar, notedThresholds } from '../store/calendar.ts';
import { putMailboxItem, writeJournal } from '../store/mailbox.ts';
import { atomically, type Scope } from '../store/scope.ts';
import { type DueNotice, dueNotices, endsText, noticeKey, noticeText } from '../trust/expiry/due.ts';
import { bySoonest, type DatedThing, THING_KINDS } from '../trust/expiry/thing.ts';

export interface ExpiryNoticesOptions {
  /** What ends, now; asked before each round. */
  readonly things: () => readonly DatedThing[];
  /** Where a HISP keeps its books and mailboxes; undefined: it is not ours. */
  readonly scopeOf: (holder: string) => Scope | undefined;
  /** Hears one line for each notice. */
  readonly tell: (line: string) => void;
  /** Hears of a round that failed; it is tried again with the next one. */
  readonly failed: (error: Error) => void;
}

export interface ExpiryNotices {
  /** Tells now what is due. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

const HOUR = 3_600_000;

/** Tells at once what is due, then looks again every hour. */
export function startExpiryNotices(host: Host, options: ExpiryNoticesOptions): ExpiryNotices {
  let running: Promise<void> | undefined;
  let cancel: Cancel | undefined;
  let stopped = false;
  const round = (): Promise<void> =>
    (running ??= tellAll(host, options)
      .catch((error: unknown) => options.failed(error as Error))
      .finally(() => {
        running = undefined;
        cancel?.();
        if (!stopped) cancel = host.timer(HOUR, () => void round());
      }));
  void round();
  return {
    round,
    async stop() {
      stopped = true;
      cancel?.();
      await running;
    },
  };
}

async function tellAll(host: Host, { things, scopeOf, tell }: ExpiryNoticesOptions): Promise<void> {
  const byHolder = Map.groupBy(things().toSorted(bySoonest), ({ holder }) => holder);
  for (const [holder, own] of byHolder) {
    const scope = scopeOf(holder);
    if (!scope) continue;
    const now = host.now();
    const due = dueNotices(own, await notedThresholds(scope), now);
    for (const [domain, notices] of Map.groupBy(due, ({ thing }) => thing.domain)) {
      const told = await atomically(scope, (inside) => noteAndMail(host, inside, domain, notices, now));
      for (const { thing } of told) tell(noticeText(thing, now));
    }
  }
}

/** One message for all that is due to a domain. */
async function noteAndMail(
  host: Host,
  inside: Scope,
  domain: string,
  notices: readonly DueNotice[],
  now: number,
): Promise<DueNotice[]> {
  const fresh: DueNotice[] = [];
  for (const notice of notices) {
    const { thing, days, skipped } = notice;
    const row = { thing: noticeKey(thing), ends_at: thing.ends, at: now, text: noticeText(thing, now) };
    for (const one of skipped) await noteCalendar(inside, { ...row, days: one, told: 0 });
    if (await noteCalendar(inside, { ...row, days, told: 1 })) fresh.push(notice);
  }
  if (fresh.length === 0) return [];
  const postmaster = `postmaster@${domain}`;
  const id = sha256Hex(fresh.map(({ thing, days }) => `${noticeKey(thing)}|${days}`).join('\n'));
  const subject = subjectOf(fresh, now);
  const internetId = `${id.slice(0, 32)}@${domain}`;
  const bytes = composeMessage({
    from: postmaster,
    to: [postmaster],
    subject,
    date: now,
    messageId: internetId,
    text: fresh.map(({ thing }) => paragraph(thing, now)).join('\n\n'),
    extraHeaders: [['Auto-Submitted', 'auto-generated']],
  });
  await putMailboxItem(inside, {
    address: postmaster,
    kind: 'message',
    message_id: `expiry-${host.random.uuid()}`,
    internet_id: internetId,
    sender: postmaster,
    subject,
    received_at: now,
    bytes,
  });
  await writeJournal(inside, {
    at: now,
    event: 'expiry.told',
    address: postmaster,
    detail: fresh.map(({ thing, days }) => ({ thing: thing.key, days })),
  });
  return fresh;
}

function subjectOf([first, ...rest]: readonly DueNotice[], now: number): string {
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`;
  return `${THING_KINDS[first!.thing.kind]} ${endsText(first!.thing.ends, now)}${more}`;
}

const paragraph = (thing: DatedThing, now: number): string =>
  [
    `${THING_KINDS[thing.kind]}: ${noticeText(thing, now)}.`,
    `${thing.effect}.`,
    `What to do: ${thing.todo}.`,
  ].join('\n');

/**
 * Alerts as notices to the postmaster of a domain that we host, in the mailbox itself: they reach who reads it even
 * when no mail leaves or comes.
 *
 * @module
 */
import type { Host } from '../net/host.ts';
import { listMailbox, putMailboxItem, writeJournal } from '../store/mailbox.ts';
import { atomically, type Scope } from '../store/scope.ts';
import { alertMail, type Channel, messageIdOf, subjectOf } from './alert.ts';
import type { WatchEvent } from './event.ts';

export interface PostmasterOptions {
  /** The HISP; part of the name of the channel. */
  readonly id: string;
  readonly scope: Scope;
  readonly wants: (event: WatchEvent) => boolean;
  /** Whose postmaster is told about a domain. */
  readonly domainFor: (domain: string) => string;
}

/** What was put into the mailbox before, in a run that ended before it was noted, is not put there again. */
export function postmasterChannel(
  host: Pick<Host, 'now'>,
  { id, scope, wants, domainFor }: PostmasterOptions,
): Channel {
  return {
    name: `postmaster ${id}`,
    wants,
    async send(alert) {
      const domain = domainFor(alert.domain);
      const postmaster = `postmaster@${domain}`;
      const messageId = `watch-${alert.id}`;
      await atomically(scope, async (inside) => {
        const there = await listMailbox(inside, postmaster);
        if (there.some(({ message_id }) => message_id === messageId)) return;
        const now = host.now();
        await putMailboxItem(inside, {
          address: postmaster,
          kind: 'message',
          message_id: messageId,
          internet_id: messageIdOf(alert, domain),
          sender: postmaster,
          subject: subjectOf(alert),
          received_at: now,
          bytes: alertMail(alert, postmaster, [postmaster]),
        });
        await writeJournal(inside, {
          at: now,
          event: 'watch.told',
          address: postmaster,
          detail: alert.events.map(({ kind, domain: about }) => ({ kind, domain: about })),
        });
      });
      return { ok: true };
    },
  };
}

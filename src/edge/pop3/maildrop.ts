/**
 * The messages of INBOX as one POP3 session sees them: numbered at login, the same to its end (RFC 1939 §4).
 *
 * Several sessions may read at once. What another one removes meanwhile cannot be read any more and is not an error at
 * the end; identifiers of `UIDL` are those of IMAP and never come again, so that no session removes what it did not
 * see.
 *
 * @module
 */
import type { Folder, Mailbox, MessageHead } from '../mailboxes.ts';

export interface Maildrop {
  /** Messages that are there and not marked for removal, with their numbers from 1 up. */
  listed(): readonly { readonly number: number; readonly head: MessageHead }[];
  head(number: number): MessageHead | undefined;
  uidl(head: MessageHead): string;
  read(head: MessageHead): Promise<Uint8Array | undefined>;
  remove(number: number): void;
  /** Takes all removals back. */
  reset(): void;
  /** Removes what was marked. */
  update(): Promise<void>;
}

export async function openMaildrop(mailbox: Mailbox): Promise<Maildrop> {
  const inbox: Folder = (await mailbox.folder('INBOX'))!;
  const heads = await mailbox.list(inbox);
  const marked = new Set<number>();
  return {
    listed: () =>
      heads.flatMap((head, index) => (marked.has(index + 1) ? [] : [{ number: index + 1, head }])),
    head: (number) => (marked.has(number) ? undefined : heads[number - 1]),
    uidl: ({ uid }) => `${inbox.uidValidity}.${uid}`,
    read: (head) => mailbox.read(inbox, head.uid),
    remove: (number) => void marked.add(number),
    reset: () => marked.clear(),
    async update() {
      const uids = [...marked].map((number) => heads[number - 1]!.uid).sort((a, b) => a - b);
      if (uids.length > 0) await mailbox.expunge(inbox, uids, () => true);
    },
  };
}

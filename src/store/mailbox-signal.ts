/**
 * Says within this process that something changed in a mailbox. Who hears it reads the store, which waits for the
 * transaction that is under way; what another process changes is found by looking now and then.
 *
 * @module
 */
export interface MailboxSignal {
  changed(address: string): void;
  /** Calls `hear` after changes at `address` until the returned function is called. */
  watch(address: string, hear: () => void): () => void;
}

export function mailboxSignal(): MailboxSignal {
  const watchers = new Map<string, Set<() => void>>();
  return {
    changed(address) {
      for (const hear of [...(watchers.get(address) ?? [])]) hear();
    },
    watch(address, hear) {
      const set = watchers.get(address) ?? new Set();
      watchers.set(address, set);
      set.add(hear);
      return () => {
        set.delete(hear);
        if (set.size === 0 && watchers.get(address) === set) watchers.delete(address);
      };
    },
  };
}

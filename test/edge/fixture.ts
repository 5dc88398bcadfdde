import type { Accounts, LoginAnswer } from '../../src/edge/accounts.ts';
import { storeMailboxes } from '../../src/hisp/mailboxes.ts';
import { putMailboxItem } from '../../src/store/mailbox.ts';
import { mailboxSignal } from '../../src/store/mailbox-signal.ts';
import { openStore } from '../../src/store/open.ts';
import { type Scope, scopeOf } from '../../src/store/scope.ts';

export const ADDRESS = 'alice@a.example';
export const PASSWORD = 'correct horse';

/** Alice, and her password. `locked` and `away` are names that meet those answers. */
export const accounts: Accounts = {
  async authenticate({ name, password }): Promise<LoginAnswer> {
    if (name === 'locked') return { ok: false, reason: 'locked', retryAfterMs: 1500 };
    if (name === 'away') return { ok: false, reason: 'unavailable' };
    if (name !== ADDRESS || password !== PASSWORD) return { ok: false, reason: 'credentials' };
    return { ok: true, user: { tenant: 'a', account: '1', addresses: [ADDRESS] } };
  },
};

/** A store with Alice's mailbox in it. */
export async function aliceStore(quota?: number) {
  const store = await openStore({ hold: (work) => work }, { file: ':memory:' });
  const scope: Scope = scopeOf(store.db, 'a', mailboxSignal());
  return {
    scope,
    mailboxes: storeMailboxes(scope, quota),
    deliver: (text: string, at = Date.UTC(2026, 0, 5, 15, 0, 0)): Promise<void> =>
      putMailboxItem(scope, {
        address: ADDRESS,
        kind: 'message',
        message_id: '1',
        internet_id: null,
        sender: '',
        subject: '',
        received_at: at,
        bytes: Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1'),
      }),
    close: () => store.close(),
  };
}
export type AliceStore = Awaited<ReturnType<typeof aliceStore>>;

/** A port that keeps what is written, and timers that fire by hand. */
export function recordingPort(secure = true) {
  let output = '';
  const timers = new Set<() => void>();
  const state = { secure, ended: false, errors: [] as unknown[] };
  return {
    state,
    take(): string {
      const text = output;
      output = '';
      return text;
    },
    fire(): void {
      for (const one of [...timers]) one();
    },
    port: {
      get secure() {
        return state.secure;
      },
      get startTls() {
        return state.secure
          ? undefined
          : async () => {
              state.secure = true;
              return true;
            };
      },
      write: (...chunks: readonly (string | Uint8Array)[]) => {
        for (const chunk of chunks)
          output += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
      },
      drained: async () => undefined,
      end: () => void (state.ended = true),
      breathe: async () => undefined,
      timer: (_ms: number, fire: () => void) => {
        timers.add(fire);
        return () => timers.delete(fire);
      },
      now: () => Date.UTC(2026, 0, 6, 12, 0, 0),
      broke: (error: unknown) => void state.errors.push(error),
    },
  };
}

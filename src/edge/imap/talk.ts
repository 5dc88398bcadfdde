/**
 * What the commands of a session work with.
 *
 * @module
 */
import type { Mailbox } from '../mailboxes.ts';
import type { EdgeReply } from '../reading.ts';
import type { Part } from './structure.ts';
import type { View } from './view.ts';
import type { Chunk } from './write.ts';

/** A message that was read: its octets and its parts. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly top: Part;
}

export interface Talk {
  readonly mailbox: Mailbox;
  /** The selected folder. */
  readonly view: View | undefined;
  select(view: View | undefined): void;
  /** Sends an untagged response: what stands between `* ` and the line end. Resolves when there is room for more. */
  untagged(...chunks: readonly Chunk[]): Promise<void>;
  /** A message of the selected folder; undefined when it is gone. The last one that was read is kept. */
  content(uid: number): Promise<Content | undefined>;
  /** Lets others have their turn in a long piece of work. */
  breathe(): Promise<void>;
  now(): number;
}

export const ok = (text: string): EdgeReply => ({ status: 'OK', text });
export const no = (text: string): EdgeReply => ({ status: 'NO', text });
export const bad = (text: string): EdgeReply => ({ status: 'BAD', text });

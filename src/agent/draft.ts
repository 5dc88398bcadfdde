/**
 * A message on its way out: what each stage of composing finds and leaves.
 *
 * @module
 */
import type { CipherName } from '../cms/ciphers.ts';
import type { Digest } from '../cms/digests.ts';
import type { KeyTransport } from '../cms/key-transport.ts';
import type { OuterHeaders } from '../mail/wrap.ts';
import type { Random } from '../net/host.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { Decided, LocalKey } from './types.ts';

export interface Algorithms {
  /** Default: what suits the key of each signer. */
  readonly digest?: Digest;
  readonly cipher: CipherName;
  readonly keyTransport: KeyTransport;
}

export interface Draft {
  readonly sender: string;
  /** The user's message; what the receiver is to see. */
  readonly message: Uint8Array;
  readonly recipients: readonly Decided[];
  readonly algorithms: Algorithms;
  /** Who signs; at least one. */
  readonly signers: readonly LocalKey[];
  /** To encrypt to; at least one. */
  readonly certificates: readonly Certificate[];
  /** The header fields that everybody on the way can read; as few as possible (REQ-AS-13). */
  readonly outer: OuterHeaders;
  /**
   * The MIME entity so far, without the outer fields: first nothing, then the wrapped message, the signed one, the
   * encrypted one; the last stage puts the outer fields in front.
   */
  readonly entity: Uint8Array;
  readonly mailFrom: string;
  readonly rcptTo: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly random: Random;
}

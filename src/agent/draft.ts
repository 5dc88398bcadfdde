/**
 * A message on its way out: what each stage of composing finds and leaves.
 *
 * @module
 */
import type { Random } from '../net/host.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { Decided, DomainPolicy, LocalKey } from './types.ts';

/** The header fields that everybody on the way can read; as few as possible (REQ-AS-13). */
export interface OuterFields {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly date: string;
  readonly messageId: string;
  /** Further fields, for peers that write more than they should. */
  readonly more: readonly (readonly [name: string, value: string])[];
}

export interface Algorithms {
  readonly digest: 'sha256' | 'sha384' | 'sha512' | 'sha1' | 'md5';
  readonly cipher: 'aes128-cbc' | 'aes192-cbc' | 'aes256-cbc' | 'aes128-gcm' | 'aes256-gcm';
  readonly keyTransport: 'pkcs1' | 'oaep-sha1' | 'oaep-sha256';
}

export interface Draft {
  readonly sender: string;
  /** The user's message; what the receiver is to see. */
  readonly message: Uint8Array;
  readonly recipients: readonly Decided[];
  /** Those of `recipients` who stand in the message's To and Cc. */
  readonly shown: { readonly to: readonly string[]; readonly cc: readonly string[] };
  readonly policy: DomainPolicy;
  readonly algorithms: Algorithms;
  readonly signers: readonly LocalKey[];
  /** To encrypt to. */
  readonly certificates: readonly Certificate[];
  readonly outer: OuterFields;
  /**
   * The MIME entity so far, fields of content only: first the content of the message, then the wrapped message, the
   * signed, the encrypted; last, with the outer fields, what goes over the wire.
   */
  readonly entity: Uint8Array;
  readonly envelope: { readonly mailFrom: string; readonly rcptTo: readonly string[] };
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly random: Random;
}

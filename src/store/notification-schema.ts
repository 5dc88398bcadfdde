/**
 * Tables of delivery notification: notices that came before what they speak of, and mail on its way to an edge system.
 *
 * @module
 */

/** A notice that no message of ours is known for (yet): which incoming message it is, and which one it names. */
export interface UnmatchedTable {
  tenant: string;
  /** Message-ID that the notice names. */
  internet_id: string;
  /** The incoming message, and its recipient. */
  message_id: string;
  address: string;
  at: number;
}

/** Mail that was accepted and decrypted, and that an edge system has not taken yet. */
export interface ForwardTable {
  tenant: string;
  message_id: string;
  address: string;
  /** The sender that the signature proves. */
  sender: string;
  bytes_sha256: string;
  /** The sender asked for the final delivery. */
  requested: number;
}

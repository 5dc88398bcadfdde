/** What one receiver takes before it says no. Sizes in octets, times in milliseconds. */
export interface ReceiverLimits {
  /** Content of one message; offered as SIZE. */
  readonly messageOctets: number;
  /** Large content (see `content-room.ts`) that is on its way in or being stored, all together. */
  readonly largeOctets: number;
  /** How long a large one waits for room, before it is to come again. */
  readonly largeWaitMs: number;
  /** A command line with its CRLF (RFC 5321 §4.5.3.1.4 asks for at least 512, parameters add to it). */
  readonly commandOctets: number;
  /** Commands of one connection, all together. */
  readonly commands: number;
  /** Commands of one connection that were answered with 5xx. */
  readonly errors: number;
  /** Logins of one connection that were refused. */
  readonly logins: number;
  /** Recipients of one transaction (RFC 5321 §4.5.3.1.8 asks for at least 100). */
  readonly recipients: number;
  /**
   * Open connections, all together and from one address. Beyond them the one that came no further for longest gives
   * way to a new one, if that is `patienceMs` at least; else the new one is turned away.
   */
  readonly connections: number;
  readonly connectionsPerPeer: number;
  readonly patienceMs: number;
  /** Without an octet from the client. */
  readonly idleMs: number;
  /** From the greeting on. */
  readonly sessionMs: number;
}

export const referenceLimits: ReceiverLimits = {
  messageOctets: 64 * 1024 * 1024,
  largeOctets: 48 * 1024 * 1024,
  largeWaitMs: 60_000,
  commandOctets: 2048,
  commands: 5000,
  errors: 20,
  logins: 5,
  recipients: 100,
  connections: 2500,
  connectionsPerPeer: 1500,
  patienceMs: 10_000,
  idleMs: 300_000,
  sessionMs: 3_600_000,
};

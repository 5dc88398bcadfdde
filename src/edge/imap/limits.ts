/** What one server takes before it says no. Sizes in octets, times in milliseconds. */
export interface ImapLimits {
  /** A line without its literals. */
  readonly lineOctets: number;
  /** A command with its literals, but for the message of APPEND. */
  readonly commandOctets: number;
  /** The message of APPEND. */
  readonly messageOctets: number;
  /** Commands of one connection that were answered with BAD, or logins that failed. */
  readonly errors: number;
  /** Octets that may wait while a command is being answered. */
  readonly waitingOctets: number;
  /** Without an octet from the client, before and after login (RFC 3501 §5.4 asks for 30 minutes). */
  readonly greetingMs: number;
  readonly idleMs: number;
  /** How often a session in IDLE looks for what other processes changed. */
  readonly lookMs: number;
}

export const referenceImapLimits: ImapLimits = {
  lineOctets: 16_384,
  commandOctets: 65_536,
  messageOctets: 35 * 1024 * 1024,
  errors: 20,
  waitingOctets: 1024 * 1024,
  greetingMs: 60_000,
  idleMs: 30 * 60_000,
  lookMs: 15_000,
};

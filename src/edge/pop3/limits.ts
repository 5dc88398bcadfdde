/** What one POP3 server takes before it says no. Sizes in octets, times in milliseconds. */
export interface Pop3Limits {
  /** A command with its CRLF (RFC 2449 §4 has 255; a response of AUTH may be longer). */
  readonly commandOctets: number;
  /** Commands that were not understood, or logins that failed. */
  readonly errors: number;
  /** Octets that may wait while a command is being answered. */
  readonly waitingOctets: number;
  /** Without an octet from the client, before and after login (RFC 1939 §3 asks for 10 minutes). */
  readonly greetingMs: number;
  readonly idleMs: number;
}

export const referencePop3Limits: Pop3Limits = {
  commandOctets: 12_288,
  errors: 20,
  waitingOctets: 64 * 1024,
  greetingMs: 60_000,
  idleMs: 10 * 60_000,
};

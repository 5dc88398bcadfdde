/** What is asked of a system outside unless something is selected. */
export const OUTSIDE_SUITES: readonly string[] = [
  'd1-d18/isolated',
  'hosting',
  'receive',
  'send',
  'dn-*',
  'smtp-*',
  'imap-*',
  'pop3-*',
];

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that we did not write and hold ours against, by the command that starts them. */
export const PEERS = [
  'chromium',
  'curl',
  'dig',
  'dnsperf',
  'fetchmail',
  'ldapsearch',
  'named',
  'named-checkzone',
  'nsd',
  'nsd-checkconf',
  'nsd-checkzone',
  'openssl',
  'postfix',
  'slapadd',
  'slapd',
  'swaks',
] as const;

export type Peer = (typeof PEERS)[number];

const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];

/**
 * Where the program is, or undefined when it is not installed: then the test is a visible skip. With
 * ANCHORAGE_PEERS=required a missing program is a failure instead.
 */
export function peer(name: Peer): string | undefined {
  const found = whereIs(name);
  if (!found && process.env['ANCHORAGE_PEERS'] === 'required') {
    throw new Error(`${name} is not installed, and ANCHORAGE_PEERS=required asks for every peer`);
  }
  return found;
}

export const missingPeers = (): Peer[] => PEERS.filter((name) => whereIs(name) === undefined);

const whereIs = (name: Peer): string | undefined =>
  FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));

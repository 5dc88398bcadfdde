/**
 * Options that several verbs share.
 *
 * @module
 */
import { type Command, InvalidArgumentError } from 'commander';
import { parseAddress } from '../mail/address.ts';
import { type Addr, formatAddr } from '../net/host.ts';
import type { Route } from '../net/routes.ts';

export interface ConfigOptions {
  readonly config?: string;
  readonly portBase?: number;
}

/** `--config FILE` and `--port-base N`. */
export const withConfig = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'configuration file (default: anchorage.yaml when there is one)')
    .option(
      '--port-base <number>',
      'put every port above this number: DNS at +53, SMTP +25, LDAP +389, web +80',
      port,
    );

export function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_000) {
    throw new InvalidArgumentError('Expected a whole number from 1 to 65000.');
  }
  return number;
}

/** `192.0.2.1:53`, `192.0.2.1` (port 53), `[2001:db8::1]:53`. */
export function serverAddress(text: string): Addr {
  const match = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::(\d{1,5}))?$/i.exec(text);
  const number = Number(match?.[3] ?? 53);
  if (!match || number > 65_535) {
    throw new InvalidArgumentError(
      `Expected an IP address and a port, such as ${formatAddr({ host: '127.0.0.1', port: 5300 })}.`,
    );
  }
  return { host: (match[1] ?? match[2])!, port: number };
}

/** `192.0.2.25:25=127.0.0.1:2525`: a place of the field, and where it really is. */
export function route(text: string): Route {
  const [from, to] = text.split('=').map((side) => /^(.+):(\d{1,5})$/.exec(side));
  if (!from || !to) {
    throw new InvalidArgumentError('Expected host:port=host:port, such as 192.0.2.25:25=127.0.0.1:2525.');
  }
  return { from: place(from), to: place(to) };
}

const place = ([, host, number]: RegExpExecArray): Addr => ({
  host: host!.replace(/^\[|\]$/g, ''),
  port: Number(number),
});

/** A Direct address, as it stands. */
export function directAddress(text: string): string {
  if (!parseAddress(text)) {
    throw new InvalidArgumentError('Expected an address, such as name@direct.clinic.example.');
  }
  return text;
}

/** The same, for an option that takes several: each is added to those before. */
export const directAddresses = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  directAddress(text),
];

/**
 * What lies between two hosts. A link is a path: its faults meet the traffic in both directions.
 *
 * @module
 */
import { canonicalHost } from '../address.ts';

export interface Link {
  /** Datagrams with more bytes of payload are lost, as behind a firewall that drops fragments. */
  readonly dropUdpOver?: number;
  /** Part of the datagrams that is lost, 0 to 1. TCP repeats what it loses, so streams do not suffer. */
  readonly loss?: number;
  /** Nothing comes through: datagrams vanish, dials end by their deadline. */
  readonly blackhole?: boolean;
  /** Dials from the one end are refused at once. */
  readonly refuse?: boolean;
  /** Milliseconds that everything takes in one direction; a dial takes twice as long (there and back). */
  readonly delayMs?: number;
}

export interface Links {
  /** `from`: host name or `*`; `to`: IP or `*`. Replaces what was said of the same pair before. */
  set(from: string, to: string, link: Link): void;
  /** The most exact link: the pair, then any host to the address, then the host to anywhere, then all. */
  between(from: string, to: string): Link;
}

const clear: Link = {};

export function createLinks(): Links {
  const known = new Map<string, Link>();
  const key = (from: string, to: string) => `${from} ${to}`;
  return {
    set(from, to, link) {
      known.set(key(from, to === '*' ? to : canonicalHost(to)), link);
    },
    between: (from, to) =>
      known.size === 0
        ? clear
        : (known.get(key(from, to)) ??
          known.get(key('*', to)) ??
          known.get(key(from, '*')) ??
          known.get(key('*', '*')) ??
          clear),
  };
}

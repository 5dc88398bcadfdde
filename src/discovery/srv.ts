/**
 * The LDAP servers of a domain (RFC 2782, wire-facts §4).
 *
 * @module
 */
import type { DnsAnswer } from '../dns/client.ts';
import type { SrvTarget } from './parts.ts';

/** The name that is asked for SRV. */
export const serviceName = (domain: string): string => `_ldap._tcp.${domain}`;

/**
 * The targets as published. A single `.` says that the service is not offered. Without records there are no servers:
 * the domain's own address is never tried (REQ-DNS-24).
 */
export function srvTargets(answer: DnsAnswer): readonly SrvTarget[] {
  const targets = answer.records.flatMap(({ data }) =>
    data.type === 'SRV'
      ? [{ priority: data.priority, weight: data.weight, port: data.port, target: data.target.toLowerCase() }]
      : [],
  );
  return targets.filter(({ target }) => target !== '' && target !== '.');
}

/**
 * Lowest priority first, then highest weight, then by name. RFC 2782 would draw among equal priorities by weight; the
 * accreditation test wants descending order, which is one of the legal outcomes (REQ-LDAP-04).
 */
export const byPriorityAndWeight = (targets: readonly SrvTarget[]): readonly SrvTarget[] =>
  targets.toSorted(
    (a, b) =>
      a.priority - b.priority ||
      b.weight - a.weight ||
      (a.target < b.target ? -1 : a.target > b.target ? 1 : a.port - b.port),
  );

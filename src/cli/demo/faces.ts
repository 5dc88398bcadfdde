/**
 * What the network shows of its members: zones and LDAP entries, from what the stores of its HISPs hold.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { NetworkDefinition } from '../../config/network.ts';
import { DnsError } from '../../dns/error.ts';
import type { ResourceRecord } from '../../dns/records.ts';
import { buildZone, type Zone } from '../../dns/zone.ts';
import { type Holdings, publicationOf } from '../../hisp/tenancy/publication.ts';
import { putZoneSerial, readZoneSerials } from '../../store/publication.ts';
import type { Scope } from '../../store/scope.ts';
import { type DirectoryContent, directoryOf } from './directory.ts';
import { type PlannedZone, type Published, planZones } from './zones.ts';

/** What one HISP holds, and its part of a store. */
export interface HeldBy {
  readonly scope: Scope;
  readonly holdings: Holdings;
}

export interface Faces {
  readonly published: Published;
  readonly zones: readonly Zone[];
  readonly content: DirectoryContent;
  /** What cannot be shown, and what helps. */
  readonly problems: readonly string[];
}

/**
 * A zone that differs from what it was has a higher serial, which is kept before anybody sees it.
 *
 * @param now ms since 1970 UTC
 */
export async function readFaces(
  network: NetworkDefinition,
  held: ReadonlyMap<string, HeldBy>,
  now: number,
): Promise<Faces> {
  const problems: string[] = [];
  const published = new Map(
    [...held].map(([hisp, { holdings }]) => [hisp, publicationOf(holdings, now)] as const),
  );
  for (const domains of published.values()) {
    for (const { owner, problem } of domains.flatMap(({ owners }) => owners)) {
      if (problem !== undefined) problems.push(`${owner} cannot be found by senders: ${problem}`);
    }
  }
  const taken = new Map<string, PlannedZone>();
  for (const plan of planZones(network, published)) {
    const first = taken.get(plan.origin);
    if (!first) taken.set(plan.origin, plan);
    else problems.push(doubled(network, first, plan));
  }
  const zones: Zone[] = [];
  for (const [hisp, plans] of Map.groupBy(taken.values(), (plan) => plan.hisp)) {
    zones.push(...(await served(plans, held.get(hisp)!.scope, now, problems)));
  }
  return { published, zones, content: directoryOf(network, published), problems };
}

const doubled = ({ hisps }: NetworkDefinition, first: PlannedZone, other: PlannedZone): string =>
  `${other.origin} is a domain of ${hisps[first.hisp]!.title} and of ${hisps[other.hisp]!.title}: the first is published; disable it at one of them`;

async function served(
  plans: readonly PlannedZone[],
  scope: Scope,
  now: number,
  problems: string[],
): Promise<Zone[]> {
  const zones: Zone[] = [];
  const serials = await readZoneSerials(scope);
  for (const { origin, records } of plans) {
    const digest = digestOf(records(0));
    const last = serials.get(origin);
    const serial = last?.digest === digest ? last.serial : risen(last?.serial ?? 0, now);
    try {
      zones.push(buildZone(origin, records(serial)));
    } catch (error) {
      if (!(error instanceof DnsError)) throw error;
      problems.push(`${origin} is not published: ${error.message}`);
      continue;
    }
    if (serial !== last?.serial) await putZoneSerial(scope, { origin, serial, digest });
  }
  return zones;
}

/** Seconds since 1970, as long as that is more than what was. */
const risen = (last: number, now: number): number => Math.max(last + 1, Math.floor(now / 1000));

function digestOf(records: readonly ResourceRecord[]): string {
  const hash = createHash('sha256');
  for (const { name, ttl, data } of records) {
    hash.update(`${name} ${ttl} `);
    hash.update(
      JSON.stringify(data, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      ),
    );
  }
  return hash.digest('hex');
}

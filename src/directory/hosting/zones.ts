/**
 * Hosted certificates as zones for a name server, read from the store as they are asked for.
 *
 * @module
 */
import type { ZoneSource } from '../../dns/answer.ts';
import type { ReadyRecords } from '../../dns/direct.ts';
import { parentName } from '../../dns/names.ts';
import type { ResourceRecord, SoaData, TypeName } from '../../dns/records.ts';
import type { Node, ZoneTree } from '../../dns/tree.ts';
import { zoneApex } from '../../dns/zone.ts';
import type { Directory } from '../directory.ts';
import { bounded } from '../ldap/bounded.ts';
import { type HostedName, hostedNames, unpackRdata } from './names.ts';

export interface HostedZones extends ZoneSource {
  /** Another object after a change, within a second: what was answered before counts no more. */
  version(): object;
  /** The CERT records of a name, ready. @param name canonical */
  certificatesAt(name: string): ReadyRecords | undefined;
}

/** Zones that are remembered. */
const REMEMBERED = 10_000;
/** Zones whose TTL is remembered, which is all that the commonest answer takes of one. */
const TTLS = 200_000;
/** Time between two looks whether something changed. */
const LOOK_MS = 1000;

export function hostedZones(directory: Directory): HostedZones {
  const { handle, host, tenant } = directory;
  const names = hostedNames(directory);
  const zones = bounded<number, ZoneTree>(REMEMBERED);
  const ttls = bounded<number, number>(TTLS);
  const ttlOfZone = handle.prepare('select ttl from hosted_zone where n = ?');
  const written = handle.prepare('pragma data_version');
  const byNumber = handle.prepare(
    'select origin, server, exchange, serial, ttl from hosted_zone where n = ?',
  );
  const byOrigin = handle.prepare('select n from hosted_zone where origin = ? and tenant = ?');
  // each change raises a serial
  const total = handle.prepare('select count(*), total(serial) from hosted_zone where tenant = ?');
  let served = total.lists(tenant)[0]?.join();
  let version = {};
  let seen: unknown = written.lists()[0]?.[0];
  let next = host.mono() + LOOK_MS;
  // a question for a name asks for the zone and then for the name
  let last: { readonly name: string; readonly found: HostedName | undefined } | undefined;

  const look = (): void => {
    const now = host.mono();
    if (now < next) return;
    next = now + LOOK_MS;
    const current = written.lists()[0]?.[0];
    if (current === seen) return;
    seen = current;
    const [serials] = total.lists(tenant);
    if (serials?.join() === served) return;
    served = serials?.join();
    version = {};
    zones.clear();
    ttls.clear();
    last = undefined;
  };
  const find = (name: string): HostedName | undefined => {
    if (last?.name === name) return last.found;
    const found = names.find(name);
    last = { name, found };
    return found;
  };
  const ttlOf = (n: number): number | undefined => {
    const known = ttls.get(n);
    if (known !== undefined) return known;
    const [row] = ttlOfZone.lists(n);
    if (!row) return undefined;
    ttls.set(n, row[0] as number);
    return row[0] as number;
  };
  const zone = (n: number): ZoneTree | undefined => {
    const known = zones.get(n);
    if (known) return known;
    const [row] = byNumber.lists(n);
    if (!row) return undefined;
    const [origin, server, exchange, serial, ttl] = row as [string, string, string, number, number];
    const made = treeOf({ origin, server, exchange, serial, ttl }, find);
    zones.set(n, made);
    return made;
  };
  return {
    version() {
      look();
      return version;
    },
    certificatesAt(name) {
      const found = find(name);
      if (!found?.certificates) return undefined;
      const ttl = ttlOf(found.zone);
      return ttl === undefined ? undefined : { ttl, rdata: unpackRdata(found.certificates) };
    },
    zoneOf(name) {
      look();
      last = undefined;
      const found = find(name);
      if (found) return zone(found.zone);
      for (let up: string | undefined = name; up !== undefined; up = parentName(up)) {
        const [row] = byOrigin.lists(up, tenant);
        if (row) return zone(row[0] as number);
      }
      return undefined;
    },
  };
}

interface HostedZone {
  readonly origin: string;
  readonly server: string;
  readonly exchange: string;
  readonly serial: number;
  readonly ttl: number;
}

function treeOf(
  { origin, server, exchange, serial, ttl }: HostedZone,
  find: (name: string) => HostedName | undefined,
): ZoneTree {
  const apex = zoneApex({ origin, server, addresses: [], serial, ttl });
  if (exchange !== '') apex.push({ name: origin, ttl, data: { type: 'MX', preference: 10, exchange } });
  const soa = apex[0] as ResourceRecord & { readonly data: SoaData };
  const above = Map.groupBy(apex, ({ data }) => data.type as TypeName);
  const node = (name: string): Node | undefined => {
    const found = find(name);
    const records = found?.certificates ? recordsIn(found.certificates, name, ttl) : [];
    if (name === origin) {
      return { name, sets: records.length === 0 ? above : new Map([...above, ['CERT', records]]) };
    }
    if (records.length > 0) return { name, sets: new Map([['CERT', records]]) };
    return found && found.below > 0 ? { name, sets: NOTHING } : undefined;
  };
  return {
    origin,
    soa,
    negative: { ...soa, ttl: Math.min(soa.ttl, soa.data.minimum) },
    node,
    cut: () => undefined,
    closestEncloser(name) {
      let up = parentName(name) ?? '';
      while (up !== origin && !node(up)) up = parentName(up) ?? origin;
      return up;
    },
  };
}

const NOTHING: ReadonlyMap<TypeName, readonly ResourceRecord[]> = new Map();

const recordsIn = (packed: Uint8Array, name: string, ttl: number): ResourceRecord[] =>
  unpackRdata(packed).map((rdata) => ({
    name,
    ttl,
    data: {
      type: 'CERT',
      certType: (rdata[0]! << 8) | rdata[1]!,
      keyTag: (rdata[2]! << 8) | rdata[3]!,
      algorithm: rdata[4]!,
      payload: rdata.subarray(5),
    },
  }));

/** DER of the certificates that are hosted for an address, or for its domain. */
export function hostedCertificates(directory: Directory): (address: string) => readonly Uint8Array[] {
  const names = hostedNames(directory);
  return (address) => {
    const owner = address.toLowerCase();
    for (const name of [owner.replace('@', '.'), owner.slice(owner.lastIndexOf('@') + 1)]) {
      const found = names.find(name);
      if (found?.certificates) return unpackRdata(found.certificates).map((rdata) => rdata.subarray(5));
    }
    return [];
  };
}

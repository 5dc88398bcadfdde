/**
 * A zone: records under one origin that make sense together.
 *
 * @module
 */
import { DnsError } from './error.ts';
import { absoluteName, canonicalName, isBelow, labelTexts, parentName } from './names.ts';
import { encodeRdata } from './packet-record.ts';
import { dataTypeName, type ResourceRecord, type SoaData } from './records.ts';

export interface Zone {
  /** Lower case, without trailing dot. */
  readonly origin: string;
  /** SOA first. Owner names are canonical, in the case in which they were given. */
  readonly records: readonly ResourceRecord[];
}

/** What keeps records from being a zone; `record` where one of them is to blame. */
export interface ZoneProblem {
  readonly text: string;
  readonly record?: ResourceRecord;
}

interface RecordSet {
  readonly name: string;
  readonly type: string;
  readonly records: ResourceRecord[];
  readonly seen: Set<string>;
}

type Sets = ReadonlyMap<string, RecordSet>;

/**
 * Makes a zone of records: without duplicates (RFC 2181 §5), one TTL per RRset (the lowest given, §5.2).
 *
 * @throws {DnsError} `zone`, whose message names every problem, one a line
 */
export function buildZone(origin: string, records: readonly ResourceRecord[]): Zone {
  const { zone, problems } = checkZone(origin, records);
  if (problems.length > 0) {
    const list = problems.map((problem) => problem.text).join('\n');
    throw new DnsError('zone', `the zone ${absoluteName(canonicalName(origin))} cannot be served:\n${list}`);
  }
  return zone;
}

/** The same, with the problems in a list; the zone is good when there are none. */
export function checkZone(
  origin: string,
  records: readonly ResourceRecord[],
): { readonly zone: Zone; readonly problems: readonly ZoneProblem[] } {
  const apex = canonicalName(origin);
  const problems: ZoneProblem[] = [];
  const sets = new Map<string, RecordSet>();
  for (const record of records) {
    const name = canonicalName(record.name);
    const type = dataTypeName(record.data);
    if (!isBelow(name, apex)) {
      problems.push({
        text: `${absoluteName(record.name)} ${type} lies outside the zone ${absoluteName(apex)}`,
        record,
      });
      continue;
    }
    const wire = rdataKey(record, problems);
    if (wire === undefined) continue;
    const key = `${name} ${type}`;
    const set = sets.get(key) ?? { name, type, records: [], seen: new Set() };
    sets.set(key, set);
    if (set.seen.has(wire)) continue;
    set.seen.add(wire);
    set.records.push(record);
  }
  problems.push(...checkApex(apex, sets), ...checkAliases(apex, sets), ...checkNameServers(apex, sets));
  const whole = [...sets.values()].flatMap((set) => {
    const ttl = Math.min(...set.records.map((record) => record.ttl));
    return set.records.map((record) => (record.ttl === ttl ? record : { ...record, ttl }));
  });
  const isSoa = (record: ResourceRecord) => record.data.type === 'SOA';
  const sorted = [...whole.filter(isSoa), ...whole.filter((record) => !isSoa(record))];
  return { zone: { origin: apex, records: sorted }, problems };
}

function rdataKey(record: ResourceRecord, problems: ZoneProblem[]): string | undefined {
  try {
    return Buffer.from(encodeRdata(record.data)).toString('latin1');
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    problems.push({
      text: `${absoluteName(record.name)} ${dataTypeName(record.data)}: ${error.message}`,
      record,
    });
    return undefined;
  }
}

function checkApex(apex: string, sets: Sets): ZoneProblem[] {
  const problems: ZoneProblem[] = [];
  const at = absoluteName(apex);
  const soa = sets.get(`${apex} SOA`)?.records ?? [];
  if (soa.length === 0)
    problems.push({ text: `there is no SOA record at ${at}; every zone has exactly one` });
  if (soa.length > 1) {
    problems.push({
      text: `${soa.length} SOA records at ${at}; every zone has exactly one`,
      record: soa[1]!,
    });
  }
  if (!sets.has(`${apex} NS`)) {
    problems.push({ text: `there is no NS record at ${at}; name at least one server of the zone` });
  }
  return problems;
}

function checkAliases(apex: string, sets: Sets): ZoneProblem[] {
  const problems: ZoneProblem[] = [];
  const typesAt = new Map<string, string[]>();
  for (const set of sets.values()) typesAt.set(set.name, [...(typesAt.get(set.name) ?? []), set.type]);
  for (const set of sets.values()) {
    const at = absoluteName(set.name);
    const record = set.records[0]!;
    if (set.type === 'SOA' && set.name !== apex) {
      problems.push({ text: `${at} has a SOA record, but is not the zone's origin`, record });
    }
    if (set.type !== 'CNAME') continue;
    if (set.records.length > 1) {
      problems.push({
        text: `${at} has ${set.records.length} CNAME records; an alias has one target`,
        record,
      });
    }
    const beside = typesAt.get(set.name)!.filter((type) => type !== 'CNAME');
    if (beside.length > 0) {
      const text = `${at} has a CNAME beside ${beside.join(', ')}; an alias has no other data (RFC 1034 §3.6.2)`;
      problems.push({ text, record });
    }
  }
  return problems;
}

/** A name server within the zone must have an address there, and be no alias (RFC 1034 §4.2.1, RFC 2181 §10.3). */
function checkNameServers(apex: string, sets: Sets): ZoneProblem[] {
  const problems: ZoneProblem[] = [];
  const cuts = [...sets.values()]
    .filter((set) => set.type === 'NS' && set.name !== apex)
    .map((set) => set.name);
  for (const set of sets.values()) {
    for (const record of set.records) {
      const { data } = record;
      if (data.type !== 'NS' || !isBelow(data.target, apex)) continue;
      const target = canonicalName(data.target);
      // Another zone's business, unless that zone can only be reached through this very server.
      if (cuts.some((cut) => isBelow(target, cut)) && !isBelow(target, set.name)) continue;
      const where = `${absoluteName(set.name)} NS ${absoluteName(data.target)}`;
      if (sets.has(`${target} CNAME`))
        problems.push({ text: `${where} names an alias; name the host itself`, record });
      else if (!sets.has(`${target} A`) && !sets.has(`${target} AAAA`) && !coveredByWildcard(target, sets)) {
        problems.push({
          text: `${where} names a host without an A or AAAA record in the zone; add one`,
          record,
        });
      }
    }
  }
  return problems;
}

function coveredByWildcard(name: string, sets: Sets): boolean {
  for (let parent = parentName(name); parent !== undefined; parent = parentName(parent)) {
    const star = parent === '' ? '*' : `*.${parent}`;
    if (sets.has(`${star} A`) || sets.has(`${star} AAAA`)) return true;
  }
  return false;
}

/** The SOA record of a zone that `buildZone` made. */
export function zoneSoa(zone: Zone): ResourceRecord & { readonly data: SoaData } {
  return zone.records[0] as ResourceRecord & { readonly data: SoaData };
}

/**
 * SOA, NS and the server's address: what a zone needs before its first record.
 *
 * @param server Host name of the name server. Its address records are made when it lies within the zone.
 */
export function zoneApex(apex: {
  readonly origin: string;
  readonly server: string;
  readonly addresses: readonly string[];
  readonly serial?: number;
  readonly ttl?: number;
}): ResourceRecord[] {
  const { origin, server, addresses, serial = 1, ttl = 300 } = apex;
  const soa: SoaData = {
    type: 'SOA',
    mname: server,
    rname: labelTexts(origin).length > 0 ? `hostmaster.${origin}` : 'hostmaster',
    serial,
    refresh: 3600,
    retry: 600,
    expire: 604_800,
    minimum: ttl,
  };
  const within = isBelow(server, origin) ? addresses : [];
  return [
    { name: origin, ttl, data: soa },
    { name: origin, ttl, data: { type: 'NS', target: server } },
    ...within.map(
      (address): ResourceRecord => ({
        name: server,
        ttl,
        data: address.includes(':') ? { type: 'AAAA', address } : { type: 'A', address },
      }),
    ),
  ];
}

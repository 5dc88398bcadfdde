/**
 * A zone arranged for answering: what is at a name, whether a name exists, where the zone is cut.
 *
 * @module
 */
import { canonicalName, labelTexts, parentName } from './names.ts';
import { dataTypeName, type ResourceRecord, type TypeName } from './records.ts';
import { type Zone, zoneSoa } from './zone.ts';

/** One name of a zone. Without sets it is an empty non-terminal: it exists because names under it do. */
export interface Node {
  readonly name: string;
  readonly sets: ReadonlyMap<TypeName, readonly ResourceRecord[]>;
}

export interface ZoneTree {
  readonly origin: string;
  readonly soa: ResourceRecord;
  /** SOA with the TTL of negative answers: the lower of its own and of its minimum (RFC 2308 §5). */
  readonly negative: ResourceRecord;
  node(name: string): Node | undefined;
  /** The topmost delegation at or above `name`, the origin left out. */
  cut(name: string): Node | undefined;
  /** The longest existing name above `name` (RFC 4592 §3.3.1). */
  closestEncloser(name: string): string;
}

/** Names given to the tree are canonical and lower case. */
export function zoneTree(zone: Zone): ZoneTree {
  const nodes = new Map<string, { name: string; sets: Map<TypeName, ResourceRecord[]> }>();
  const open = (name: string) => {
    const node = nodes.get(name) ?? { name, sets: new Map<TypeName, ResourceRecord[]>() };
    nodes.set(name, node);
    return node;
  };
  for (const record of zone.records) {
    const name = canonicalName(record.name);
    const { sets } = open(name);
    const type = dataTypeName(record.data);
    const set = sets.get(type);
    if (set) set.push(record);
    else sets.set(type, [record]);
    for (let up = name; up !== zone.origin; ) {
      up = parentName(up)!;
      if (nodes.has(up)) break;
      open(up);
    }
  }
  const cuts = [...nodes.values()].some((node) => node.name !== zone.origin && node.sets.has('NS'));
  const soa = zoneSoa(zone);
  return {
    origin: zone.origin,
    soa,
    negative: { ...soa, ttl: Math.min(soa.ttl, soa.data.minimum) },
    node: (name) => nodes.get(name),
    cut(name) {
      if (!cuts) return undefined;
      const labels = labelTexts(name);
      const depth = labelTexts(zone.origin).length;
      for (let start = labels.length - depth - 1; start >= 0; start--) {
        const node = nodes.get(labels.slice(start).join('.'));
        if (!node) return undefined;
        if (node.sets.has('NS')) return node;
      }
      return undefined;
    },
    closestEncloser(name) {
      let up = parentName(name)!;
      while (!nodes.has(up)) up = parentName(up)!;
      return up;
    },
  };
}

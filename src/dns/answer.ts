/**
 * Authoritative answers (RFC 1034 §4.3.2, RFC 2308, RFC 4592, RFC 8020, RFC 8482).
 *
 * @module
 */
import { CLASS_ANY, CLASS_IN, type DnsMessage, type Edns, makeResponse, type Question } from './message.ts';
import { canonicalName, isBelow, parentName } from './names.ts';
import { dataTypeName, type ResourceRecord, type TypeName } from './records.ts';
import { type Node, type ZoneTree, zoneTree } from './tree.ts';
import type { Zone } from './zone.ts';

export type Transport = 'udp' | 'tcp';

export interface Authority {
  readonly zones: readonly Zone[];
  /** The answer to a query; pure. Whether it fits into a datagram is the server's business. */
  answer(query: DnsMessage, transport: Transport): DnsMessage;
}

/** More aliases than this in a row end the answer where it stands. */
const MAX_CHAIN = 16;

/** Zones that are not held in memory. */
export interface ZoneSource {
  /** The deepest of them that a name lies in. @param name canonical */
  zoneOf(name: string): ZoneTree | undefined;
}

/** @param more zones beside these; where both have one, the deeper answers */
export function createAuthority(zones: readonly Zone[], more?: ZoneSource): Authority {
  const trees = new Map(zones.map((zone) => [zone.origin, zoneTree(zone)]));
  const all: Trees = { held: trees, ...(more && { more }) };
  return { zones, answer: (query, transport) => answer(all, query, transport) };
}

interface Trees {
  readonly held: ReadonlyMap<string, ZoneTree>;
  readonly more?: ZoneSource;
}
type Draft = { -readonly [K in keyof DnsMessage]: DnsMessage[K] } & {
  answers: ResourceRecord[];
  authority: ResourceRecord[];
  additional: ResourceRecord[];
};

function answer(trees: Trees, query: DnsMessage, transport: Transport): DnsMessage {
  const { question, edns } = query;
  if (query.opcode !== 0) return makeResponse(query, 'NOTIMP');
  if (edns && edns.version !== 0) return badVersion(query, edns);
  if (!question) return makeResponse(query, 'FORMERR');
  if (question.class !== CLASS_IN && question.class !== CLASS_ANY) return makeResponse(query, 'REFUSED');
  if (NOT_QUERIES.has(question.type)) return makeResponse(query, NOT_QUERIES.get(question.type));
  const draft: Draft = { ...makeResponse(query), answers: [], authority: [], additional: [] };
  follow(trees, draft, question, transport);
  addAddresses(trees, draft);
  return draft;
}

/** RFC 6891 §6.1.3: the highest version that we know is 0. */
const badVersion = (query: DnsMessage, edns: Edns): DnsMessage => ({
  ...makeResponse(query, 'BADVERS'),
  edns: { udpSize: 1232, version: 0, dnssecOk: edns.dnssecOk, options: [] },
});

/** Types that ask for something else than records, or that no question can have. Zone transfer is not served here. */
const NOT_QUERIES = new Map<TypeName, 'FORMERR' | 'NOTIMP' | 'REFUSED'>([
  ['AXFR', 'REFUSED'],
  ['IXFR', 'REFUSED'],
  ['TYPE41', 'FORMERR'],
  ['TYPE249', 'NOTIMP'],
  ['TYPE250', 'NOTIMP'],
  ['TYPE253', 'NOTIMP'],
  ['TYPE254', 'NOTIMP'],
]);

/** Answers for the name asked and, while it is an alias, for what it stands for (RFC 1034 §4.3.2 step 3a). */
function follow(trees: Trees, draft: Draft, question: Question, transport: Transport): void {
  const visited = new Set<string>();
  let owner = question.name;
  for (;;) {
    const name = canonicalName(owner);
    const tree = zoneOf(trees, name, question.type);
    if (!tree) {
      if (visited.size === 0) draft.rcode = 'REFUSED';
      return;
    }
    visited.add(name);
    const target = answerAt(tree, draft, { owner, name, type: question.type, transport });
    if (target === undefined || visited.has(canonicalName(target)) || visited.size > MAX_CHAIN) return;
    owner = target;
  }
}

/** The deepest zone that `name` lies in; for DS, which is kept above the cut, the one above (RFC 4035 §3.1.4.1). */
function zoneOf({ held, more }: Trees, name: string, type: TypeName): ZoneTree | undefined {
  const found = held.size === 0 ? undefined : heldZoneOf(held, name, type);
  if (!more) return found;
  const above = type === DS ? parentName(name) : undefined;
  const other = (above !== undefined && more.zoneOf(above)) || more.zoneOf(name);
  return found && (!other || isBelow(found.origin, other.origin)) ? found : other;
}

function heldZoneOf(
  trees: ReadonlyMap<string, ZoneTree>,
  name: string,
  type: TypeName,
): ZoneTree | undefined {
  const start: string | undefined = type === DS && trees.has(name) ? parentName(name) : name;
  for (let up = start; up !== undefined; up = parentName(up)) {
    const tree = trees.get(up);
    if (tree) return tree;
  }
  return type === DS ? trees.get(name) : undefined;
}

const DS: TypeName = 'TYPE43';

interface Asked {
  /** As asked: it becomes the owner of what is answered. */
  readonly owner: string;
  /** The same, canonical. */
  readonly name: string;
  readonly type: TypeName;
  readonly transport: Transport;
}

/** Returns the target when there is an alias to follow. */
function answerAt(tree: ZoneTree, draft: Draft, asked: Asked): string | undefined {
  const cut = tree.cut(asked.name);
  if (cut && !(asked.type === DS && cut.name === asked.name)) {
    refer(tree, draft, cut);
    return undefined;
  }
  if (draft.answers.length === 0) draft.authoritative = true;
  const exact = tree.node(asked.name);
  const found = exact ?? tree.node(joinStar(tree.closestEncloser(asked.name)));
  if (!found) {
    draft.rcode = 'NXDOMAIN';
    draft.authority.push(tree.negative);
    return undefined;
  }
  return answerFrom(tree, draft, found, asked);
}

const joinStar = (name: string): string => (name === '' ? '*' : `*.${name}`);

function answerFrom(tree: ZoneTree, draft: Draft, node: Node, asked: Asked): string | undefined {
  const give = (set: readonly ResourceRecord[]) => {
    for (const record of set) draft.answers.push({ ...record, name: asked.owner });
  };
  if (asked.type === 'ANY' && node.sets.size > 0) {
    const sets = [...node.sets.values()];
    // RFC 8482 §4.1: one RRset is an answer, so that nobody is flooded with the rest; over TCP nobody can be.
    for (const set of asked.transport === 'tcp' ? sets : [smallest(sets)]) give(set);
    return undefined;
  }
  const set = node.sets.get(asked.type);
  if (set) {
    give(set);
    return undefined;
  }
  const alias = node.sets.get('CNAME');
  if (alias?.[0]?.data.type === 'CNAME') {
    give(alias);
    return alias[0].data.target;
  }
  draft.authority.push(tree.negative);
  return undefined;
}

const weight = (set: readonly ResourceRecord[]): number =>
  set.reduce((sum, { data }) => sum + (data.type === 'CERT' ? data.payload.length : 32), 0);

const smallest = (sets: readonly (readonly ResourceRecord[])[]): readonly ResourceRecord[] =>
  sets.reduce((best, set) => (weight(set) < weight(best) ? set : best));

function refer(tree: ZoneTree, draft: Draft, cut: Node): void {
  const servers = cut.sets.get('NS')!;
  draft.authority.push(...servers);
  for (const { data } of servers) {
    if (data.type !== 'NS') continue;
    const node = tree.node(canonicalName(data.target));
    if (node) draft.additional.push(...addressesOf(node, data.target));
  }
}

const addressesOf = (node: Node, owner: string): ResourceRecord[] =>
  [...(node.sets.get('A') ?? []), ...(node.sets.get('AAAA') ?? [])].map((record) => ({
    ...record,
    name: owner,
  }));

/** Addresses that the asker will want next (RFC 1035 §3.3.9, §3.3.11, RFC 2782). They may be cut off. */
function addAddresses(trees: Trees, draft: Draft): void {
  const done = new Set(draft.additional.map((record) => canonicalName(record.name)));
  for (const { data } of draft.answers) {
    if (data.type !== 'MX' && data.type !== 'SRV' && data.type !== 'NS') continue;
    const target = data.type === 'MX' ? data.exchange : data.target;
    const name = canonicalName(target);
    if (done.has(name)) continue;
    done.add(name);
    const tree = zoneOf(trees, name, 'A');
    const node = tree && !tree.cut(name) ? tree.node(name) : undefined;
    if (node) draft.additional.push(...addressesOf(node, target));
  }
}

/** The records of one type in a list, for readers of answers. */
export const ofType = (records: readonly ResourceRecord[], type: TypeName): ResourceRecord[] =>
  records.filter((record) => dataTypeName(record.data) === type);

/**
 * The tree that a server answers from: entries below naming contexts, with an index on mail.
 *
 * @module
 */
import { comparable, type Description, describeAttribute } from './attributes.ts';
import { comparableAs } from './comparison.ts';
import { isWithin, normalDn, parentDn } from './dn.ts';
import { LdapError } from './error.ts';
import { assertionText, type Filter, type Filterable, type FilterableAttribute } from './filter.ts';

/** Text as strings, certificates as their octets. Attribute names may carry `;binary` or not. */
export interface LdapEntry {
  readonly dn: string;
  readonly attributes: Readonly<Record<string, readonly (string | Uint8Array)[]>>;
}

/** One attribute of a node, all spellings of its name together. */
export interface NodeAttribute extends FilterableAttribute {
  readonly description: Description;
}

/** An entry with what searching needs. */
export interface TreeNode extends Filterable {
  readonly entry: LdapEntry;
  /** Normal name. */
  readonly dn: string;
  readonly parent: string;
  readonly byType: ReadonlyMap<string, NodeAttribute>;
  /** Nobody asked for it lately, so what is made of it is not worth remembering. */
  readonly passing?: boolean;
  /** Where it comes in the order of its tree, whole and not negative; an answer in pages goes on after it. */
  readonly place: number;
}

/** Where a search of many entries looks. */
export interface Where {
  /** A normal name. */
  readonly base: string;
  readonly scope: 'one' | 'sub';
  /** Only nodes with a greater place; -1 for all. */
  readonly after: number;
}

/** In ascending order of place; some may lie elsewhere, which whoever asked looks at. */
export interface Candidates {
  readonly nodes: Iterable<TreeNode>;
  /** Whether they all match, so that nobody needs to look again. */
  readonly exact: boolean;
}

/** What searches are answered from: held in memory, or read from a store as it is asked for. */
export interface LdapTree {
  readonly namingContexts: readonly string[];
  /** @param dn a normal name */
  find(dn: string): TreeNode | undefined;
  /** The nodes that can match, from an index; undefined when only a look at all of them tells. */
  candidates(filter: Filter, where: Where): Candidates | undefined;
  /** Every node there, perhaps others too, in ascending order of place. */
  nodes(where: Where): Iterable<TreeNode>;
  /** Whether the type is of the schema or used by an entry. */
  knows(type: string): boolean;
  /** Why whoever asks may read nothing but what the server says of itself. */
  readonly closed?: { readonly result: number; readonly diagnostic: string };
  /** Where they differ from those of the server, for whoever asks. */
  readonly limits?: Partial<TreeLimits>;
  /** What to say to whoever is not given all that no index led to. */
  readonly cure?: string;
}

export interface TreeLimits {
  /** Entries of one answer, in all its pages. */
  readonly entries: number;
  /** Entries of an answer that no index led to, `(mail=*)` above all: nobody shall read the list (REQ-LDAP-17). */
  readonly enumeration: number;
  /** Comparisons for one search. */
  readonly work: number;
  /** Seconds for one search. */
  readonly timeS: number;
}

/** A tree whose entries are all in memory. */
export interface MemoryTree extends LdapTree {
  /** Every entry, parents before children, with those that stand for naming contexts and inner names. */
  readonly entries: readonly LdapEntry[];
}

/**
 * Names between a naming context and an entry that nobody described get an entry of their own, so that every base
 * exists.
 *
 * @throws {LdapError} dn, entry
 */
export function createTree(content: {
  readonly namingContexts: readonly string[];
  readonly entries: readonly LdapEntry[];
}): MemoryTree {
  const contexts = content.namingContexts.map(normalDn);
  const byDn = new Map<string, TreeNode>();
  for (const entry of content.entries) {
    const node = createNode(entry);
    if (byDn.has(node.dn)) throw new LdapError('entry', `two entries are named ${entry.dn}`);
    if (!contexts.some((context) => isWithin(node.dn, context))) {
      throw new LdapError('entry', `${entry.dn} is in none of: ${content.namingContexts.join(' | ')}`);
    }
    byDn.set(node.dn, node);
  }
  addInnerNames(byDn, contexts, content.namingContexts);
  const nodes = [...byDn.values()]
    .map((node) => ({ node, depth: node.dn.split(',').length }))
    .sort((a, b) => a.depth - b.depth)
    .map(({ node }, place): TreeNode => ({ ...node, place }));
  for (const node of nodes) byDn.set(node.dn, node);
  const types = new Set(nodes.flatMap((node) => [...node.byType.keys()]));
  const byMail = new Map<string, TreeNode[]>();
  for (const node of nodes) {
    for (const mail of new Set(node.byType.get('mail')?.comparable)) {
      const known = byMail.get(mail);
      if (known) known.push(node);
      else byMail.set(mail, [node]);
    }
  }
  return {
    namingContexts: content.namingContexts,
    entries: nodes.map((node) => node.entry),
    nodes: ({ after }) => (after < 0 ? nodes : nodes.slice(after + 1)),
    find: (dn) => byDn.get(dn),
    candidates(filter, { after }) {
      const found = candidates(filter, byMail);
      return found && after >= 0
        ? { ...found, nodes: found.nodes.filter((one) => one.place > after) }
        : found;
    },
    knows: (type) => types.has(type) || describeAttribute(type).known,
  };
}

/** @throws {LdapError} dn */
export function createNode(entry: LdapEntry): TreeNode {
  const dn = normalDn(entry.dn);
  const values = new Map<string, { description: Description; values: (string | Uint8Array)[] }>();
  for (const [name, some] of Object.entries(entry.attributes)) {
    const description = describeAttribute(name);
    const known = values.get(description.type);
    if (known) known.values.push(...some);
    else values.set(description.type, { description, values: [...some] });
  }
  const byType = new Map(
    [...values].map(([type, { description, values: all }]) => [
      type,
      { description, values: all, comparable: comparableValues(description, all) },
    ]),
  );
  return { entry, dn, parent: parentDn(dn), byType, place: 0 };
}

/** The texts among the values, as the type of attribute compares them. */
export const comparableValues = ({ type }: Description, values: readonly (string | Uint8Array)[]): string[] =>
  values.filter((value) => typeof value === 'string').map((value) => comparableAs(type, value));

const CLASSES: Readonly<Record<string, string>> = {
  o: 'organization',
  ou: 'organizationalUnit',
  c: 'country',
  l: 'locality',
};

function addInnerNames(byDn: Map<string, TreeNode>, contexts: string[], spelled: readonly string[]): void {
  contexts.forEach((context, index) => {
    if (!byDn.has(context) && context !== '') byDn.set(context, innerNode(spelled[index]!));
  });
  for (const node of [...byDn.values()]) {
    let text = node.entry.dn;
    for (let dn = node.parent; dn !== '' && !byDn.has(dn); dn = parentDn(dn)) {
      if (!contexts.some((context) => isWithin(dn, context))) break;
      text = dn;
      byDn.set(dn, innerNode(text));
    }
  }
}

function innerNode(dn: string): TreeNode {
  const [, name = '', value = ''] = /^\s*([^=\s]+)\s*=\s*((?:\\.|[^,\\])*)/.exec(dn) ?? [];
  const { type } = describeAttribute(name);
  const plain = value.trim().replace(/\\(.)/g, '$1');
  const objectClass = type === 'dc' ? ['top', 'domain'] : ['top', CLASSES[type] ?? 'extensibleObject'];
  return createNode({ dn, attributes: { objectClass, [describeAttribute(name).name]: [plain] } });
}

interface Found {
  readonly nodes: readonly TreeNode[];
  readonly exact: boolean;
}

/** An `and` needs one indexed part, an `or` needs all of them. */
function candidates(filter: Filter, byMail: ReadonlyMap<string, TreeNode[]>): Found | undefined {
  switch (filter.kind) {
    case 'equal': {
      const { type, tagged } = describeAttribute(filter.attribute);
      if (type !== 'mail') return undefined;
      const nodes = tagged ? [] : (byMail.get(comparable(assertionText(filter.value))) ?? []);
      return { nodes, exact: true };
    }
    case 'and': {
      for (const part of filter.filters) {
        const found = candidates(part, byMail);
        if (found) return { nodes: found.nodes, exact: false };
      }
      return undefined;
    }
    case 'or': {
      const found = new Set<TreeNode>();
      for (const part of filter.filters) {
        const some = candidates(part, byMail);
        if (!some) return undefined;
        for (const node of some.nodes) found.add(node);
      }
      return { nodes: [...found].sort((a, b) => a.place - b.place), exact: false };
    }
    default:
      return undefined;
  }
}

/**
 * The certificates of an entry, as octets: all values under any spelling of `userCertificate`, equal ones once
 * (REQ-LDAP-09, REQ-LDAP-10).
 */
export function userCertificates(entry: LdapEntry): Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  for (const [name, values] of Object.entries(entry.attributes)) {
    if (describeAttribute(name).type !== 'usercertificate') continue;
    for (const value of values) {
      const octets = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
      if (octets.length > 0) found.set(Buffer.from(octets).toString('latin1'), octets);
    }
  }
  return [...found.values()];
}

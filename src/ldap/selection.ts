/**
 * Which attributes an answer carries, under which names (RFC 4511 §4.5.1.8), and the octets of entries, made once.
 *
 * @module
 */
import { describeAttribute } from './attributes.ts';
import { encodeEntry } from './encode.ts';
import type { LdapEntry, NodeAttribute, TreeNode } from './entries.ts';

export interface Selection {
  /** The entry as asked for; the same object for the same node. */
  pick(node: TreeNode): LdapEntry;
}

/** Selections by what was asked, and ready octets by entry. */
export interface Selections {
  of(attributes: readonly string[], typesOnly: boolean): Selection;
  /** The SearchResultEntry operation for an entry; kept for entries that `pick` gave. */
  encoded(entry: LdapEntry): Buffer;
}

const MOST_SELECTIONS = 200;

/** @param mostOctets of ready entries to keep; beyond that, all are forgotten and made again */
export function createSelections(mostOctets: number): Selections {
  const selections = new Map<string, Selection>();
  let picked = new WeakSet<LdapEntry>();
  let ready = new WeakMap<LdapEntry, Buffer>();
  let octets = 0;
  const forget = (): void => {
    selections.clear();
    picked = new WeakSet();
    ready = new WeakMap();
    octets = 0;
  };
  return {
    of(attributes, typesOnly) {
      const key = `${typesOnly ? 1 : 0} ${attributes.join('\0')}`;
      const known = selections.get(key);
      if (known) return known;
      if (selections.size >= MOST_SELECTIONS) forget();
      const made = new WeakMap<TreeNode, LdapEntry>();
      const wants = wanted(attributes);
      const selection: Selection = {
        pick(node) {
          if (node.passing) return select(node, wants, typesOnly);
          let entry = made.get(node);
          if (!entry) {
            entry = select(node, wants, typesOnly);
            made.set(node, entry);
            picked.add(entry);
          }
          return entry;
        },
      };
      selections.set(key, selection);
      return selection;
    },
    encoded(entry) {
      const known = ready.get(entry);
      if (known) return known;
      const bytes = encodeEntry(entry);
      if (!picked.has(entry)) return bytes;
      octets += bytes.length;
      if (octets > mostOctets) forget();
      else ready.set(entry, bytes);
      return bytes;
    },
  };
}

/** Nothing or `*` is every user attribute, `+` every operational one, `1.1` alone none. */
function wanted(attributes: readonly string[]): (attribute: NodeAttribute) => boolean {
  const types = new Set<string>();
  for (const name of attributes) {
    const { type, tagged } = describeAttribute(name);
    if (!tagged) types.add(type);
  }
  const user = attributes.length === 0 || types.has('*');
  const operational = types.has('+');
  return ({ description }) => (description.operational ? operational : user) || types.has(description.type);
}

function select(node: TreeNode, wants: (attribute: NodeAttribute) => boolean, typesOnly: boolean): LdapEntry {
  const chosen = [...node.byType.values()].filter((one) => one.values.length > 0 && wants(one));
  return {
    dn: node.entry.dn,
    attributes: Object.fromEntries(chosen.map((one) => [one.description.name, typesOnly ? [] : one.values])),
  };
}

/**
 * The directory as an LDAP tree (directory §2.4), read from the store as it is asked for: `o=directory` with the
 * organizations and the people and departments that have addresses. What was asked for lately is remembered, within
 * bounds, until something else is shown.
 *
 * @module
 */
import { describeAttribute } from '../../ldap/attributes.ts';
import { isWithin, parentDn } from '../../ldap/dn.ts';
import type { LdapTree, TreeLimits, TreeNode, Where } from '../../ldap/entries.ts';
import type { Filter } from '../../ldap/filter.ts';
import { RESULT } from '../../ldap/result.ts';
import { mayTakeAll, type Reader, reachOf } from '../access.ts';
import type { Directory } from '../directory.ts';
import { addressOfUid, BASE_DN, ORGANIZATIONS_DN, PEOPLE_DN } from '../write/ldif-text.ts';
import { organizationId } from '../write/rows.ts';
import { bounded } from './bounded.ts';
import {
  type CertificatesOf,
  entryAfter,
  organizationNode,
  personNode,
  placeOfOrganization,
  placeOfPerson,
  TOP_NODES,
} from './nodes.ts';
import { organizationOfDn, type Path, pathOf, type Shelf, soleAddress, unescaped } from './paths.ts';
import { type Found, openReading, type Reading, versionsOf } from './reading.ts';

export interface DirectoryTreeOptions {
  readonly certificatesOf?: CertificatesOf;
  /** Entries that are remembered. Default 16,000. */
  readonly remembered?: number;
}

export interface DirectoryTrees {
  /** What somebody sees now. Nobody, and whoever's key was revoked, sees only what the server says of itself. */
  treeFor(who: Standing | undefined): LdapTree;
  /** Forgets what was read, because certificates changed. */
  forget(): void;
}

/** Somebody who logged in. */
export interface Standing {
  readonly reader: Reader;
  /** Whom the key makes it now. */
  again(): Reader | undefined;
}

/** Time after which visibility is asked for again though nothing was written: some of it ends by itself. */
const FRESH_MS = 60_000;

/** Nodes of one search that are read at most; a page goes on after them. */
export const WORK = 10_000;

export function directoryTrees(directory: Directory, options: DirectoryTreeOptions = {}): DirectoryTrees {
  const { handle, host, tenant } = directory;
  const version = handle.prepare('pragma data_version');
  const state = handle.prepare(
    `select s.revision, (select count(*) || ' ' || total(at) from directory_choice where tenant = ?)
     from directory_state s where s.tenant = ?`,
  );
  const versions = versionsOf(directory);
  const trees = new Map<string, LdapTree>();
  let checked = new WeakMap<Standing, { readonly reader: Reader | undefined }>();
  let seen: unknown;
  let until = 0;
  let shown = '';
  const renew = (): void => {
    const [now] = version.lists();
    const late = host.mono() >= until;
    if (now?.[0] === seen && !late) return;
    seen = now?.[0];
    checked = new WeakMap();
    // much is written that changes nothing here: the record of what was asked, a contribution that is under way
    const current = state.lists(tenant, tenant).join();
    if (current === shown && !late) return;
    shown = current;
    until = host.mono() + FRESH_MS;
    trees.clear();
  };
  return {
    treeFor(who) {
      if (!who) return CLOSED;
      renew();
      const standing = checked.get(who) ?? { reader: who.again() };
      checked.set(who, standing);
      const { reader } = standing;
      if (!reader) return CLOSED;
      // participants all see the same; only their limits differ
      const key = `${reader.kind} ${mayTakeAll(reader)}`;
      const known = trees.get(key);
      if (known) return known;
      const made = createDirectoryTree(openReading(directory, reader, versions), reader, options);
      trees.set(key, made);
      return made;
    },
    forget: () => trees.clear(),
  };
}

const CONTEXTS = [BASE_DN];

const knows = (type: string): boolean => describeAttribute(type).known;

const CLOSED: LdapTree = {
  namingContexts: CONTEXTS,
  find: () => undefined,
  candidates: () => ({ nodes: [], exact: true }),
  nodes: () => [],
  knows,
  closed: {
    result: RESULT.insufficientAccessRights,
    diagnostic: `log in: bind as cn=<id of the HISP>,ou=participants,${BASE_DN} with a key of the HISP as password`,
  },
};

function limitsOf(reader: Reader): Partial<TreeLimits> {
  const { depth, listing } = reachOf(reader);
  return { entries: depth, enumeration: listing ? depth : ENUMERATION, work: WORK };
}

const CURE =
  'ask for an address, a name, an organization, a place, an NPI or a telephone number; the directory as a whole is read, in pages, with a key that has the right "bulk"';

/** Entries that somebody gets who asks for everything and may not have it. */
const ENUMERATION = 20;

function createDirectoryTree(reading: Reading, reader: Reader, options: DirectoryTreeOptions): LdapTree {
  const { certificatesOf, remembered = 16_000 } = options;
  const nodes = bounded<number, TreeNode>(remembered);
  const once = bounded<number, true>(remembered);
  /** What is asked for twice within a while is remembered; who reads all over the directory fills no memory. */
  const remember = (place: number, make: (passing: boolean) => TreeNode): TreeNode => {
    const known = nodes.get(place);
    if (known) return known;
    if (once.get(place) === undefined) {
      once.set(place, true);
      return make(true);
    }
    const node = make(false);
    nodes.set(place, node);
    return node;
  };
  const person = (found: Found): TreeNode =>
    remember(placeOfPerson(found.n), (passing) => personNode(found, passing, certificatesOf));
  const organization = (found: Found): TreeNode =>
    remember(placeOfOrganization(found.n), (passing) => organizationNode(found, passing));

  const addresses = bounded<string, readonly TreeNode[]>(remembered);
  const byAddress = (address: string): readonly TreeNode[] => {
    const known = addresses.get(address);
    if (known) return known;
    const found = reading.byAddress(address).map(person);
    if (found.length > 0 && !found.some(({ passing }) => passing)) addresses.set(address, found);
    return found;
  };

  /** Whether the entry is the one that tells of its organization. */
  const represents = ({ n, record }: Found): boolean => {
    const uid = organizationId(record);
    return uid !== '' && reading.representative(uid)?.n === n;
  };

  function* shelf(path: Path, which: Shelf, after: number): Generator<TreeNode> {
    let last = entryAfter(after);
    // the entry at the place itself may still be wanted: its organization comes before it
    if (last > 0) last -= 1;
    for (let size = FIRST_PAGE; ; size = Math.min(size * 2, MOST_PAGE)) {
      const page = reading.along(path, last, size);
      for (const found of page) {
        if (which === 'organizations' && !represents(found)) continue;
        const node = which === 'people' ? person(found) : organization(found);
        if (node.place > after) yield node;
      }
      if (page.length < size) return;
      last = page.at(-1)!.n;
    }
  }
  function* everything(paths: Readonly<Record<Shelf, Path>>, where: Where): Generator<TreeNode> {
    const { base, after } = where;
    for (const node of TOP_NODES) if (node.place > after) yield node;
    const shelves = (['organizations', 'people'] as const).filter((one) => isOn(one, where));
    if (shelves.length === 1) yield* shelf(paths[shelves[0]!], shelves[0]!, after);
    else if (shelves.length === 2) yield* merged(shelves.map((one) => shelf(paths[one], one, after)));
    else {
      const node = find(base);
      if (node && node.place > after && !TOP_NODES.includes(node)) yield node;
    }
  }
  const find = (dn: string): TreeNode | undefined => {
    const top = TOP_NODES.find((node) => node.dn === dn);
    if (top) return top;
    const uid = organizationOfDn(dn);
    if (uid !== undefined) {
      const found = reading.representative(uid);
      const node = found && organization(found);
      return node?.dn === dn ? node : undefined;
    }
    if (parentDn(dn) !== PEOPLE_DN || !dn.startsWith('uid=')) return undefined;
    const address = addressOfUid(unescaped(dn.slice(4, -PEOPLE_DN.length - 1)));
    return address === undefined ? undefined : byAddress(address).find((node) => node.dn === dn);
  };

  return {
    namingContexts: CONTEXTS,
    find,
    knows,
    limits: limitsOf(reader),
    cure: CURE,
    candidates(filter: Filter, where) {
      const address = soleAddress(filter);
      if (address !== undefined && where.after < 0) return { nodes: byAddress(address), exact: true };
      const paths = { people: pathOf(filter, 'people'), organizations: pathOf(filter, 'organizations') };
      const leads = (['people', 'organizations'] as const).every(
        (one) => !isOn(one, where) || paths[one].kind !== 'all',
      );
      return leads ? { nodes: everything(paths, where), exact: false } : undefined;
    },
    nodes: (where) => everything({ people: { kind: 'all' }, organizations: { kind: 'all' } }, where),
  };
}

/** Entries that are read at a time: few at first, because many searches find one. */
const FIRST_PAGE = 16;
const MOST_PAGE = 256;

/** Whether a search looks at what lies on the shelf. */
function isOn(shelf: Shelf, { base, scope }: Where): boolean {
  const dn = shelf === 'people' ? PEOPLE_DN : ORGANIZATIONS_DN;
  return base === dn || (scope === 'sub' && isWithin(dn, base));
}

/** Two ascending sequences as one. */
function* merged(sources: readonly Iterator<TreeNode>[]): Generator<TreeNode> {
  const heads = sources.map((source) => source.next());
  for (;;) {
    let least = -1;
    heads.forEach((head, i) => {
      if (!head.done && (least < 0 || head.value.place < (heads[least]!.value as TreeNode).place)) least = i;
    });
    if (least < 0) return;
    yield heads[least]!.value as TreeNode;
    heads[least] = sources[least]!.next();
  }
}

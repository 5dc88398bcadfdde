/**
 * The right answer to a search, computed from the tree and nothing else.
 *
 * @module
 */
import { isWithin, normalDn, parentDn } from './dn.ts';
import type { LdapEntry, LdapTree, TreeLimits, TreeNode } from './entries.ts';
import { LdapError } from './error.ts';
import { compileFilter } from './filter.ts';
import type { SearchRequest } from './requests.ts';
import { RESULT } from './result.ts';
import { rootNode, SUBSCHEMA, subschemaNode } from './root.ts';
import type { Selection } from './selection.ts';

/** What is sent: entries exactly as they stand here, then the references, then the result. */
export interface SearchAnswer {
  readonly result: number;
  readonly entries: readonly LdapEntry[];
  /** URIs, one search reference each. */
  readonly references?: readonly string[];
  readonly matchedDn?: string;
  readonly diagnostic?: string;
  /** Of an answer in pages that is not at its end: where the next page goes on. */
  readonly next?: PageStart;
}

/** Where a page begins. */
export interface PageStart {
  /** Place of the last node of the page before; -1: none. */
  readonly after: number;
  /** Entries of the pages before. */
  readonly sent: number;
}

export type SearchLimits = TreeLimits;

export interface SearchContext {
  readonly limits: SearchLimits;
  /** Extensions of the root DSE. */
  readonly extensions: readonly string[];
  /** Milliseconds, for the time limit. */
  readonly mono: () => number;
  /** Called with the number of comparisons made. */
  readonly worked?: (comparisons: number) => void;
  /** Only this page of the answer. */
  readonly page?: PageStart & { readonly size: number };
}

/**
 * Results: 0, 3, 4 and 11 with what was found so far, 32 with the nearest name that exists, 34, and what a closed tree
 * says.
 */
export function answerSearch(
  tree: LdapTree,
  search: SearchRequest,
  selection: Selection,
  context: SearchContext,
): SearchAnswer {
  let base: string;
  try {
    base = normalDn(search.base);
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
    return { result: RESULT.invalidDNSyntax, entries: [], diagnostic: error.message };
  }
  if (base === '' && search.scope === 'base') {
    return answerOne(rootNode(tree.namingContexts, context.extensions), tree, search, selection);
  }
  if (base === SUBSCHEMA && search.scope === 'base') {
    return answerOne(subschemaNode, tree, search, selection);
  }
  if (tree.closed) return { ...tree.closed, entries: [] };
  const node = tree.find(base);
  if (!node) return { result: RESULT.noSuchObject, entries: [], matchedDn: nearest(tree, base) };
  return search.scope === 'base'
    ? answerOne(node, tree, search, selection)
    : answerMany(base, tree, search, selection, context);
}

function answerOne(
  node: TreeNode,
  tree: LdapTree,
  search: SearchRequest,
  selection: Selection,
): SearchAnswer {
  const found = compileFilter(search.filter, tree.knows).test(node) === 1;
  return { result: RESULT.success, entries: found ? [selection.pick(node)] : [] };
}

/** How many nodes are looked at between two looks at the clock. */
const CLOCK_EVERY = 1024;

function answerMany(
  base: string,
  tree: LdapTree,
  search: SearchRequest,
  selection: Selection,
  context: SearchContext,
): SearchAnswer {
  const { mono, page } = context;
  const limits = tree.limits ? { ...context.limits, ...tree.limits } : context.limits;
  const where = { base, scope: search.scope as 'one' | 'sub', after: page?.after ?? -1 };
  const indexed = tree.candidates(search.filter, where);
  const nodes = indexed?.nodes ?? tree.nodes(where);
  const exact = indexed?.exact ?? false;
  const predicate = compileFilter(search.filter, tree.knows);
  const ours = indexed ? limits.entries : Math.min(limits.enumeration, limits.entries);
  const most = search.sizeLimit > 0 ? Math.min(search.sizeLimit, ours) : ours;
  const affordable = Math.floor(limits.work / predicate.cost);
  const seconds = search.timeLimitS > 0 ? Math.min(search.timeLimitS, limits.timeS) : limits.timeS;
  const deadline = mono() + seconds * 1000;
  const sent = page?.sent ?? 0;
  const entries: LdapEntry[] = [];
  let result: number = RESULT.success;
  let next: PageStart | undefined;
  let last = where.after;
  let looked = 0;
  for (const node of nodes) {
    if (looked === affordable) {
      // a page may be short: the next one goes on
      if (page) next = { after: last, sent: sent + entries.length };
      else result = RESULT.adminLimitExceeded;
    } else if (looked % CLOCK_EVERY === CLOCK_EVERY - 1 && mono() > deadline) {
      result = RESULT.timeLimitExceeded;
    }
    if (result !== RESULT.success || next) break;
    looked++;
    const inside = search.scope === 'one' ? node.parent === base && node.dn !== '' : isWithin(node.dn, base);
    if (!inside || !(exact || predicate.test(node) === 1)) {
      last = node.place;
      continue;
    }
    if (sent + entries.length === most) {
      result = most === search.sizeLimit ? RESULT.sizeLimitExceeded : RESULT.adminLimitExceeded;
      break;
    }
    if (page && entries.length === page.size) {
      next = { after: last, sent: sent + entries.length };
      break;
    }
    last = node.place;
    entries.push(selection.pick(node));
  }
  context.worked?.(looked * predicate.cost);
  const cure = result === RESULT.adminLimitExceeded && !indexed ? tree.cure : undefined;
  return { result, entries, ...(next && { next }), ...(cure !== undefined && { diagnostic: cure }) };
}

/** As it is written in the tree; empty when nothing above exists. */
function nearest(tree: LdapTree, missing: string): string {
  for (let dn = parentDn(missing); dn !== ''; dn = parentDn(dn)) {
    const node = tree.find(dn);
    if (node) return node.entry.dn;
  }
  return '';
}

/**
 * How somebody connects: a path, or why there is none and what would make one.
 *
 * @module
 */
import type { ConnectHisp, HispEdge, Product, ProductEdge, Register } from './product.ts';

export interface Question {
  /** `id version`; undefined: no product, people read and write on pages. */
  readonly product?: { readonly id: string; readonly version: string };
  /** Undefined: any. */
  readonly hisp?: string;
  /** A community that has to be reached as a member; undefined: any. */
  readonly community?: string;
}

/** Why a HISP is none that fits. */
export type Hindrance =
  | { readonly code: 'closed' }
  /** The product goes with others only. */
  | {
      readonly code: 'relation';
      readonly relation: 'designated' | 'integrated';
      readonly with: readonly string[];
    }
  | { readonly code: 'community'; readonly community: string }
  /** Nothing that both speak, and no webmail. */
  | { readonly code: 'edges'; readonly missing: 'send' | 'receive' | 'both' };

/** One change of the register. */
export type Cure =
  | { readonly change: 'opens'; readonly hisp: string }
  | { readonly change: 'goes-with'; readonly hisp: string; readonly relation: 'designated' | 'integrated' }
  | { readonly change: 'joins'; readonly hisp: string; readonly community: string }
  | { readonly change: 'offers'; readonly hisp: string; readonly edge: HispEdge };

export interface Path {
  readonly hisp: string;
  readonly send: HispEdge;
  readonly receive: HispEdge;
  /**
   * `direct`: the product does both; `partly`: webmail does one of both; `beside`: the product has no part in it and
   * people use webmail; `pages`: there is no product.
   */
  readonly how: 'direct' | 'partly' | 'beside' | 'pages';
}

export type Answer =
  /** The best first. */
  | { readonly found: true; readonly paths: readonly [Path, ...Path[]] }
  | {
      readonly found: false;
      readonly why: 'unknown-product' | 'unknown-hisp' | 'unknown-community' | 'no-hisp' | 'hindered';
      /** Of each HISP that was asked about. */
      readonly hindered: readonly { readonly hisp: string; readonly by: readonly Hindrance[] }[];
      /** Each of these, done whole, makes a path; the smallest first. */
      readonly cures: readonly (readonly Cure[])[];
    };

const SEND = ['smtp', 'xdr', 'rest'] as const satisfies readonly ProductEdge[];
const RECEIVE = ['imap', 'pop3', 'xdr', 'rest'] as const satisfies readonly ProductEdge[];
const RANK: Readonly<Record<Path['how'], number>> = { direct: 0, pages: 0, partly: 1, beside: 2 };

/** Total: every question has an answer. */
export function decide(register: Register, question: Question): Answer {
  const nothing = (why: Exclude<Answer, { found: true }>['why']): Answer => ({
    found: false,
    why,
    hindered: [],
    cures: [],
  });
  const asked = question.product;
  const product =
    asked && register.products.find((one) => one.id === asked.id && one.version === asked.version);
  if (asked && !product) return nothing('unknown-product');
  const { community } = question;
  if (community !== undefined && !Object.hasOwn(register.communities, community)) {
    return nothing('unknown-community');
  }
  const hisps = register.hisps.filter(({ id }) => question.hisp === undefined || id === question.hisp);
  if (hisps.length === 0) return nothing(question.hisp === undefined ? 'no-hisp' : 'unknown-hisp');
  const judged = hisps.map((hisp) => judge(hisp, product, community));
  const paths = judged
    .flatMap(({ path, by }) => (path && by.length === 0 ? path : []))
    .toSorted((a, b) => RANK[a.how] - RANK[b.how]);
  const [best, ...others] = paths;
  if (best) return { found: true, paths: [best, ...others] };
  return {
    found: false,
    why: 'hindered',
    hindered: judged.map(({ hisp, by }) => ({ hisp, by })),
    cures: judged
      .map(({ hisp, by }) => by.map((one) => cureOf(hisp, one, product)))
      .toSorted((a, b) => a.length - b.length),
  };
}

function judge(
  hisp: ConnectHisp,
  product: Product | undefined,
  community: string | undefined,
): { readonly hisp: string; readonly path?: Path; readonly by: readonly Hindrance[] } {
  const by: Hindrance[] = [];
  if (!hisp.accepts) by.push({ code: 'closed' });
  const apart = product !== undefined && product.relation !== 'any' && !product.hisps.includes(hisp.id);
  if (apart && product.relation === 'integrated') {
    by.push({ code: 'relation', relation: 'integrated', with: product.hisps });
  }
  if (community !== undefined && !hisp.communities.includes(community))
    by.push({ code: 'community', community });
  const offers = (edge: HispEdge): boolean => hisp.edges.includes(edge);
  const common = (edge: ProductEdge): boolean => offers(edge) && (product?.edges.includes(edge) ?? false);
  const [send, receive] = [SEND.find(common), RECEIVE.find(common)];
  if (offers('webmail')) {
    // a product that is connected with others has no part in it: people use pages beside it
    const own = apart ? {} : { ...(send ? { send } : {}), ...(receive ? { receive } : {}) };
    const count = Object.keys(own).length;
    const how = !product ? 'pages' : count === 2 ? 'direct' : count === 1 ? 'partly' : 'beside';
    return { hisp: hisp.id, path: { hisp: hisp.id, send: 'webmail', receive: 'webmail', ...own, how }, by };
  }
  if (!apart && send && receive) {
    return { hisp: hisp.id, path: { hisp: hisp.id, send, receive, how: 'direct' }, by };
  }
  const missing = send && receive ? undefined : send ? 'receive' : receive ? 'send' : 'both';
  const onPages = missing !== undefined && edgeThatHelps(product, missing) === 'webmail';
  // where pages are what helps, it does not matter whom the product is connected with
  if (apart && product.relation === 'designated' && !onPages) {
    by.push({ code: 'relation', relation: 'designated', with: product.hisps });
  }
  if (missing !== undefined) by.push({ code: 'edges', missing });
  return { hisp: hisp.id, by };
}

function cureOf(hisp: string, hindrance: Hindrance, product: Product | undefined): Cure {
  switch (hindrance.code) {
    case 'closed':
      return { change: 'opens', hisp };
    case 'relation':
      return { change: 'goes-with', hisp, relation: hindrance.relation };
    case 'community':
      return { change: 'joins', hisp, community: hindrance.community };
    case 'edges':
      return { change: 'offers', hisp, edge: edgeThatHelps(product, hindrance.missing) };
  }
}

/** One edge of the product, if that alone is enough; pages otherwise, which everybody can use. */
function edgeThatHelps(product: Product | undefined, missing: 'send' | 'receive' | 'both'): HispEdge {
  const speaks = (edge: ProductEdge): boolean => product?.edges.includes(edge) ?? false;
  if (missing === 'both') return (['xdr', 'rest'] as const).find(speaks) ?? 'webmail';
  return (missing === 'send' ? SEND : RECEIVE).find(speaks) ?? 'webmail';
}

/** The register after a change. */
export function cured(register: Register, product: Question['product'], cure: Cure): Register {
  const hisps = register.hisps.map((one) => (one.id === cure.hisp ? changed(one, cure) : one));
  const products = register.products.map((one) =>
    cure.change === 'goes-with' && one.id === product?.id && one.version === product.version
      ? { ...one, hisps: [...one.hisps, cure.hisp] }
      : one,
  );
  return { ...register, hisps, products };
}

function changed(hisp: ConnectHisp, cure: Cure): ConnectHisp {
  switch (cure.change) {
    case 'opens':
      return { ...hisp, accepts: true };
    case 'joins':
      return { ...hisp, communities: [...hisp.communities, cure.community] };
    case 'offers':
      return { ...hisp, edges: [...hisp.edges, cure.edge] };
    case 'goes-with':
      return hisp;
  }
}

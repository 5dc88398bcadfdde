/**
 * Finding every chain from a certificate to an anchor: certificates at hand first, then what AIA names (RFC 5280
 * §4.2.2.1, RFC 4158; REQ-AS-32, -33, -34).
 *
 * Issuers are looked for by name and proved by signature; key identifiers only say whom to try first. All branches are
 * tried, within limits on depth, breadth, fetches and octets, and each one that fails says why.
 *
 * @module
 */
import { type Cause, cause } from '../../outcome/cause.ts';
import { verifySignature } from '../algorithms.ts';
import type { Certificate } from '../certificate.ts';
import { PkiError } from '../error.ts';
import { inheritsKey } from '../inherited-key.ts';
import { formatName, sameName } from '../name.ts';
import { type Anchor, isAnchor, isPinned } from './anchor.ts';
import { constraint } from './checks.ts';
import type { PathPolicy, Profile } from './input.ts';
import { createIssuerPool, type IssuerFetch, type IssuerPool } from './issuer-pool.ts';
import { referencePolicy, validatePath } from './validate.ts';

export type { IssuerFetch };

export interface BuildLimits {
  /** Certificates in a path, the leaf among them, the anchor not. */
  readonly depth: number;
  /** Issuers of one name that are tried. */
  readonly breadth: number;
  /** Branches looked at in one round. */
  readonly branches: number;
  /** URLs asked. */
  readonly fetches: number;
  /** Rounds of asking: how far above the leaf AIA may lead. */
  readonly fetchDepth: number;
  /** Octets of fetched certificates, all together. */
  readonly octets: number;
}

export const BUILD_LIMITS: BuildLimits = {
  depth: 8,
  breadth: 16,
  branches: 200,
  fetches: 20,
  fetchDepth: 5,
  octets: 1024 * 1024,
};

export interface BuildInput {
  readonly leaf: Certificate;
  readonly anchors: readonly Anchor[];
  /** Certificates at hand that may be issuers: from the message, from earlier fetches. */
  readonly pool: readonly Certificate[];
  readonly fetchIssuers: (url: string) => Promise<IssuerFetch>;
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly profile: Profile;
  /** Whose anchors they are, for the texts of causes. */
  readonly domain?: string;
  readonly limits?: Partial<BuildLimits>;
  /** What validation asks; default: the reference for the profile. */
  readonly policy?: Partial<PathPolicy>;
  /** Where issuers of a certificate are asked for; default: its http(s) caIssuers URLs. */
  readonly issuerUrls?: (certificate: Certificate) => readonly string[];
}

export interface FoundPath {
  /** From the leaf upwards, without the anchor. */
  readonly certificates: readonly Certificate[];
  readonly anchor: Anchor;
  readonly policies: readonly string[];
}

export interface RejectedPath {
  /** From the leaf upwards, as far as it came. */
  readonly path: readonly Certificate[];
  readonly cause: Cause;
  /** Set when it came to an anchor by name. */
  readonly anchor?: Anchor;
  /** The check that refused it; unset when it led nowhere. */
  readonly check?: string;
}

export interface FetchRecord {
  readonly url: string;
  /** Whose issuer was looked for. */
  readonly certificate: Certificate;
  readonly found: readonly Certificate[];
  /** Why nothing was found. */
  readonly why?: string;
  readonly unanswered: boolean;
}

export interface BuildResult {
  /** Every good path, in the order found. */
  readonly paths: readonly FoundPath[];
  readonly rejected: readonly RejectedPath[];
  readonly fetched: readonly FetchRecord[];
  /** No path, and a source did not answer: ask again later. */
  readonly undetermined: boolean;
  /** The most telling cause when there is no path. */
  readonly cause?: Cause;
  /** Limits that cut the search short. */
  readonly limited: readonly (keyof BuildLimits)[];
}

/** Finds all paths. Fetches only while no path is good, one URL after another, each URL once. */
export async function buildPaths(input: BuildInput): Promise<BuildResult> {
  const search = new Search(input);
  let round = search.explore();
  for (let depth = 0; round.paths.length === 0 && !round.hopeless; depth++) {
    if (depth === search.limits.fetchDepth) {
      if (search.hasUnasked()) search.limited.add('fetchDepth');
      break;
    }
    if (!(await search.fetchRound())) break;
    round = search.explore();
  }
  const { paths, rejected } = round;
  const first = paths.length === 0 ? mostTelling(rejected) : undefined;
  return {
    paths,
    rejected,
    fetched: search.fetched,
    undetermined: paths.length === 0 && !round.hopeless && search.fetched.some((f) => f.unanswered),
    ...(first && { cause: first }),
    limited: [...search.limited],
  };
}

interface Round {
  readonly paths: FoundPath[];
  readonly rejected: RejectedPath[];
  /** What is wrong is wrong with the leaf, whichever way leads up from it. */
  hopeless: boolean;
  branches: number;
}

const LEAF_ALONE: ReadonlySet<string> = new Set(['validity', 'strength', 'critical-extensions']);

class Search {
  readonly input: BuildInput;
  readonly limits: BuildLimits;
  readonly limited = new Set<keyof BuildLimits>();
  readonly fetched: FetchRecord[] = [];
  readonly #pool: IssuerPool;
  readonly #policy: PathPolicy;
  readonly #urls: (certificate: Certificate) => readonly string[];
  /** Certificates that a round came to, nearest to the leaf first: where AIA may lead on. */
  #tips = new Map<string, Certificate>();
  readonly #asked = new Set<string>();
  readonly #signed = new Map<string, boolean>();
  #octets = 0;

  constructor(input: BuildInput) {
    this.input = input;
    this.limits = { ...BUILD_LIMITS, ...input.limits };
    this.#pool = createIssuerPool(input.pool);
    this.#policy = { ...referencePolicy(input.profile), ...input.policy };
    this.#urls = input.issuerUrls ?? httpIssuerUrls;
  }

  explore(): Round {
    const round: Round = { paths: [], rejected: [], hopeless: false, branches: 0 };
    this.#tips = new Map();
    this.#extend([this.input.leaf], round);
    return round;
  }

  #extend(path: readonly Certificate[], round: Round): void {
    if (++round.branches > this.limits.branches) {
      this.limited.add('branches');
      return;
    }
    const tip = path.at(-1)!;
    this.#tips.set(tip.sha256, tip);
    const ended = this.#anchored(path, tip, round);
    const candidates = this.#candidates(path, tip);
    if (candidates.length > 0 && path.length >= this.limits.depth) {
      this.limited.add('depth');
      round.rejected.push({ path, cause: constraint(tip, `the path is longer than ${this.limits.depth}`) });
      return;
    }
    for (const candidate of candidates) {
      const longer = [...path, candidate];
      if (this.#isSignedBy(tip, candidate)) this.#extend(longer, round);
      else {
        const which = `its signature does not verify with the key of ${formatName(candidate.subject)}`;
        round.rejected.push({ path: longer, cause: constraint(tip, which), check: 'signature' });
      }
    }
    if (!ended && candidates.length === 0) round.rejected.push({ path, cause: this.#deadEnd(tip) });
  }

  /** Tries every anchor that has the name of the tip's issuer. @returns whether there was one */
  #anchored(path: readonly Certificate[], tip: Certificate, round: Round): boolean {
    let ended = false;
    for (const anchor of this.input.anchors) {
      const pinned = path.length === 1 && isPinned(tip, anchor);
      if (!pinned && (anchor.pinned || !(sameName(anchor.name, tip.issuer) || isAnchor(tip, anchor))))
        continue;
      ended = true;
      const result = validatePath({ ...this.#policy, path, anchor, at: this.input.at });
      if (result.ok) round.paths.push({ certificates: path, anchor, policies: result.policies });
      else {
        round.rejected.push({ path, cause: result.cause, anchor, check: result.check });
        round.hopeless ||= result.at === 0 && LEAF_ALONE.has(result.check);
      }
    }
    return ended;
  }

  /** Issuers by name that are not in the path yet, whoever the key identifiers point at first. */
  #candidates(path: readonly Certificate[], tip: Certificate): Certificate[] {
    const all = this.#pool
      .named(tip.issuer)
      .filter((candidate) => !path.some((passed) => sameIdentity(passed, candidate)))
      .filter((candidate) => !this.input.anchors.some((anchor) => isAnchor(candidate, anchor)))
      .toSorted((a, b) => Number(b.ski === tip.aki) - Number(a.ski === tip.aki));
    if (all.length > this.limits.breadth) this.limited.add('breadth');
    return all.slice(0, this.limits.breadth);
  }

  #isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
    const id = `${certificate.sha256} ${issuer.sha256}`;
    const known = this.#signed.get(id);
    if (known !== undefined) return known;
    const good = signedBy(certificate, issuer);
    this.#signed.set(id, good);
    return good;
  }

  #deadEnd(tip: Certificate): Cause {
    const issuer = formatName(tip.issuer);
    const failed = this.fetched.find((f) => f.certificate.sha256 === tip.sha256 && f.why !== undefined);
    if (failed) return cause('trust.aia-failed', { issuer, url: failed.url, why: failed.why! });
    return cause('trust.no-path', {
      issuer,
      domain: this.input.domain ?? '',
      tried: this.input.anchors.length,
      sources: [...new Set(this.input.anchors.map((anchor) => anchor.source))],
    });
  }

  #unasked(): { certificate: Certificate; url: string }[] {
    return [...this.#tips.values()]
      .filter((certificate) => !signsItself(certificate))
      .flatMap((certificate) => this.#urls(certificate).map((url) => ({ certificate, url })))
      .filter(({ url }) => !this.#asked.has(url));
  }

  hasUnasked = (): boolean => this.#unasked().length > 0;

  /** Asks every URL that the last round came to. @returns whether there was one: then look again */
  async fetchRound(): Promise<boolean> {
    const before = this.#asked.size;
    for (const { certificate, url } of this.#unasked()) {
      if (this.#asked.has(url)) continue;
      if (this.#asked.size >= this.limits.fetches) {
        this.limited.add('fetches');
        break;
      }
      this.#asked.add(url);
      this.#take(certificate, url, await this.input.fetchIssuers(url));
    }
    return this.#asked.size > before;
  }

  #take(certificate: Certificate, url: string, answer: IssuerFetch): void {
    if ('why' in answer) {
      this.fetched.push({ url, certificate, found: [], why: answer.why, unanswered: true });
      return;
    }
    this.#octets += answer.reduce((sum, found) => sum + found.der.length, 0);
    if (this.#octets > this.limits.octets) {
      this.limited.add('octets');
      const why = `more than ${this.limits.octets} octets of issuer certificates`;
      this.fetched.push({ url, certificate, found: [], why, unanswered: false });
      return;
    }
    const named = answer.some((found) => sameName(found.subject, certificate.issuer));
    const why = named ? undefined : 'no certificate of that name is there';
    this.fetched.push({ url, certificate, found: answer, ...(why && { why }), unanswered: false });
    this.#pool.add(answer);
  }
}

const httpIssuerUrls = (certificate: Certificate): readonly string[] =>
  certificate.caIssuersUrls.filter((url) => /^https?:/i.test(url));

const sameIdentity = (a: Certificate, b: Certificate): boolean =>
  sameName(a.subject, b.subject) && Buffer.compare(a.spki, b.spki) === 0;

const signsItself = (certificate: Certificate): boolean =>
  sameName(certificate.subject, certificate.issuer) && signedBy(certificate, certificate);

function signedBy(certificate: Certificate, issuer: Certificate): boolean {
  // half of that key stands further up: validation, which knows the path, proves the signature
  if (inheritsKey(issuer.spki)) return true;
  try {
    return verifySignature(
      certificate.signature,
      certificate.tbs,
      certificate.signatureValue,
      issuer.publicKey,
    );
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

/** A path that came to an anchor says most, a source that did not answer more than a signature that does not fit. */
function mostTelling(rejected: readonly RejectedPath[]): Cause | undefined {
  const rank = ({ anchor, check, cause: found }: RejectedPath): number => {
    if (anchor && check !== 'signature') return 0;
    if (found.code === 'trust.aia-failed') return 1;
    return check === 'signature' ? 2 : 3;
  };
  return rejected.toSorted((a, b) => rank(a) - rank(b))[0]?.cause;
}

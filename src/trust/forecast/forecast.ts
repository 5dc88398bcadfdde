/**
 * What a change of anchors or of policy would do, before it is made: who gains and who loses trust. Decided by the code
 * that decides about mail.
 *
 * Cost: domains with the same anchors and policy are decided for once. With D different pairs of (set before, set after)
 * among the domains and A addresses, there are at most 4 D A decisions, whatever the number of domains is; domains that
 * the change does not touch cost nothing.
 *
 * @module
 */
import type { Cause } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Anchor } from '../../pki/path/anchor.ts';
import type { AnchorDirection } from '../anchors.ts';
import { decide, type Subject, selectUsable } from '../decide.ts';
import type { Verdict } from '../decision.ts';
import { candidateChecks } from '../reference.ts';
import type { TrustSources } from '../sources.ts';
import { anchorsFor, changed, type TrustChange, type TrustPolicy, type TrustState } from './change.ts';

/** Certificates of an address: published for it or for its domain, or signed with. */
export interface Holder {
  readonly address: string;
  readonly certificates: readonly Certificate[];
  /** Why there is none. */
  readonly missing?: Cause;
}

/** Who wrote to whom; addresses in lower case. */
export interface Traffic {
  readonly from: string;
  readonly to: string;
  readonly direction: 'out' | 'in';
  readonly messages: number;
}

export interface ForecastInput {
  readonly before: TrustState;
  readonly change: TrustChange;
  /** Our own addresses: their domains are those that decide. */
  readonly own: readonly string[];
  /** Everybody who may be at the other end, with certificates; our own too. */
  readonly holders: readonly Holder[];
  readonly traffic: readonly Traffic[];
  readonly sources: TrustSources;
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly limits?: Partial<ForecastLimits>;
}

export interface ForecastLimits {
  /** Pairs that are listed; all are counted. */
  readonly listed: number;
  /** Decisions that are made. */
  readonly decisions: number;
}

export const FORECAST_LIMITS: ForecastLimits = { listed: 2000, decisions: 50_000 };

export interface Fate {
  readonly verdict: Verdict;
  /** First cause, unless trusted. */
  readonly cause?: Cause;
}

/** A pair whose fate changes. `out`: whether `from` may encrypt to `to`; `in`: whether `to` trusts the signature of `from`. */
export interface PairChange {
  readonly from: string;
  readonly to: string;
  readonly direction: 'out' | 'in';
  readonly effect: 'gains' | 'loses';
  readonly before: Fate;
  readonly after: Fate;
  /** Messages in the time that was looked at. */
  readonly messages: number;
}

export interface Tally {
  readonly gains: number;
  readonly loses: number;
  /** Pairs that were looked at. */
  readonly pairs: number;
}

export interface Forecast {
  readonly at: number;
  /** Every pair of our own addresses with all others. */
  readonly directory: Tally;
  /** Pairs that wrote to each other. */
  readonly traffic: Tally;
  /** With traffic first, losses before gains; at most `listed`. */
  readonly changes: readonly PairChange[];
  /** Changes that are counted and not listed. */
  readonly unlisted: number;
  /** Domains whose anchors or policy the change touches. */
  readonly touched: readonly string[];
  /** Decisions that were made. */
  readonly decided: number;
  /** Whether it ended at the limit of decisions, so that there may be more. */
  readonly cut: boolean;
}

const DIRECTIONS = ['out', 'in'] as const;
const ANCHORS_OF = { out: 'outgoing', in: 'incoming' } as const satisfies Record<
  'out' | 'in',
  AnchorDirection
>;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** What decides for a domain in one direction, at one time. */
interface Side {
  readonly anchors: readonly Anchor[];
  readonly policy: TrustPolicy;
  /** The same for domains that decide alike. */
  readonly id: string;
}

/** Forecasts. Fetches (issuers, revocation) only through `sources`. */
export async function forecast(input: ForecastInput): Promise<Forecast> {
  const limits = { ...FORECAST_LIMITS, ...input.limits };
  const after = changed(input.before, input.change);
  const byDomain = Map.groupBy(new Set(input.own), domainOf);
  const sideBefore = sidesOf(input.before);
  const sideAfter = sidesOf(after);
  const judge = judgeOf(input);
  const messages = new Map(input.traffic.map((one) => [pairKey(one), one.messages]));
  const traffic = { gains: 0, loses: 0, pairs: messages.size };
  const directory = {
    gains: 0,
    loses: 0,
    pairs: 2 * input.own.length * Math.max(0, input.holders.length - 1),
  };
  const touched = new Set<string>();
  const changes: PairChange[] = [];
  let unlisted = 0;
  let cut = false;
  for (const direction of DIRECTIONS) {
    for (const [domain, people] of byDomain) {
      const [was, willBe] = [sideBefore(domain, direction), sideAfter(domain, direction)];
      if (was.id === willBe.id) continue;
      touched.add(domain);
      for (const holder of input.holders) {
        if (judge.decided() >= limits.decisions) {
          cut = true;
          break;
        }
        const pair = { domain, direction, holder };
        const [old, next] = [await judge.fate(was, pair), await judge.fate(willBe, pair)];
        const effect = effectOf(old, next);
        if (!effect) continue;
        for (const own of people) {
          if (own === holder.address) continue;
          const [from, to] = direction === 'out' ? [own, holder.address] : [holder.address, own];
          const wrote = messages.get(pairKey({ from, to, direction })) ?? 0;
          directory[effect]++;
          if (wrote > 0) traffic[effect]++;
          // those that wrote to each other are always listed
          if (wrote === 0 && changes.length >= limits.listed) unlisted++;
          else changes.push({ from, to, direction, effect, before: old, after: next, messages: wrote });
        }
      }
    }
  }
  return {
    at: input.at,
    directory,
    traffic,
    changes: changes.toSorted(byWeight),
    unlisted,
    touched: [...touched].toSorted(),
    decided: judge.decided(),
    cut,
  };
}

const pairKey = ({ from, to, direction }: Pick<Traffic, 'from' | 'to' | 'direction'>): string =>
  `${direction} ${from} ${to}`;

const effectOf = (before: Fate, after: Fate): 'gains' | 'loses' | undefined => {
  const [was, is] = [before.verdict === 'trusted', after.verdict === 'trusted'];
  return was === is ? undefined : is ? 'gains' : 'loses';
};

const byWeight = (a: PairChange, b: PairChange): number =>
  b.messages - a.messages ||
  (a.effect === b.effect ? 0 : a.effect === 'loses' ? -1 : 1) ||
  (pairKey(a) < pairKey(b) ? -1 : 1);

function sidesOf(state: TrustState): (domain: string, direction: 'out' | 'in') => Side {
  const anchors = anchorsFor(state.entries);
  return (domain, direction) => {
    const list = anchors(domain, ANCHORS_OF[direction]);
    const policy = state.policy(domain);
    const names = list.map(
      ({ certificate, spki }) => certificate?.sha256 ?? Buffer.from(spki).toString('hex'),
    );
    return { anchors: list, policy, id: [policy.profile, policy.revocation, ...names.toSorted()].join(' ') };
  };
}

interface Pair {
  readonly domain: string;
  readonly direction: 'out' | 'in';
  readonly holder: Holder;
}

/** Decides, once for each (anchors and policy, direction, address): everything else is the same for all who ask. */
function judgeOf({ sources, at }: Pick<ForecastInput, 'sources' | 'at'>) {
  const known = new Map<string, { readonly asker: string; readonly fate: Promise<Fate> }>();
  return {
    decided: () => known.size,
    async fate(side: Side, pair: Pair): Promise<Fate> {
      const key = `${pair.direction} ${pair.holder.address} ${side.id}`;
      let found = known.get(key);
      if (!found) {
        found = { asker: pair.domain, fate: fateOf(side, pair, sources, at) };
        known.set(key, found);
      }
      return forAsker(await found.fate, found.asker, pair.domain);
    },
  };
}

/** A reason names the domain that asked first; nothing else in it is that domain's own. */
const forAsker = (fate: Fate, asker: string, domain: string): Fate =>
  asker === domain || !fate.cause || !('domain' in fate.cause.params)
    ? fate
    : { ...fate, cause: { ...fate.cause, params: { ...fate.cause.params, domain } } as Cause };

async function fateOf(
  side: Side,
  { domain, direction, holder }: Pair,
  sources: TrustSources,
  at: number,
): Promise<Fate> {
  const { address, certificates, missing } = holder;
  const own = `anybody@${domain}`;
  const decision = await decide({
    from: direction === 'out' ? own : address,
    to: direction === 'out' ? address : own,
    direction,
    at,
    ...side.policy,
    anchors: { domain, direction: ANCHORS_OF[direction], list: side.anchors },
    subjects: certificates.map(
      (certificate): Subject => ({ sha256: certificate.sha256, where: 'directory', certificate, notes: [] }),
    ),
    ...(missing ? { missing: { cause: missing, temporary: missing.code === 'discovery.temporary' } } : {}),
    pool: [],
    sources,
    checks: candidateChecks,
    select: selectUsable,
    report: (findings) => findings,
  });
  const { verdict, firstCause } = decision;
  return { verdict, ...(firstCause ? { cause: firstCause } : {}) };
}

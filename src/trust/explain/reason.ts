/**
 * Reasons in words, and the advice that goes with each: what the decision says of them, and what can be said beyond it
 * because more is known here than a trust decision may know.
 *
 * @module
 */
import { LEVEL_TEXT } from '../../discovery/explain-text.ts';
import type { Level } from '../../discovery/types.ts';
import { type Cause, sentence } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import type { Anchor } from '../../pki/path/anchor.ts';
import type { AnchorDirection } from '../anchors.ts';
import type { CertificateSummary, PathSummary, TrustDecision } from '../decision.ts';
import type { AnchorPlace } from './facts.ts';
import { domainOf, shortName, supplier } from './names.ts';
import type { ExplainedCure, ReasonText } from './schema.ts';

/** Which certificate a reason speaks of: one that was published, or one that came with a signature. */
export type Use = 'encrypt' | 'sign';

const FOUND = /^the certificate found\b/;

/** The reason in words; `more` goes on with it. */
export const reasonText = (reason: Cause, use: Use = 'encrypt', more = ''): ReasonText => ({
  code: reason.code,
  params: { ...reason.params } as ReasonText['params'],
  text: `${spokenFor(sentence(reason), use)}${more}`,
});

const spokenFor = (text: string, use: Use): string =>
  use === 'encrypt' ? text : text.replace(FOUND, 'the certificate it signs with');

/** The parameters that hold distinguished names. */
const NAMES: ReadonlySet<string> = new Set(['issuer', 'subject', 'anchor']);

/** As `sentence`, for large type: common names instead of distinguished ones. */
export function plainSentence(reason: Cause, use: Use): string {
  const params = Object.fromEntries(
    Object.entries(reason.params).map(([key, value]) => {
      if (typeof value !== 'string') return [key, value];
      if (key === 'stage') return [key, LEVEL_TEXT[value as Level] ?? value];
      return [key, NAMES.has(key) ? shortName(value) : value];
    }),
  );
  return spokenFor(sentence({ code: reason.code, params } as unknown as Cause), use);
}

/** What is added to a reason: how it goes on, and advice that takes the place of the general one. */
export interface Insight {
  readonly more: string;
  readonly cure?: { readonly by: 'publisher' | 'truster'; readonly text: string };
}

const NOTHING: Insight = { more: '' };

/** What is known here beyond a trust decision. */
export interface Beyond {
  /** The domain that publishes the certificate, or signs with it. */
  readonly publisher: string;
  /** Anchors that the same domain trusts, for mail in the other direction. */
  readonly otherDirection: readonly Anchor[];
  readonly elsewhere: readonly AnchorPlace[];
  /** The certificates that were decided on. */
  readonly certificates: readonly Certificate[];
}

/** What the rest of what is known here says about a reason of a trust decision. */
export function insightOf(
  reason: Cause,
  decision: TrustDecision,
  { publisher, otherDirection, elsewhere, certificates }: Beyond,
): Insight {
  const truster = decision.anchors.domain;
  const { direction } = decision.anchors;
  if (reason.code === 'trust.no-anchors') {
    if (otherDirection.length === 0) return NOTHING;
    return {
      more: ` (those that it has are for ${opposite(direction)} mail only)`,
      cure: { by: 'truster', text: `${truster} trusts its anchors for ${direction} mail too` },
    };
  }
  if (reason.code !== 'trust.no-path') return NOTHING;
  const ends = decision.candidates.flatMap(({ paths }) => paths.flatMap(endOf));
  const at = (anchor: Anchor): boolean =>
    ends.some(({ tip, isRoot }) =>
      isRoot ? tip.sha256 === anchor.certificate?.sha256 : tip.issuer === formatName(anchor.name),
    );
  const turned = otherDirection.find(at);
  if (turned) {
    const name = shortName(formatName(turned.name));
    return {
      more: `: ${truster} trusts ${name} for ${opposite(direction)} mail only`,
      cure: { by: 'truster', text: `${truster} trusts ${name} for ${direction} mail too` },
    };
  }
  const idle = elsewhere.find(({ anchor, inactive }) => inactive?.domains.includes(truster) && at(anchor));
  if (idle?.inactive) {
    const name = shortName(formatName(idle.anchor.name));
    return {
      more: `: ${name} stands in ${idle.source} and does not count as an anchor, because ${plainSentence(idle.inactive.cause, 'sign')}`,
      cure: {
        by: 'publisher',
        text: `the HISP of ${publisher} has a sound anchor put into ${idle.source}, and certificates issued under it`,
      },
    };
  }
  const place = elsewhere.find(({ anchor, inactive }) => !inactive && at(anchor));
  if (place) {
    const own = decision.anchors.sources.map(supplier).join(' or ');
    return {
      more: `; its anchor is in ${place.source}, which ${truster} does not take`,
      cure: {
        by: 'truster',
        text: `${truster} takes ${place.source}, or ${publisher} uses a certificate from an authority that ${truster} trusts${own ? ` (${own})` : ''}`,
      },
    };
  }
  return deadEnd(ends, certificates, truster, publisher);
}

/** A chain that leads nowhere at all, because of how it is made. */
function deadEnd(
  ends: readonly End[],
  certificates: readonly Certificate[],
  truster: string,
  publisher: string,
): Insight {
  const own = ends.find(({ isLeaf, isRoot }) => isLeaf && isRoot);
  const another = {
    by: 'publisher' as const,
    text: `${publisher} uses a certificate from an authority that ${truster} trusts`,
  };
  if (own) return { more: ': the certificate is signed by itself', cure: another };
  const circle = ends.find(({ closes }) => closes);
  if (circle) {
    return { more: ': its issuers vouch for each other in a circle', cure: another };
  }
  const silent = ends.find(
    ({ tip, isLeaf }) =>
      isLeaf && certificates.some((one) => one.sha256 === tip.sha256 && one.caIssuersUrls.length === 0),
  );
  if (!silent) return NOTHING;
  const issuer = shortName(silent.tip.issuer);
  return {
    more: ', and the certificate does not say where to fetch that issuer (no AIA)',
    cure: {
      by: 'truster',
      text: `${truster} trusts ${issuer} or an anchor above it, or ${publisher} uses a certificate that names where its issuer is found`,
    },
  };
}

const opposite = (direction: AnchorDirection): AnchorDirection =>
  direction === 'incoming' ? 'outgoing' : 'incoming';

interface End {
  /** The last certificate that was found. */
  readonly tip: CertificateSummary;
  readonly isLeaf: boolean;
  /** It issued itself. */
  readonly isRoot: boolean;
  /** Its issuer stands further down in the same path. */
  readonly closes: boolean;
}

/** Where a path that led to no anchor ended. */
function endOf({ certificates, anchor, state }: PathSummary): End[] {
  const tip = certificates.at(-1);
  if (!tip || anchor || state === 'pass') return [];
  const isRoot = tip.subject === tip.issuer;
  const closes = !isRoot && certificates.slice(1).some(({ subject }) => subject === tip.issuer);
  return [{ tip, isLeaf: certificates.length === 1, isRoot, closes }];
}

/** The advice of a decision, by side of the explanation. */
export function cureFrom(
  decision: TrustDecision,
  insight: Insight,
  sides: { readonly from: string },
): ExplainedCure | undefined {
  const { cure } = decision;
  if (!cure) return undefined;
  const truster = decision.anchors.domain;
  const publisher = domainOf(decision.direction === 'out' ? decision.to : decision.from);
  const domain = insight.cure ? (insight.cure.by === 'truster' ? truster : publisher) : cure.domain;
  const own = insight.cure !== undefined || cure.who === 'publisher' || cure.who === 'truster';
  const side = domain === domainOf(sides.from) ? 'from' : 'to';
  const who = own ? side : (cure.who as 'authority' | 'network');
  return { who, domain, text: insight.cure?.text ?? cure.text };
}

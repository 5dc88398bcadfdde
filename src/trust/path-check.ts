/**
 * Whether a certificate leads to an anchor of the domain that is to trust it (REQ-AS-32, -33; RFC 5280 §6).
 *
 * @module
 */
import { cause } from '../outcome/cause.ts';
import type { Certificate } from '../pki/certificate.ts';
import { PkiError } from '../pki/error.ts';
import { buildPaths, type IssuerFetch } from '../pki/path/build.ts';
import { PATH_CHECKS } from '../pki/path/checks.ts';
import type { PathCheck } from '../pki/path/input.ts';
import { type CheckContext, type CheckOutcome, fail, type NamedCheck } from './check.ts';
import type { TrustSources } from './sources.ts';
import { summarizePath } from './summary.ts';

/** What the checks `time` and `strength` ask of the leaf by name is not asked of it a second time here. */
const LEAF_HAS_ITS_OWN: ReadonlySet<string> = new Set(['validity', 'strength']);

/** RFC 5280 §6.1 for everything above the leaf; of the leaf, all but what has a check of its own. */
export const REFERENCE_PATH_CHECKS: readonly PathCheck[] = PATH_CHECKS.map((check) =>
  LEAF_HAS_ITS_OWN.has(check.name) && check.certificate
    ? { ...check, certificate: (state) => (state.isLeaf ? undefined : check.certificate!(state)) }
    : check,
);

/**
 * Builds every path and keeps the good ones.
 *
 * @param checks what is asked along a path; fewer for a peer that asks less
 */
export const pathCheck = (checks: readonly PathCheck[]): NamedCheck => ({
  name: 'path',
  reach: 'remote',
  async check(context): Promise<CheckOutcome> {
    const { certificate, anchors, domain, direction, sources } = context;
    if (!certificate) return { state: 'pass' };
    if (anchors.length === 0) return fail(cause('trust.no-anchors', { domain, direction }));
    const built = await buildPaths({
      leaf: certificate,
      anchors,
      pool: context.pool,
      at: context.at,
      profile: context.profile,
      domain,
      policy: { checks },
      issuerUrls: sources.issuers.urls,
      fetchIssuers: (url) => fetchIssuers(url, sources, context.at),
    });
    const tried = [
      ...built.paths.map((path) => summarizePath(path, 'pass')),
      ...built.rejected.map(({ path, cause: reason, ...rest }) =>
        summarizePath({ certificates: path, ...rest }, 'fail', reason),
      ),
    ];
    if (built.paths.length > 0) return { state: 'pass', paths: built.paths, tried };
    const reason = built.cause ?? noPath(certificate, context);
    return { state: built.undetermined ? 'unknown' : 'fail', cause: reason, tried };
  },
});

const noPath = (certificate: Certificate, { domain, anchors }: CheckContext) =>
  cause('trust.no-path', {
    issuer: summarizePath({ certificates: [certificate] }, 'fail').certificates[0]!.issuer,
    domain,
    tried: anchors.length,
    sources: [...new Set(anchors.map(({ source }) => source))],
  });

const HOUR = 3_600_000;
/** Of a file of issuers (wire-facts §10). */
const LARGEST_ISSUER = 256 * 1024;

/** Issuers at an AIA URL; what was found is kept for an hour, what was not is asked for again. */
async function fetchIssuers(url: string, sources: TrustSources, at: number): Promise<IssuerFetch> {
  const { issuers, revocation } = sources.cache;
  const kept = issuers.get(url);
  if (kept && at < kept.until) return kept.certificates;
  const fetched = await revocation.once(url, () => sources.fetcher.get(url, { maxBytes: LARGEST_ISSUER }));
  if (!fetched.ok) return { why: fetched.why };
  try {
    const certificates = sources.issuers.read(fetched.body);
    if (issuers.size >= MOST_KEPT) issuers.delete(issuers.keys().next().value!);
    issuers.set(url, { certificates, until: at + HOUR });
    return certificates;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { why: error.message };
  }
}

const MOST_KEPT = 1000;

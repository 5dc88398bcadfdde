/**
 * Revocation by lists that are at hand, wherever they came from (RFC 5280 §6.3.3): complete and delta lists, lists of
 * some reasons put together, indirect lists, and lists that another key signed. Nothing is fetched.
 *
 * @module
 */
import type { Certificate } from './certificate.ts';
import type { Crl, RevokedEntry } from './crl.ts';
import {
  ALL_REASONS,
  type Asked,
  type IssuerFacts,
  type ListProblem,
  listProblem,
} from './crl-acceptance.ts';
import { PkiError } from './error.ts';
import type { DistributionPoint } from './extensions.ts';
import { formatName, sameName } from './name.ts';
import type { RevState } from './revocation.ts';

export interface GivenLists {
  readonly lists: readonly Crl[];
  /** Certificates that lead to the anchor of the path, for lists that another key or another name signed. */
  readonly proven: (list: Crl) => Promise<readonly Certificate[]> | readonly Certificate[];
  /** Name of a list for texts: a file. */
  readonly nameOf?: (list: Crl) => string;
  readonly skewMs?: number;
}

/** Bits of every reason that a list may leave out, unless it is of some reasons. */
type Reasons = number;

/**
 * Whether the lists have the certificate revoked. Good only when genuine lists in force speak of every reason.
 *
 * @param at ms since 1970 UTC
 */
export async function checkGivenLists(
  certificate: Certificate,
  issuer: IssuerFacts,
  given: GivenLists,
  at: number,
): Promise<RevState> {
  const asked: Asked = { certificate, issuer, at, skewMs: given.skewMs ?? 300_000, signers: [] };
  const nameOf = given.nameOf ?? ((list: Crl) => formatName(list.issuer));
  let covered: Reasons = 0;
  let source = '';
  let nextUpdate: number | undefined;
  let first: (ListProblem & { readonly url: string }) | undefined;
  for (const point of pointsOf(certificate, issuer)) {
    for (const list of given.lists) {
      if (list.deltaBase !== undefined || !mayBeOf(list, point, issuer)) continue;
      const judged = await judge(list, point, asked, given);
      if ('why' in judged) {
        first ??= { ...judged, url: nameOf(list) };
        continue;
      }
      if (judged.entry) {
        const { at: when, reason } = judged.entry;
        return { state: 'revoked', by: 'crl', source: nameOf(list), at: when, reason };
      }
      covered |= judged.reasons;
      source ||= nameOf(list);
      nextUpdate = Math.min(nextUpdate ?? Number.POSITIVE_INFINITY, list.nextUpdate ?? at);
    }
    if ((covered & ALL_REASONS) === ALL_REASONS)
      return { state: 'good', by: 'crl', source, ...(nextUpdate !== undefined && { nextUpdate }) };
  }
  if (first) return { state: 'unknown', url: first.url, code: first.code, why: first.why };
  if (covered) return unknown('scope', 'the lists at hand do not speak of every reason', source);
  return unknown('none-named', `there is no list of ${formatName(issuer.name)} at hand`);
}

const unknown = (code: ListProblem['code'], why: string, url = ''): RevState => ({
  state: 'unknown',
  url,
  code,
  why,
});

/** The points that the certificate names, and then its issuer's lists without scope (RFC 5280 §6.3.3, last step). */
function pointsOf(certificate: Certificate, issuer: IssuerFacts): DistributionPoint[] {
  const implied: DistributionPoint = {
    fullName: [{ type: 'directory', name: issuer.name }],
    relative: false,
    crlIssuer: [],
  };
  return [...certificate.distributionPoints, implied];
}

const mayBeOf = (list: Crl, point: DistributionPoint, issuer: IssuerFacts): boolean =>
  point.crlIssuer.length === 0
    ? sameName(list.issuer, issuer.name)
    : point.crlIssuer.some((name) => name.type === 'directory' && sameName(name.name, list.issuer));

type Judged = { readonly reasons: Reasons; readonly entry?: RevokedEntry } | ListProblem;

async function judge(list: Crl, point: DistributionPoint, asked: Asked, given: GivenLists): Promise<Judged> {
  const problem = await problemOf(list, point, asked, given);
  if (problem) return problem;
  const { serial, issuer } = asked.certificate;
  try {
    const entry = list.find(serial, issuer.key);
    const change = (await deltaOf(list, point, asked, given))?.find(serial, issuer.key);
    const last = change ?? entry;
    return {
      reasons: (point.reasons ?? ALL_REASONS) & (list.scope?.onlyReasons ?? ALL_REASONS),
      ...(last && last.reason !== 'removeFromCRL' && { entry: last }),
    };
  } catch (error) {
    // the list is genuine and names the certificate, in a way that cannot be read
    if (!(error instanceof PkiError)) throw error;
    return { code: 'unreadable', why: error.message };
  }
}

/** Asks who else may have signed only when the issuer's own key did not. */
async function problemOf(
  list: Crl,
  point: DistributionPoint,
  asked: Asked,
  given: GivenLists,
): Promise<ListProblem | undefined> {
  const problem = listProblem(list, point, asked, false);
  if (problem?.code !== 'signature') return problem;
  return listProblem(list, point, { ...asked, proven: await given.proven(list) }, false);
}

/** The newest delta that goes on top of this list: same issuer and scope, based on no newer list (RFC 5280 §5.2.4). */
async function deltaOf(
  list: Crl,
  point: DistributionPoint,
  asked: Asked,
  given: GivenLists,
): Promise<Crl | undefined> {
  const { number } = list;
  if (number === undefined) return undefined;
  let newest: Crl | undefined;
  for (const delta of given.lists) {
    const { deltaBase, ...asComplete } = delta;
    if (deltaBase === undefined || delta.number === undefined) continue;
    if (deltaBase > number || delta.number < number || delta.number < (newest?.number ?? 0n)) continue;
    if (!sameName(delta.issuer, list.issuer) || scopeOf(delta) !== scopeOf(list)) continue;
    if (!(await problemOf(asComplete, point, asked, given))) newest = delta;
  }
  return newest;
}

const scopeOf = ({ scope }: Crl): string =>
  JSON.stringify(scope ?? null, (_, value) => (value instanceof Uint8Array ? [...value] : value));

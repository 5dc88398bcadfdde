/**
 * One certificate judged by what is given: anchors, intermediates, lists, a time and a policy. The same code answers
 * `cert verify` and each line of `cert verify --batch`.
 *
 * @module
 */
import { type Cause, cause } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Crl } from '../../pki/crl.ts';
import { type IssuerFacts, issuerFacts } from '../../pki/crl-acceptance.ts';
import { checkGivenLists, type GivenLists } from '../../pki/given-lists.ts';
import { completeKey } from '../../pki/inherited-key.ts';
import { formatName, sameName } from '../../pki/name.ts';
import { ANY_POLICY } from '../../pki/oids.ts';
import type { Anchor } from '../../pki/path/anchor.ts';
import { buildPaths, type FoundPath, type IssuerFetch } from '../../pki/path/build.ts';
import type { Profile } from '../../pki/path/input.ts';
import type { RevState } from '../../pki/revocation.ts';
import { bindingCause, timeCause } from './leaf.ts';

export interface Question {
  readonly leaf: Certificate;
  readonly anchors: readonly Anchor[];
  readonly intermediates: readonly Certificate[];
  readonly lists: readonly Crl[];
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly profile: Profile;
  readonly requireRevocation: boolean;
  /** user-initial-policy-set; default any. */
  readonly policies?: readonly string[];
  readonly explicitPolicy?: boolean;
  readonly inhibitPolicyMapping?: boolean;
  readonly inhibitAnyPolicy?: boolean;
  /** Address or domain that the leaf must belong to. */
  readonly name?: string;
}

/** Where to ask for what is not given. */
export interface Sources {
  readonly issuers: (url: string) => Promise<IssuerFetch>;
  readonly revocation: (
    certificate: Certificate,
    issuer: Certificate | Anchor,
    at: number,
  ) => Promise<RevState>;
}

export interface Rejected {
  readonly path: readonly Certificate[];
  readonly anchor?: Anchor;
  readonly cause: Cause;
}

export interface Judgement {
  readonly valid: boolean;
  /** The first cause, when it is not valid. */
  readonly cause?: Cause;
  /** From the leaf up, when it is valid. */
  readonly path: readonly Certificate[];
  readonly anchor?: Anchor;
  readonly rejected: readonly Rejected[];
  /** Along the path, leaf first. */
  readonly revocation: readonly RevState[];
  readonly policies: readonly string[];
}

const NOT_ASKED: IssuerFetch = { why: 'nothing is fetched' };

/** @param sources none: nothing is fetched */
export async function judgeCertificate(question: Question, sources?: Sources): Promise<Judgement> {
  const { leaf, at } = question;
  const refuse = (reason: Cause, rejected: readonly Rejected[] = []): Judgement => ({
    valid: false,
    cause: reason,
    path: [],
    rejected: rejected.length > 0 ? rejected : [{ path: [leaf], cause: reason }],
    revocation: [],
    policies: [],
  });
  if (question.anchors.length === 0)
    return refuse(cause('trust.no-anchors', { domain: '', direction: 'incoming' }));
  const local =
    question.name === undefined
      ? undefined
      : (timeCause(leaf, at) ?? bindingCause(leaf, question.name, question.profile));
  if (local) return refuse(local);
  const built = await buildPaths({
    leaf,
    anchors: question.anchors,
    pool: question.intermediates,
    at,
    profile: question.profile,
    policy: {
      policies: question.policies ?? [ANY_POLICY],
      explicitPolicy: question.explicitPolicy ?? false,
      inhibitMapping: question.inhibitPolicyMapping ?? false,
      inhibitAny: question.inhibitAnyPolicy ?? false,
    },
    fetchIssuers: async (url) => (sources ? sources.issuers(url) : NOT_ASKED),
    ...(sources ? {} : { issuerUrls: () => [] }),
  });
  const rejected: Rejected[] = [...built.rejected];
  for (const found of built.paths) {
    const { states, reason } = await revocationOf(found, question, sources, new Set());
    if (!reason) {
      const { certificates: path, anchor, policies } = found;
      return { valid: true, path, anchor, rejected, revocation: states, policies };
    }
    rejected.unshift({ path: found.certificates, anchor: found.anchor, cause: reason });
  }
  const first =
    built.paths.length > 0
      ? rejected[built.paths.length - 1]!.cause
      : (built.cause ??
        cause('trust.constraint', { which: 'no path was found', subject: formatName(leaf.subject) }));
  return refuse(first, rejected);
}

/** Each certificate of the path; the first that refuses decides. @param proving signers that are being proved */
async function revocationOf(
  { certificates, anchor }: Pick<FoundPath, 'certificates' | 'anchor'>,
  question: Question,
  sources: Sources | undefined,
  proving: ReadonlySet<string>,
): Promise<{ states: RevState[]; reason?: Cause }> {
  const states: RevState[] = [];
  if (question.lists.length === 0 && !sources && !question.requireRevocation) return { states };
  const facts = issuersOf(certificates, anchor);
  for (const [index, certificate] of certificates.entries()) {
    let state = await checkGivenLists(
      certificate,
      facts[index]!,
      givenLists(question, anchor, sources, proving),
      question.at,
    );
    if (state.state === 'unknown' && sources)
      state = await sources.revocation(certificate, certificates[index + 1] ?? anchor, question.at);
    states.push(state);
    const reason = reasonOf(state, certificate, index, question.requireRevocation);
    if (reason) return { states, reason };
  }
  return { states };
}

/** Who vouches for each certificate of a path, with keys that are complete. */
function issuersOf(certificates: readonly Certificate[], anchor: Anchor): IssuerFacts[] {
  let spki = anchor.spki;
  const facts: IssuerFacts[] = [];
  for (let index = certificates.length - 1; index >= 0; index--) {
    const issuer = certificates[index + 1];
    spki = issuer ? completeKey(issuer.spki, spki) : spki;
    const known = issuerFacts(issuer ?? anchor);
    facts.unshift(spki === known.spki ? known : { ...known, spki });
  }
  return facts;
}

/** Lists of another key count when its certificate leads to the same anchor and is not revoked (RFC 5280 §6.3.3 f). */
function givenLists(
  question: Question,
  anchor: Anchor,
  sources: Sources | undefined,
  proving: ReadonlySet<string>,
): GivenLists {
  return {
    lists: question.lists,
    async proven(list) {
      const proved: Certificate[] = [];
      for (const signer of question.intermediates) {
        if (!sameName(signer.subject, list.issuer) || !signer.keyUsage?.has('cRLSign')) continue;
        // its path is good; whether it is revoked is what its own list is asked about just now
        if (proving.has(signer.sha256)) {
          proved.push(signer);
          continue;
        }
        const built = await buildPaths({
          leaf: signer,
          anchors: [anchor],
          pool: question.intermediates,
          at: question.at,
          profile: question.profile,
          fetchIssuers: async () => NOT_ASKED,
          issuerUrls: () => [],
        });
        const inner = new Set([...proving, signer.sha256]);
        for (const path of built.paths) {
          const { reason } = await revocationOf(path, question, sources, inner);
          if (!reason) proved.push(signer);
        }
      }
      return proved;
    },
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** A CA that was revoked breaks the chain; the owner of the leaf cannot mend that. */
function reasonOf(
  state: RevState,
  certificate: Certificate,
  index: number,
  required: boolean,
): Cause | undefined {
  if (state.state === 'good') return undefined;
  if (state.state === 'unknown')
    return required ? cause('cert.revocation-unknown', { url: state.url, why: state.why }) : undefined;
  const { at, reason } = state;
  if (index === 0) return cause('cert.revoked', { at: iso(at), reason });
  const which = `this CA was revoked on ${iso(at).slice(0, 10)} (${reason})`;
  return cause('trust.constraint', { which, subject: formatName(certificate.subject) });
}

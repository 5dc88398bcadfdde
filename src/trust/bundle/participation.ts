/**
 * Who is in a bundle by its policy, who is not, and why: enforced by the builder, and reported.
 *
 * @module
 */
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import { type Accreditation, accreditationRefusal } from '../accreditation.ts';
import { buildBundle } from './build.ts';
import type { BundleDefinition, Member, ParticipationPolicy } from './definition.ts';
import { lintAnchor } from './lint.ts';
import type { Metadata } from './metadata.ts';
import { noteText } from './note.ts';

export interface Candidate {
  readonly member: Member;
  readonly certificate: Certificate;
  /** Why it is known to be revoked. */
  readonly revoked?: string;
  /** Accreditation records that the network states of the HISP; one of the member itself comes before them. */
  readonly records?: readonly Accreditation[];
}

/** The accreditation records that count for a candidate. */
export const recordsOf = ({
  member,
  records = [],
}: Pick<Candidate, 'member' | 'records'>): readonly Accreditation[] =>
  member.accreditation ? [member.accreditation] : records;

export interface Participation extends Candidate {
  readonly admitted: boolean;
  /** What of the policy is not met; one sentence each. */
  readonly refusals: readonly string[];
  /** Worth knowing, though it is in. */
  readonly remarks: readonly string[];
}

const DAY = 86_400_000;
/** What of the lint the policy itself decides. */
const BY_POLICY = new Set(['bundle.anchor-not-ca', 'bundle.anchor-no-cert-sign', 'bundle.anchor-expiring']);

/** Judges one anchor. @param at ms since 1970 UTC */
export function participation(candidate: Candidate, policy: ParticipationPolicy, at: number): Participation {
  const { certificate, revoked } = candidate;
  const notes = lintAnchor(certificate, { at, profile: policy.profile, revoked: () => revoked });
  const asked = (code: string): boolean =>
    !BY_POLICY.has(code) || (policy.authority && code !== 'bundle.anchor-expiring');
  const refused = notes.filter(
    ({ code, level }) => asked(code) && (level === 'fail' || code === 'bundle.anchor-weak-signature'),
  );
  const refusals = [
    ...refused.map(noteText),
    ...keyRefusal(certificate, policy),
    ...timeRefusal(certificate, policy, at),
    ...policyRefusal(certificate, policy),
    ...accreditationRefusal(recordsOf(candidate), policy.accreditation, at),
  ];
  return {
    ...candidate,
    admitted: refusals.length === 0,
    refusals,
    remarks: notes.filter((note) => !refused.includes(note)).map(noteText),
  };
}

function keyRefusal({ key }: Certificate, { rsaBits }: ParticipationPolicy): string[] {
  return key.kind === 'rsa' && key.bits < rsaBits
    ? [`its RSA key has ${key.bits} bits; the policy asks for ${rsaBits}`]
    : [];
}

function timeRefusal({ notAfter }: Certificate, { daysLeft }: ParticipationPolicy, at: number): string[] {
  const left = Math.floor((notAfter - at) / DAY);
  return left >= 0 && left < daysLeft
    ? [`it is valid for ${left} more days; the policy asks for ${daysLeft}`]
    : [];
}

function policyRefusal({ policies }: Certificate, { anyPolicy }: ParticipationPolicy): string[] {
  return anyPolicy.length > 0 && !policies.some((one) => anyPolicy.includes(one))
    ? [
        `it carries the policies ${policies.join(', ') || 'none'}; the policy asks for one of ${anyPolicy.join(', ')}`,
      ]
    : [];
}

export interface Assembly {
  readonly participants: readonly Participation[];
  /** The anchors that are in. */
  readonly certificates: readonly Certificate[];
}

/** Judges all. The same certificate twice is in once, for its first member. */
export function assemble(
  candidates: readonly Candidate[],
  policy: ParticipationPolicy,
  at: number,
): Assembly {
  const owners = new Map<string, string>();
  const participants = candidates.map((candidate) => {
    const { sha256 } = candidate.certificate;
    const judged = participation(candidate, policy, at);
    const owner = owners.get(sha256);
    if (judged.admitted && owner === undefined) owners.set(sha256, candidate.member.name);
    return owner === undefined
      ? judged
      : {
          ...judged,
          admitted: false,
          refusals: [...judged.refusals, `it is the anchor of ${owner} already`],
        };
  });
  const certificates = participants.filter(({ admitted }) => admitted).map((one) => one.certificate);
  return { participants, certificates };
}

/** The metadata that a definition gives its bundle. */
export function metadataOf(definition: BundleDefinition): Omit<Metadata, 'anchors'> | undefined {
  const { metadata, title, distributionPoints, validFrom, validTo } = definition;
  if (!metadata) return undefined;
  return {
    profile: title,
    distributionPoints,
    ...(validFrom === undefined ? {} : { validFrom: Date.parse(validFrom) }),
    ...(validTo === undefined ? {} : { validTo: Date.parse(validTo) }),
  };
}

/** The unsigned bundle of a definition. @throws {BundleError} `spec` when nobody is in */
export function buildDefined(definition: BundleDefinition, { certificates }: Assembly): Uint8Array {
  const metadata = metadataOf(definition);
  return buildBundle({ certificates, ...(metadata ? { metadata } : {}) });
}

export const participantName = ({ member, certificate }: Candidate): string =>
  `${member.name} (${formatName(certificate.subject)})`;

/**
 * Whether each recipient's domain trusts one of those who signed (REQ-AS-27, -28).
 *
 * @module
 */
import type { SignerVerdict } from '../cms/signed.ts';
import { addressKey } from '../mail/address.ts';
import { type Cause, cause } from '../outcome/cause.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { Anchor } from '../pki/path/anchor.ts';
import { decide, type Subject } from '../trust/decide.ts';
import type { TrustDecision } from '../trust/decision.ts';
import type { Opening, OpeningRecipient } from './opening.ts';
import type { AgentParts, NamedStage } from './parts.ts';
import { domainOf, emitDecision } from './recipient.ts';
import type { AgentContext, DomainPolicy } from './types.ts';

const VERDICTS = { trusted: 'accepted', refused: 'refused', undetermined: 'deferred' } as const;

export const trustStage: NamedStage<Opening> = {
  name: 'trust',
  async run(opening) {
    const { sender } = opening;
    if (sender === undefined) return opening;
    const subjects = opening.signers.flatMap(subjectsOf);
    const recipients = await Promise.all(
      opening.recipients.map(async (recipient): Promise<OpeningRecipient> => {
        if (recipient.verdict !== 'open') return recipient;
        const decision = await decideInbound(sender, recipient, subjects, opening);
        emitDecision(opening.world.host, decision);
        const causes = [...recipient.causes, ...decision.causes];
        return { ...recipient, decision, causes, verdict: VERDICTS[decision.verdict] };
      }),
    );
    const accepted = recipients.filter(({ verdict }) => verdict === 'accepted');
    const notes = accepted.flatMap(({ decision }) => decision?.candidates.flatMap((one) => one.notes) ?? []);
    return { ...opening, recipients, findings: [...opening.findings, ...notes] };
  },
};

function decideInbound(
  sender: string,
  { address, policy }: OpeningRecipient,
  subjects: readonly Subject[],
  { world, parts, certificates, answersOurs }: Opening,
): Promise<TrustDecision> {
  return decideSigner({ sender, address, policy, subjects, pool: certificates, answersOurs }, world, parts);
}

/** One signed message, as one of its recipients looks at it. */
export interface SignedBy {
  readonly sender: string;
  readonly address: string;
  readonly policy: DomainPolicy;
  /** The certificates that may have made the signature. */
  readonly subjects: readonly Subject[];
  /** Whatever certificates came along. */
  readonly pool: readonly Certificate[];
  /** It is a notice about a message of the recipient's: then the anchors of both directions count. */
  readonly answersOurs: boolean;
}

/** Whether the domain of the recipient trusts the signature of the sender. */
export function decideSigner(
  { sender, address, policy, subjects, pool, answersOurs }: SignedBy,
  world: Pick<AgentContext, 'anchors' | 'fetcher' | 'cache'> & {
    readonly host: Pick<AgentContext['host'], 'now'>;
  },
  parts: AgentParts,
): Promise<TrustDecision> {
  const domain = domainOf(address);
  const directions = answersOurs ? (['incoming', 'outgoing'] as const) : (['incoming'] as const);
  const list = distinct(
    directions.flatMap((direction) => [...parts.anchors(world.anchors, domain, direction)]),
  );
  return decide({
    from: addressKey(sender),
    to: addressKey(address),
    direction: 'in',
    at: world.host.now(),
    profile: policy.profile,
    revocation: policy.revocation,
    anchors: { domain, direction: 'incoming', list },
    subjects,
    missing: { cause: cause('crypto.no-signers', {}), temporary: false },
    pool,
    sources: { fetcher: world.fetcher, cache: world.cache, issuers: parts.issuers },
    checks: parts.signer,
    select: parts.anySigner,
    report: parts.report,
  });
}

const distinct = (anchors: readonly Anchor[]): Anchor[] => [...new Set(anchors)];

/** One subject for each certificate that may have made the signature. */
export function subjectsOf(verdict: SignerVerdict): Subject[] {
  const digests = [verdict.digest, verdict.signer.signatureAlgorithm.digest ?? verdict.digest];
  const broken: Cause | undefined = verdict.ok ? undefined : verdict.cause;
  const signature = { digests: [...new Set(digests)], ...(broken && { broken }) };
  const certificates = verdict.ok ? verdict.certificates : verdict.certificate ? [verdict.certificate] : [];
  if (certificates.length > 0) {
    return certificates.map((certificate) => ({
      sha256: certificate.sha256,
      where: 'message',
      certificate,
      notes: [],
      signature,
    }));
  }
  return [
    {
      sha256: '',
      where: 'message',
      unreadable: 'the certificate is not in the message',
      notes: [],
      signature,
    },
  ];
}

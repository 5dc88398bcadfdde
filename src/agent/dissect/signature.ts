/**
 * The stage of the signature: every signer, by which algorithms, and whether the mathematics hold.
 *
 * @module
 */
import { digestOfMicalg } from '../../cms/digests.ts';
import type { SignerVerdict } from '../../cms/signed.ts';
import { cause } from '../../outcome/cause.ts';
import type { Finding } from '../../outcome/check.ts';
import type { Profile } from '../../trust/decision.ts';
import { weakDigest } from '../../trust/signature-checks.ts';
import { summarize } from '../../trust/summary.ts';
import { differs, failed } from './finding.ts';
import type { Layer, Read, Signature } from './layers.ts';
import type { SignatureStage, SignerTold } from './stage.ts';

/** @param signature undefined: what lies here is not signed */
export function signatureStage(
  layer: Layer,
  signature: Read<Signature> | undefined,
  profile: Profile,
): SignatureStage {
  const empty = { name: 'signature', signers: [], certificates: [] } as const;
  if (!signature) {
    const found = layer.kind === 'plain' ? layer.entity.contentType.type : 'another envelope';
    return { ...empty, ...failed(cause('crypto.not-signed', { found }), 'REQ-AS-09') };
  }
  if ('cause' in signature) return { ...empty, ...failed(signature.cause) };
  const { form, micalg, certificates, verdicts } = signature.value;
  const findings = [...verdictFindings(verdicts, profile), ...shapeFindings(signature.value)];
  const bad = findings.some(({ level }) => level === 'fail');
  return {
    name: 'signature',
    status: bad ? 'fail' : findings.length > 0 ? 'warn' : 'pass',
    findings,
    form,
    ...(form === 'detached' && { micalg }),
    signers: verdicts.map(signerTold),
    certificates: certificates.map(summarize),
  };
}

/** One good signer is enough (REQ-AS-27); the others are told of. */
function verdictFindings(verdicts: readonly SignerVerdict[], profile: Profile): Finding[] {
  if (verdicts.length === 0) return [...failed(cause('crypto.no-signers', {}), 'REQ-AS-18').findings];
  const reasons = verdicts.map((verdict) => {
    const digests = [verdict.digest, verdict.signer.signatureAlgorithm.digest ?? verdict.digest];
    const weak = weakDigest(digests, profile);
    if (!verdict.ok) return verdict.cause;
    return weak === undefined ? undefined : cause('crypto.digest-not-allowed', { algorithm: weak });
  });
  const level = reasons.some((reason) => reason === undefined) ? 'warn' : 'fail';
  return reasons.flatMap((reason) => (reason ? [{ ...reason, level, cites: [], evidence: [] }] : []));
}

function shapeFindings({ form, micalg, signed, verdicts, repaired }: Signature): Finding[] {
  const findings: Finding[] = [];
  if (repaired) {
    findings.push({
      code: 'noted.repaired-line-ends',
      params: {},
      level: 'warn',
      cites: ['REQ-AS-17'],
      evidence: [],
    });
  }
  const used = [...new Set(verdicts.map(({ digest }) => digest))];
  const told = micalg.map((token) => digestOfMicalg(token) ?? token);
  if (form === 'detached' && used.some((digest) => !told.includes(digest))) {
    findings.push(differs('micalg', used.join(', '), micalg.join(', ') || 'none', 'REQ-AS-09'));
  }
  if (signed.trailing > 0) findings.push(differs('octets behind the object', 'none', `${signed.trailing}`));
  return findings;
}

function signerTold(verdict: SignerVerdict): SignerTold {
  const { signer, digest, certificate } = verdict;
  return {
    verified: verdict.ok,
    digest,
    // rsaEncryption takes its digest from the SignerInfo (RFC 3370 §3.2)
    signatureAlgorithm:
      signer.signatureAlgorithm.name === 'rsaEncryption'
        ? `RSA with ${digest}`
        : signer.signatureAlgorithm.name,
    ...(signer.signingTime !== undefined && { signingTime: new Date(signer.signingTime).toISOString() }),
    ...(certificate && { certificate: summarize(certificate) }),
    ...(!verdict.ok && { cause: verdict.cause }),
  };
}

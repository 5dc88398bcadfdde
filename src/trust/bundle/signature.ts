/**
 * Who vouches for a signed bundle. Only a certificate that was pinned beforehand counts; what the file brings along
 * proves nothing (REQ-TB-03, REQ-TB-16).
 *
 * @module
 */
import { identityText } from '../../cms/identity.ts';
import {
  embeddedCertificates,
  type SignedData,
  type SignerInfo,
  type SignerVerdict,
  verifySigner,
} from '../../cms/signed.ts';
import { cause, sentence } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { formatName, sameName } from '../../pki/name.ts';
import { referencePolicy, validatePath } from '../../pki/path/validate.ts';
import { BundleError } from './error.ts';

/** `signer`: exactly this certificate signs. `authority`: whoever has a valid certificate under this one. */
export interface Pin {
  readonly certificate: Certificate;
  readonly as: 'signer' | 'authority';
}

/** A signature that was checked. */
export interface CheckedSignature {
  readonly signer: Certificate;
  /** The pin that vouches for the signer; undefined when nothing was pinned, and then nobody does. */
  readonly pin?: Pin;
  /** ms since 1970 UTC, as signed. */
  readonly signingTime?: number;
}

/**
 * Checks the signatures of a bundle: one by a pinned signer is enough. Without pins the signature only has to be whole.
 *
 * @param at ms since 1970 UTC; for signers below a pinned authority
 * @throws {BundleError} `signer-mismatch`, `signature`
 */
export function checkSignature(signed: SignedData, pins: readonly Pin[], at: number): CheckedSignature {
  const { certificates: embedded } = embeddedCertificates(signed);
  const candidates =
    pins.length > 0 ? pinnedSigners(pins, embedded, at) : embedded.map((signer) => ({ signer }));
  const certificates = candidates.map(({ signer }) => signer);
  let refused: (SignerVerdict & { ok: false }) | undefined;
  for (const info of signed.signers) {
    const verdict = verifySigner(signed, info, undefined, certificates);
    if (verdict.ok) return checked(info, verdict.certificate, candidates);
    if (verdict.cause.code !== 'crypto.signer-cert-missing') refused ??= verdict;
  }
  if (refused) {
    const why = sentence(refused.cause);
    throw new BundleError('signature', why, cause('bundle.signature', { why }));
  }
  const found = signed.signers.map((info) => signerName(info, embedded)).join('; ');
  if (pins.length === 0) {
    const why = `the certificate of ${found} is not with it, and no signer is pinned`;
    throw new BundleError('signature', why, cause('bundle.signature', { why }));
  }
  throw new BundleError('signer-mismatch', `signed by ${found}`, cause('bundle.signer-mismatch', { found }));
}

interface Candidate {
  readonly signer: Certificate;
  readonly pin?: Pin;
}

function checked(info: SignerInfo, signer: Certificate, candidates: readonly Candidate[]): CheckedSignature {
  const pin = candidates.find((one) => one.signer === signer)?.pin;
  return {
    signer,
    ...(pin ? { pin } : {}),
    ...(info.signingTime === undefined ? {} : { signingTime: info.signingTime }),
  };
}

function signerName(info: SignerInfo, embedded: readonly Certificate[]): string {
  const { identity } = info;
  const own = embedded.find((one) => identity.by === 'issuer-serial' && one.serial === identity.serial);
  return own ? formatName(own.subject) : identityText(identity);
}

const MAX_EMBEDDED = 32;
const MAX_CHAIN = 4;

function pinnedSigners(pins: readonly Pin[], embedded: readonly Certificate[], at: number): Candidate[] {
  const pool = embedded.slice(0, MAX_EMBEDDED);
  return pins.flatMap((pin): Candidate[] =>
    pin.as === 'signer'
      ? [{ signer: pin.certificate, pin }]
      : pool.filter((one) => !one.isCa && leads([one], pin, pool, at)).map((signer) => ({ signer, pin })),
  );
}

/** Whether the certificates, leaf first, lead to the authority, with others of the file in between. */
function leads(path: readonly Certificate[], pin: Pin, pool: readonly Certificate[], at: number): boolean {
  const top = path.at(-1)!;
  const { certificate } = pin;
  if (sameName(top.issuer, certificate.subject)) {
    const anchor = { name: certificate.subject, spki: certificate.spki, certificate, source: 'pin' };
    if (validatePath({ ...referencePolicy('1.3'), path, anchor, at }).ok) return true;
  }
  return (
    path.length < MAX_CHAIN &&
    pool.some(
      (issuer) =>
        issuer.isCa &&
        !path.includes(issuer) &&
        sameName(top.issuer, issuer.subject) &&
        leads([...path, issuer], pin, pool, at),
    )
  );
}

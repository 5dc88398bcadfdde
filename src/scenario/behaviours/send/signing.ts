/**
 * Signing in ways of one's own.
 *
 * @module
 */
import { MICALG, newBoundary } from '../../../agent/compose.ts';
import type { Draft } from '../../../agent/draft.ts';
import type { LocalKey } from '../../../agent/types.ts';
import { type SignOptions, signData } from '../../../cms/sign.ts';
import { multipartSigned } from '../../../mail/wrap.ts';
import { type CertificateSpec, issueCertificate } from '../../../pki/issue.ts';
import { keyPool } from '../../../pki/keys.ts';

/** A SignedData object by the signers of the draft, with SHA-256. */
export const signatureOf = (
  draft: Draft,
  content: Uint8Array,
  options: Partial<SignOptions> = {},
): Uint8Array =>
  signData(
    content,
    draft.signers.map(({ certificate, privateKey }) => ({
      certificate,
      privateKey,
      digest: 'sha256' as const,
    })),
    { detached: true, signingTime: draft.at, ...options },
  );

/** `multipart/signed` around this content and signature. */
export const signedAs = (draft: Draft, content: Uint8Array, signature: Uint8Array): Draft => ({
  ...draft,
  entity: multipartSigned(content, signature, MICALG.sha256, newBoundary(draft)),
});

const DAY = 86_400_000;

/** A key and a certificate that nobody vouches for. */
export function strangersKey({ at }: Draft, names: Pick<CertificateSpec, 'emails' | 'dnsNames'>): LocalKey {
  const { certificate, key } = issueCertificate({
    profile: names.emails ? 'address' : 'domain',
    subject: { CN: 'a stranger' },
    key: keyPool.take('rsa2048', 5),
    issuer: 'self',
    notBefore: at - DAY,
    notAfter: at + 100 * DAY,
    ...names,
  });
  return { certificate, privateKey: key.privateKey };
}

import { writePem } from '../../../src/asn1/pem.ts';
import type { Certificate } from '../../../src/pki/certificate.ts';
import { type CertificateSpec, type Issued, issueCertificate } from '../../../src/pki/issue.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { buildBundle, signBundle } from '../../../src/trust/bundle/build.ts';
import { BundleError } from '../../../src/trust/bundle/error.ts';
import type { Pin } from '../../../src/trust/bundle/signature.ts';

export const NOW = Date.UTC(2026, 0, 5, 15, 0, 0);
export const DAY = 86_400_000;
export const URL = 'http://bundles.example/community.p7b';

let serial = 4096;

/** A root, by name; the same name gives the same key. */
export const root = (name: string, spec: Partial<CertificateSpec> = {}): Issued =>
  issueCertificate({
    profile: 'root',
    subject: { CN: name, O: 'Example', C: 'US' },
    key: keyPool.take('rsa2048', name.length),
    issuer: 'self',
    serial: serial++,
    notBefore: NOW - 365 * DAY,
    notAfter: NOW + 3650 * DAY,
    ...spec,
  });

export const anchors: readonly Certificate[] = Array.from(
  { length: 10 },
  (_, i) => root(`Anchor ${i}`).certificate,
);
export const [A, B, C] = anchors as [Certificate, Certificate, Certificate];

const signer = (name: string, key: number, spec: Partial<CertificateSpec> = {}): Issued =>
  issueCertificate({
    profile: 'bundle-signer',
    subject: { CN: name, O: 'Example' },
    key: keyPool.take('rsa2048', key),
    issuer: 'self',
    notBefore: NOW - DAY,
    notAfter: NOW + 365 * DAY,
    ...spec,
  });

export const authority = root('Bundle authority');
export const publisher = signer('Publisher', 4);
export const stranger = signer('Stranger', 5);
export const subordinate = signer('Subordinate', 3, { issuer: authority });

export const pin = ({ certificate }: Issued, as: Pin['as'] = 'signer'): Pin => ({ certificate, as });

export const signerOf = ({ certificate, key }: Issued) => ({ certificate, privateKey: key.privateKey });

export const unsigned = (certificates: readonly Certificate[] = [A, B, C]): Uint8Array =>
  buildBundle({ certificates });

export const signed = (
  certificates: readonly Certificate[] = [A, B, C],
  by: Issued = publisher,
  signingTime?: number,
): Uint8Array => signBundle(unsigned(certificates), signerOf(by), signingTime);

export const pems = (certificates: readonly Certificate[]): string =>
  certificates.map(({ der }) => writePem('CERTIFICATE', der)).join('');

/** The code of the error that `work` ends with; anything else than a BundleError is thrown on. */
export function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof BundleError) return `${error.code} ${error.reason.code}`;
    throw error;
  }
  return 'none';
}

export const shas = (certificates: readonly Certificate[]): string[] =>
  certificates.map(({ sha256 }) => sha256).toSorted();

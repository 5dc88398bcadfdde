import { issueCertificate } from '../../src/pki/issue.ts';
import { type KeyKind, keyPool } from '../../src/pki/keys.ts';

/** A self-signed certificate with a key of that kind, in DER. */
export function certificateOf(kind: KeyKind): Uint8Array {
  const { certificate } = issueCertificate({
    profile: 'address',
    subject: { CN: 'Doctor Bob', O: 'An organization with a name of some length, as they are', C: 'US' },
    key: keyPool.take(kind, 0),
    issuer: 'self',
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2036, 0, 1),
    emails: ['drbob@d.example'],
    caIssuersUrls: ['http://pki.d.example/issuer.cer'],
    crlUrls: ['http://pki.d.example/list.crl'],
  });
  return new Uint8Array(certificate.der);
}

import { issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';

let made: { readonly key: string; readonly cert: Uint8Array } | undefined;

/** A server certificate that nobody vouches for, as mail servers have. */
export function selfSigned(): { readonly key: string; readonly cert: Uint8Array } {
  if (!made) {
    const key = keyPool.take('p256', 0);
    const { certificate } = issueCertificate({
      profile: 'tls',
      subject: { CN: 'mx.b.example' },
      key,
      issuer: 'self',
      notBefore: Date.now() - 86_400_000,
      notAfter: Date.now() + 86_400_000,
      dnsNames: ['mx.b.example'],
    });
    made = { key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: certificate.der };
  }
  return made;
}

import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseCertificateText } from '../../src/pki/certificate.ts';
import { readKeyFacts } from '../../src/pki/key-facts.ts';
import { certAlgorithm, keyTag, tagOf } from '../../src/pki/key-tag.ts';
import { keyPool } from '../../src/pki/keys.ts';

/** The key that RFC 4034 prints in its examples; its tag there is 60485. */
const RFC_KEY =
  'AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==';

const V3 = `-----BEGIN CERTIFICATE-----
MIIDKDCCAhCgAwIBAgIBATANBgkqhkiG9w0BAQsFADAZMRcwFQYDVQQDDA5rZXkgdGFnIHZlY3Rv
cjAgFw0yNjExMjIyMzQzMzhaGA8yMTI2MTAyOTIzNDMzOFowGTEXMBUGA1UEAwwOa2V5IHRhZyB2
ZWN0b3IwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCmCYH8Hlb90uKsp6oGIVbSblhT
2EBlePZh4O+HZ8FcBDXWv+Oiz9eWbPZpEmyZJ5cDMlwlFOyRvJsoMociU3neUX0dfjVGcKWWzvuc
6h3pqN+8ZTmjJS0vPPoZBikqAwW7djhf22kTPHZHwR8UosRQT2q1SCmp7J3HOyD9o9vIRtRB+qqP
N7DR4R6XTkF4ft9GEk+ry9vxb5YZNCMbcy+4izCwLmhFRT/0/GtDRBILzlV5Cog8S8f3DvRj2rVS
lIfw03tzBw3eUulWWRSi6x35kffrn9MRcEN0gtr6ZkO/qr2nyFqPfL7J3QmFN/CFwnJJDAHEZYcn
FD2JvrObSnaPAgMBAAGjeTB3MB0GA1UdDgQWBBSuvwuj1HTeiTwtm85icfTd5puWajAfBgNVHSME
GDAWgBSuvwuj1HTeiTwtm85icfTd5puWajAPBgNVHRMBAf8EBTADAQH/MCQGA1UdEQQdMBuBGXZl
Y3RvckBkaXJlY3QuZXhhbXBsZS5vcmcwDQYJKoZIhvcNAQELBQADggEBAKSxSVe0UatVXLpMnjMa
n9IUfOu6eFCXr/vcRMT9XoPFdhTRNCu0vFQedm0y0PDGOFyktdmCaKtp9A5JtTyST300BxEjoZ76
eieJTA39vrgCxy07i6EJd/jmS3xN09lNfW9tKteu0f4oJpzR+1OaW/jOInY2wd7EHx3mrTrgkIuD
m4WjyxbT/EfIMR4M7yZqaAmKDchVYZguKkLw+pqpbs7Kuan1lZRzwy9eMoFpSwIRh/PW/Yy3jCcT
/QsdLgCnyd7BKjndMO5vl/6nxACfVn/8hXhIlIcGDNvvXLPggrjKdm7EFqIVt1gK29ozxWNkMB5s
EQnH1S8Mc06vgqFc0e0=
-----END CERTIFICATE-----`;

/** The base point of P-256 as if it were a public key. */
const GENERATOR = createPublicKey({
  format: 'jwk',
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: Buffer.from('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296', 'hex').toString(
      'base64url',
    ),
    y: Buffer.from('4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5', 'hex').toString(
      'base64url',
    ),
  },
}).export({ type: 'spki', format: 'der' });

const sha256 = { oid: '', name: '', scheme: 'rsa', digest: 'sha256' } as const;

describe('key tags (RFC 4034 appendix B, wire-facts §1.1)', () => {
  it.each([
    ['V1, flags 256, algorithm 5', 256, 5, 60485],
    ['V1, flags 0, algorithm 5', 0, 5, 60229],
    ['V1, flags 0, algorithm 8', 0, 8, 60232],
  ])('%s', (_, flags, algorithm, expected) => {
    expect(tagOf(Buffer.from(RFC_KEY, 'base64'), algorithm, flags)).toBe(expected);
  });

  it('V2: an EC key is X and Y', () => {
    const key = readKeyFacts(GENERATOR);
    expect(certAlgorithm({ key, signature: sha256 })).toBe(13);
    expect(keyTag({ key, signature: sha256 })).toBe(27321);
  });

  it('V3: a whole certificate', () => {
    const certificate = parseCertificateText(V3);
    expect(certificate.sha256).toBe('7ed876086af3eb32cc3e0f7752d64a15694a6c2623444f66b0af1b3a4332d2c8');
    expect(certificate.der.length).toBe(812);
    expect(certAlgorithm(certificate)).toBe(8);
    expect([5, 8, 10].map((algorithm) => keyTag(certificate, algorithm))).toEqual([17834, 17837, 17839]);
    // what the Java RI writes is the end of the modulus, not the tag
    const { modulus } = certificate.key;
    expect(Buffer.from(modulus!).readUInt16BE(modulus!.length - 2)).toBe(30351);
    // algorithm 1 alone is made of the modulus (RFC 4034 appendix B.1)
    expect(keyTag(certificate, 1)).toBe(Buffer.from(modulus!).readUInt16BE(modulus!.length - 3));
  });

  it('has algorithm and tag 0 for keys that DNSSEC does not have', () => {
    const large = { kind: 'rsa', bits: 8192 } as const;
    expect(certAlgorithm({ key: large, signature: sha256 })).toBe(0);
    expect(keyTag({ key: large, signature: sha256 })).toBe(0);
    expect(certAlgorithm({ key: readKeyFacts(keyPool.take('ed25519').spki), signature: sha256 })).toBe(15);
    expect(certAlgorithm({ key: readKeyFacts(keyPool.take('p384').spki), signature: sha256 })).toBe(14);
  });
});

import { createTree, type MemoryTree } from '../../src/ldap/entries.ts';
import { issueCertificate } from '../../src/pki/issue.ts';
import { generateKey } from '../../src/pki/keys.ts';
import { person } from '../ldap/tree.ts';

export const BASE = 'ou=people,o=bench';
export const mailOf = (index: number): string => `user${index}@bench.example`;

/** DER of one RSA-2048 certificate, about 1.1 kB, and where its serial number lies. */
export function certificateTemplate(): { der: Buffer; serialAt: number } {
  const { certificate } = issueCertificate({
    profile: 'address',
    subject: { CN: 'Bench', O: 'A health information service provider of some length' },
    key: generateKey({ kind: 'rsa', bits: 2048 }),
    issuer: 'self',
    emails: [mailOf(0)],
    crlUrls: ['http://crl.bench.example/intermediate/some-authority.crl'],
    caIssuersUrls: ['http://aia.bench.example/intermediate/some-authority.cer'],
    serial: (1n << 120n) + 1n,
    notBefore: Date.UTC(2020, 0, 1),
    notAfter: Date.UTC(2040, 0, 1),
  });
  const der = Buffer.from(certificate.der);
  return { der, serialAt: der.indexOf(certificate.serialDer) + certificate.serialDer.length - 4 };
}

/** Entries that differ in mail and in the serial number of their certificate. */
export function benchTree(count: number, template: { der: Buffer; serialAt: number }): MemoryTree {
  const entries = Array.from({ length: count }, (_, index) => {
    const der = Buffer.from(template.der);
    der.writeUInt32BE(index, template.serialAt);
    return person(`cn=user${index},${BASE}`, mailOf(index), der);
  });
  return createTree({ namingContexts: ['o=bench'], entries });
}

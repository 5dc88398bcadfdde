import { writePem } from '../../src/asn1/pem.ts';
import { createTree, type MemoryTree } from '../../src/ldap/entries.ts';
import { issueCertificate } from '../../src/pki/issue.ts';
import { generateKey } from '../../src/pki/keys.ts';
import { person } from '../ldap/tree.ts';

const key = generateKey({ kind: 'ec', curve: 'P-256' });

/** DER of a certificate that any LDAP server accepts as one. */
export const realCertificate = (email: string): Uint8Array =>
  issueCertificate({
    profile: 'address',
    subject: { CN: email },
    key,
    issuer: 'self',
    emails: [email],
    notBefore: Date.UTC(2020, 0, 1),
    notAfter: Date.UTC(2040, 0, 1),
  }).certificate.der;

export const BOB = [realCertificate('bob@direct.example'), realCertificate('bob@direct.example')];
export const DOMAIN = realCertificate('direct.example');

export const realTree = (): MemoryTree =>
  createTree({
    namingContexts: ['o=one', 'dc=two,dc=example'],
    entries: [
      person('cn=bob,ou=people,o=one', 'Bob@Direct.Example', ...BOB),
      person('cn=empty,ou=people,o=one', 'empty@direct.example'),
      person('cn=star,o=one', 'a*b(c)d@direct.example', realCertificate('star@direct.example')),
      person('cn=domain,dc=two,dc=example', 'direct.example', DOMAIN),
    ],
  });

/** For a server on 127.0.0.1: libldap takes `localhost` for the machine's own name. */
export function serverTls(): { readonly key: string; readonly cert: string } {
  const { certificate } = issueCertificate({
    profile: 'tls',
    subject: { CN: 'LDAP server' },
    key,
    issuer: 'self',
    otherNames: [{ type: 'ip', octets: Uint8Array.of(127, 0, 0, 1) }],
    notBefore: Date.UTC(2020, 0, 1),
    notAfter: Date.UTC(2040, 0, 1),
  });
  const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' });
  return { key: String(pem), cert: writePem('CERTIFICATE', certificate.der) };
}

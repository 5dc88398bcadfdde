import type { ResourceRecord } from '../../src/dns/records.ts';
import type { HispConfig } from '../../src/hisp/config.ts';
import { serveHttp } from '../../src/http/server.ts';
import type { Host } from '../../src/net/host.ts';
import { issueCrl } from '../../src/pki/crl.ts';
import { type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { certAlgorithm, keyTag } from '../../src/pki/key-tag.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { anchorOf } from '../../src/trust/anchors.ts';

const DAY = 86_400_000;
const KEYS = { root: 0, a: 1, b: 2 } as const;

/** A community of two domains under one root, with certificates at the domains, and a list of what is revoked. */
export function community(now: number, web: string) {
  const validity = { notBefore: now - 30 * DAY, notAfter: now + 300 * DAY };
  const root = issueCertificate({
    profile: 'root',
    subject: { CN: 'Test Root' },
    key: keyPool.take('rsa2048', KEYS.root),
    issuer: 'self',
    ...validity,
  });
  const crl = `http://${web}/root.crl`;
  const leaf = (name: 'a' | 'b'): Issued =>
    issueCertificate({
      profile: 'domain',
      subject: { CN: `${name}.example` },
      key: keyPool.take('rsa2048', KEYS[name]),
      issuer: root,
      dnsNames: [`${name}.example`],
      crlUrls: [crl],
      ...validity,
    });
  const leaves = { a: leaf('a'), b: leaf('b') };
  return {
    root,
    leaves,
    config: (name: 'a' | 'b'): Pick<HispConfig, 'keys' | 'anchors' | 'fetch'> => ({
      keys: [
        {
          owner: `${name}.example`,
          certificate: leaves[name].certificate,
          privateKey: leaves[name].key.privateKey,
        },
      ],
      anchors: [
        {
          domain: `${name}.example`,
          anchor: anchorOf(root.certificate, 'test'),
          incoming: true,
          outgoing: true,
        },
      ],
      fetch: { allowPrivate: () => true },
    }),
    records: (name: 'a' | 'b', address: string): ResourceRecord[] => {
      const { certificate } = leaves[name];
      const algorithm = certAlgorithm(certificate);
      const domain = `${name}.example`;
      return [
        { name: domain, ttl: 60, data: { type: 'MX', preference: 10, exchange: `mx.${domain}` } },
        { name: `mx.${domain}`, ttl: 60, data: { type: 'A', address } },
        {
          name: domain,
          ttl: 60,
          data: {
            type: 'CERT',
            certType: 1,
            keyTag: keyTag(certificate, algorithm),
            algorithm,
            payload: certificate.der,
          },
        },
      ];
    },
    serveLists: (host: Host, revoked: readonly Issued[] = []) =>
      serveHttp(host, {
        at: { host: web, port: 80 },
        handle: () => ({
          status: 200,
          headers: { 'content-type': 'application/pkix-crl' },
          body: issueCrl({
            issuer: root,
            number: 1n,
            thisUpdate: now - DAY,
            nextUpdate: now + 30 * DAY,
            revoked: revoked.map(({ certificate }) => ({ serial: certificate.serial, at: now - DAY })),
          }),
        }),
      }),
  };
}

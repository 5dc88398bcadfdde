/**
 * The authority of a HISP of the network as the issuer that its administrators use.
 *
 * @module
 */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { NetworkDefinition } from '../../config/network.ts';
import type { Issuer } from '../../hisp/tenancy/issuer.ts';
import type { Host } from '../../net/host.ts';
import type { KeyUsage } from '../../pki/certificate.ts';
import { issueCertificate } from '../../pki/issue.ts';
import { keyPair } from '../../pki/keys.ts';
import { type HispMaterial, LEAF_LIFE, leafUrls } from './material.ts';

const makeKey = promisify(generateKeyPair);
/** Clocks of others may be behind. */
const BEFORE = 3_600_000;

const USAGE: Readonly<Record<'sign' | 'encrypt', readonly KeyUsage[]>> = {
  sign: ['digitalSignature'],
  encrypt: ['keyEncipherment'],
};

/** Each certificate has a key of its own, made here: RSA with 2,048 bits. */
export function issuerOf(
  host: Pick<Host, 'now' | 'hold'>,
  network: NetworkDefinition,
  id: string,
  { issuer }: HispMaterial,
): Issuer {
  const hisp = network.hisps[id]!;
  return {
    authority: issuer.certificate,
    async issue({ owner, kind, organization, title, purpose }) {
      const { privateKey, publicKey } = await host.hold(makeKey('rsa', { modulusLength: 2048 }));
      const now = host.now();
      const { certificate } = issueCertificate({
        profile: kind,
        subject: { C: 'US', O: organization, CN: title.slice(0, 64) },
        key: keyPair(privateKey, publicKey),
        issuer,
        notBefore: Math.max(now - BEFORE, issuer.certificate.notBefore),
        notAfter: Math.min(now + LEAF_LIFE, issuer.certificate.notAfter),
        ...(kind === 'address' ? { emails: [owner] } : { dnsNames: [owner] }),
        ...(purpose === 'dual' ? {} : { keyUsage: USAGE[purpose] }),
        ...(network.policies.length > 0 ? { policies: network.policies } : {}),
        ...leafUrls(id, hisp),
      });
      return { certificate, privateKey };
    },
  };
}

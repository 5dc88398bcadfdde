/**
 * Anchors of test systems: each HISP has one of its own for tests, so that no anchor of a test bundle is ever one of
 * production (REQ-TB-13).
 *
 * @module
 */
import { createPrivateKey } from 'node:crypto';
import { writePem } from '../../asn1/pem.ts';
import type { NetworkDefinition } from '../../config/network.ts';
import { type Certificate, parseCertificateText } from '../../pki/certificate.ts';
import { issueCertificate } from '../../pki/issue.ts';
import { generateKey, keyPair } from '../../pki/keys.ts';
import type { State } from '../demo/state.ts';

const DAY = 86_400_000;
const LIFE = 3650 * DAY;
const RENEWAL = 30 * DAY;

/** The test anchor of a HISP, made when it is first asked for. @param now ms since 1970 UTC */
export function sandboxAnchor(
  network: NetworkDefinition,
  hisp: string,
  state: State,
  now: number,
): Certificate {
  const folder = `pki/${hisp}`;
  const kept = state.read(`${folder}/sandbox.cer`);
  const found = kept === undefined ? undefined : parseCertificateText(kept);
  if (found && found.notAfter - now > RENEWAL) return found;
  const text = state.read(`${folder}/sandbox.key`);
  const key = text === undefined ? generateKey({ kind: 'rsa', bits: 2048 }) : keyPair(createPrivateKey(text));
  if (text === undefined) {
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    state.write(`${folder}/sandbox.key`, pem, 'owner');
  }
  const { title } = network.hisps[hisp]!;
  const { certificate } = issueCertificate({
    profile: 'root',
    subject: { C: 'US', O: title, OU: 'Test systems', CN: `${title} Test Root CA` },
    key,
    issuer: 'self',
    notBefore: now - DAY,
    notAfter: now + LIFE,
  });
  state.write(`${folder}/sandbox.cer`, writePem('CERTIFICATE', certificate.der), 'all');
  return certificate;
}

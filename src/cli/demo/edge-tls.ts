/**
 * The TLS certificate of a HISP's own servers: made once, kept in the state folder, renewed before it expires. Nobody
 * vouches for it: whoever sets up a mail program against the demo network says that it is right.
 *
 * @module
 */
import { createPrivateKey } from 'node:crypto';
import { readPem, writePem } from '../../asn1/pem.ts';
import type { SecureServerOptions } from '../../net/tls.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { issueCertificate } from '../../pki/issue.ts';
import { generateKey } from '../../pki/keys.ts';
import type { State } from './state.ts';

const DAY = 86_400_000;
const LIFE = 730 * DAY;
const RENEWAL = 30 * DAY;

/**
 * @param names the first is the subject; all are in the subject alternative name
 * @param now ms since 1970 UTC
 */
export function edgeTls(
  state: State,
  hisp: string,
  names: readonly [string, ...string[]],
  now: number,
): SecureServerOptions {
  const file = `tls/${hisp}.pem`;
  const kept = state.read(file);
  if (kept !== undefined && isGood(kept, names, now)) return { key: kept, cert: kept };
  const key = generateKey({ kind: 'ec', curve: 'P-256' });
  const { certificate } = issueCertificate({
    profile: 'tls',
    subject: { CN: names[0] },
    key,
    issuer: 'self',
    notBefore: now - DAY,
    notAfter: now + LIFE,
    dnsNames: names,
  });
  const text =
    writePem('CERTIFICATE', certificate.der) +
    key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  state.write(file, text, 'owner');
  return { key: text, cert: text };
}

/** A file that was damaged, is of other names, or ends soon is made anew. */
function isGood(text: string, names: readonly string[], now: number): boolean {
  try {
    createPrivateKey(text);
    const certificate = parseCertificate(readPem(text).find(({ label }) => label === 'CERTIFICATE')!.bytes);
    return certificate.notAfter - now > RENEWAL && names.every((name) => certificate.dnsNames.includes(name));
  } catch {
    return false;
  }
}

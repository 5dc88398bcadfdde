/**
 * What an authority asks of a request and of the names that it is to certify.
 *
 * @module
 */
import type { KeyObject } from 'node:crypto';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import type { Subject } from '../../pki/issue.ts';
import { encodeSubject } from '../../pki/issue-name.ts';
import { loadPublicKey } from '../../pki/keys.ts';
import { parseName } from '../../pki/name.ts';
import { nameViolation } from '../../pki/path/names.ts';
import { keyIsStrong } from '../../pki/path/strength.ts';
import { type CertificateRequest, readRequest } from '../../pki/request.ts';
import { Failure } from '../failure.ts';
import { note } from '../terminal.ts';
import { readSecret } from './secret.ts';

/**
 * The key of a request that proves its private half, is strong enough and asks for the name that is to be certified. What
 * else it asks for is told and not granted.
 *
 * @throws {Failure}
 */
export function requestedKey(
  kind: 'root' | 'intermediate' | 'address' | 'domain',
  name: string,
  file: string,
): { publicKey: KeyObject; spki: Uint8Array } {
  const request = read(file);
  const refuse = (why: string, hint?: string): never => {
    throw new Failure(`${file}: ${why}`, { ...(hint !== undefined && { hint }), exitCode: 2 });
  };
  if (!request.proven)
    refuse('the request is not signed with its own key, so nobody proves to have the private half');
  if (!keyIsStrong(request.key, '1.3')) refuse('the key is too weak for Direct', 'RSA wants 2048 bits.');
  const asked = [...request.emails, ...request.dnsNames];
  if (kind === 'address' || kind === 'domain') {
    const same = (one: string): boolean => one.toLowerCase() === name.toLowerCase();
    const fitting = (kind === 'address' ? request.emails : request.dnsNames).some(same);
    if (asked.length > 0 && !fitting)
      refuse(
        `the request asks for ${asked.join(', ')}, not for ${name}`,
        'Issue for the name that is asked for, or have the request made anew.',
      );
    const stray = asked.filter((one) => !same(one));
    if (stray.length > 0) note(`asked for and not granted: ${stray.join(', ')}`);
  }
  if (request.isCa && kind !== 'intermediate') note('asked for and not granted: to be an authority');
  if (request.policies.length > 0)
    note(`asked for policies ${request.policies.join(', ')}; --policy says which are granted`);
  return { publicKey: loadPublicKey(request.spki), spki: request.spki };
}

function read(file: string): CertificateRequest {
  try {
    return readRequest(readSecret(file));
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new Failure(`${file} cannot be read as a certification request: ${error.message}`, { exitCode: 2 });
  }
}

/** @throws {Failure} the issuer's own name constraints leave the names out */
export function checkNames(
  spec: {
    readonly subject: Subject | Uint8Array;
    readonly emails?: readonly string[];
    readonly dnsNames?: readonly string[];
  },
  issuer: Certificate,
): void {
  const subject = spec.subject instanceof Uint8Array ? spec.subject : encodeSubject(spec.subject);
  const san = [
    ...(spec.emails ?? []).map((value) => ({ type: 'email' as const, value })),
    ...(spec.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
  ];
  const { permitted = [], excluded = [] } = issuer.nameConstraints ?? {};
  const wrong = nameViolation(
    { san, subject: parseName(subject), subjectEmails: [] },
    permitted.length > 0 ? [permitted] : [],
    excluded,
  );
  if (wrong !== undefined)
    throw new Failure(`the issuer may not certify this: ${wrong}`, {
      hint: 'Choose another issuer: --issuer NAME',
      exitCode: 2,
    });
}

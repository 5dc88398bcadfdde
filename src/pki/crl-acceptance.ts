/**
 * Whether a revocation list may speak about a certificate (RFC 5280 §6.3.3; REQ-CERT-08): the right issuer, a genuine
 * signature, the right time, the right scope.
 *
 * @module
 */
import { createHash, type KeyObject } from 'node:crypto';
import { children, raw, readAsn1 } from '../asn1/read.ts';
import { sequence } from '../asn1/write.ts';
import { verifySignature } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import type { Crl } from './crl.ts';
import { PkiError } from './error.ts';
import type { DistributionPoint } from './extensions.ts';
import type { GeneralName } from './general-name.ts';
import { loadPublicKey } from './keys.ts';
import { formatName, type Name, parseName, sameName } from './name.ts';
import type { Anchor } from './path/anchor.ts';
import type { UnknownCode } from './revocation.ts';

/** Every bit of ReasonFlags but bit 0, which is unused (RFC 5280 §4.2.1.13). */
export const ALL_REASONS = 0b1_1111_1110;

const DAY = 86_400_000;

/** Who vouches: a certificate of the path, or the anchor. */
export interface IssuerFacts {
  readonly name: Name;
  readonly spki: Uint8Array;
  readonly maySignCrls: boolean;
  /** Name and key in one text. */
  readonly id: string;
}

export function issuerFacts(issuer: Certificate | Anchor): IssuerFacts {
  const name = 'subject' in issuer ? issuer.subject : issuer.name;
  const certificate = 'subject' in issuer ? issuer : issuer.certificate;
  return {
    name,
    spki: issuer.spki,
    maySignCrls: certificate?.keyUsage?.has('cRLSign') ?? true,
    id: createHash('sha256').update(name.key).update(issuer.spki).digest('hex'),
  };
}

/** Of what and by whose leave a list is to speak. */
export interface Asked {
  readonly certificate: Certificate;
  readonly issuer: IssuerFacts;
  readonly at: number;
  readonly skewMs: number;
  readonly signers: readonly Certificate[];
  /** Certificates that lead to the same anchor as the path (RFC 5280 §6.3.3 f): they may sign lists of their subject. */
  readonly proven?: readonly Certificate[];
}

export interface ListProblem {
  readonly code: UnknownCode;
  readonly why: string;
}

const problem = (code: UnknownCode, why: string): ListProblem => ({ code, why });

/**
 * Why the list does not decide, or undefined. `scope` is told only of a genuine list, and `stale` only of one that is
 * in scope as well.
 *
 * @param genuine the signature was verified before, for this issuer
 */
export function listProblem(
  crl: Crl,
  point: DistributionPoint,
  asked: Asked,
  genuine: boolean,
): ListProblem | undefined {
  return (
    issuerProblem(crl, point, asked) ??
    (genuine ? undefined : signatureProblem(crl, asked)) ??
    scopeProblem(crl, point, asked.certificate) ??
    timeProblem(crl, asked)
  );
}

function issuerProblem(crl: Crl, point: DistributionPoint, { issuer }: Asked): ListProblem | undefined {
  if (point.crlIssuer.length === 0) {
    return sameName(crl.issuer, issuer.name)
      ? undefined
      : problem(
          'wrong-issuer',
          `the list is of ${formatName(crl.issuer)}, not of ${formatName(issuer.name)}`,
        );
  }
  if (!point.crlIssuer.some((name) => name.type === 'directory' && sameName(name.name, crl.issuer)))
    return problem(
      'wrong-issuer',
      `the list is of ${formatName(crl.issuer)}, which the certificate does not name`,
    );
  if (!sameName(crl.issuer, issuer.name) && !crl.scope?.indirect)
    return problem('wrong-issuer', 'the list is of another issuer, and not marked as indirect');
  return undefined;
}

function scopeProblem(crl: Crl, point: DistributionPoint, certificate: Certificate): ListProblem | undefined {
  const [critical] = crl.criticalUnknown;
  if (critical !== undefined)
    return problem('unsupported', `the list has the critical extension ${critical}`);
  if (crl.deltaBase !== undefined)
    return problem('unsupported', 'a delta list alone does not tell who is not revoked');
  const { scope } = crl;
  if (!scope) return undefined;
  if (scope.relative && !scope.fragment)
    return problem('unsupported', 'the scope of the list is relative to its issuer');
  const own = namesOf(scope, crl.issuer);
  if (own.length > 0 && !namesMeet(own, pointNames(point, certificate)))
    return problem('scope', 'the list is of another distribution point');
  if (scope.onlyAttributeCerts) return problem('scope', 'the list is of attribute certificates');
  if (scope.onlyUserCerts && certificate.isCa) return problem('scope', 'the list is of end entities only');
  if (scope.onlyCaCerts && !certificate.isCa) return problem('scope', 'the list is of authorities only');
  return undefined;
}

/** The names of a point, the relative one completed by its issuer's. */
function namesOf(
  { fullName, fragment }: Pick<DistributionPoint, 'fullName' | 'fragment'>,
  issuer: Name,
): readonly GeneralName[] {
  if (!fragment) return fullName;
  const rdns = children(readAsn1(issuer.der)).map(raw);
  return [...fullName, { type: 'directory', name: parseName(sequence(...rdns, fragment)) }];
}

/** What the certificate calls its list; without a name of its own, the list's issuer stands for it. */
function pointNames(point: DistributionPoint, certificate: Certificate): readonly GeneralName[] {
  const named = point.crlIssuer.find((name) => name.type === 'directory');
  const names = namesOf(point, named?.type === 'directory' ? named.name : certificate.issuer);
  return names.length > 0 ? names : point.crlIssuer;
}

/** The list's name is one that the certificate's point has (RFC 5280 §6.3.3 b 2 i). */
const namesMeet = (names: readonly GeneralName[], wanted: readonly GeneralName[]): boolean =>
  names.some((a) =>
    wanted.some((b) => {
      if (a.type === 'uri' && b.type === 'uri') return a.value === b.value;
      return a.type === 'directory' && b.type === 'directory' && sameName(a.name, b.name);
    }),
  );

/** The issuer's key, or that of a certificate which the issuer gave the right to sign lists under the list's name. */
function signatureProblem(crl: Crl, asked: Asked): ListProblem | undefined {
  const { issuer, signers, at, skewMs } = asked;
  if (!crl.signatureAgrees) return problem('signature', 'the list names two different signature algorithms');
  if (crl.signature.digest === 'md5') return problem('signature', 'the list is signed with MD5');
  const by = (key: KeyObject | undefined): boolean =>
    key !== undefined && verifySignature(crl.signature, crl.tbs, crl.signatureValue, key);
  const issuerKey = load(() => loadPublicKey(issuer.spki));
  const own = sameName(crl.issuer, issuer.name);
  if (own && issuer.maySignCrls && by(issuerKey)) return undefined;
  const delegate = signers.find(
    (signer) =>
      sameName(signer.subject, crl.issuer) &&
      sameName(signer.issuer, issuer.name) &&
      signer.keyUsage?.has('cRLSign') &&
      at >= signer.notBefore - skewMs &&
      at <= signer.notAfter + skewMs &&
      issuerKey !== undefined &&
      signer.criticalUnknown.length === 0 &&
      verifySignature(signer.signature, signer.tbs, signer.signatureValue, issuerKey) &&
      by(load(() => signer.publicKey)),
  );
  if (delegate) return undefined;
  const proven = asked.proven?.some(
    (signer) =>
      sameName(signer.subject, crl.issuer) &&
      (signer.keyUsage?.has('cRLSign') ?? true) &&
      by(load(() => signer.publicKey)),
  );
  if (proven) return undefined;
  if (own && !issuer.maySignCrls && by(issuerKey))
    return problem('signature', 'the key of the issuer may not sign lists (keyUsage)');
  return problem('signature', 'the signature of the list does not verify');
}

function load(key: () => KeyObject): KeyObject | undefined {
  try {
    return key();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function timeProblem(crl: Crl, { at, skewMs }: Asked): ListProblem | undefined {
  const iso = (ms: number): string => new Date(ms).toISOString();
  if (at < crl.thisUpdate - skewMs)
    return problem('not-yet', `the list is not in force before ${iso(crl.thisUpdate)}`);
  if (crl.nextUpdate === undefined) {
    return at > crl.thisUpdate + DAY
      ? problem('stale', `the list of ${iso(crl.thisUpdate)} does not say when the next one is due`)
      : undefined;
  }
  return at >= crl.nextUpdate + skewMs
    ? problem('stale', `the list ran out on ${iso(crl.nextUpdate)}`)
    : undefined;
}

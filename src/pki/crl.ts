/**
 * Revocation lists (RFC 5280 §5), read by walking: a list of 100,000 entries costs one pass over its octets, and no
 * entry is taken apart before somebody asks for it.
 *
 * @module
 */
import { readPem } from '../asn1/pem.ts';
import { children, content, expect, is, isContext, type Node, raw, readAsn1, TAG } from '../asn1/read.ts';
import { readBoolean, readSmallInteger, readTime } from '../asn1/values.ts';
import {
  readSignatureAlgorithm,
  readSignatureValue,
  type SignatureAlgorithm,
  sameAlgorithm,
} from './algorithms.ts';
import { type EntryTable, readEntries } from './crl-entries.ts';
import { PkiError, reading } from './error.ts';
import { distributionPointName, type Extension, readExtensions, reasonBits } from './extensions.ts';
import type { GeneralName } from './general-name.ts';
import { type Name, readName } from './name.ts';
import { EXT } from './oids.ts';

export type { CrlReason, RevokedEntry } from './crl-entries.ts';
export { type CrlSpec, issueCrl, issueCrlAnywhere } from './issue-crl.ts';

/** issuingDistributionPoint (RFC 5280 §5.2.5): which certificates the list speaks of. */
export interface CrlScope {
  readonly fullName: readonly GeneralName[];
  readonly relative: boolean;
  /** One RDN below the list's issuer, as a SET in DER, when `relative`. */
  readonly fragment?: Uint8Array;
  readonly onlyUserCerts: boolean;
  readonly onlyCaCerts: boolean;
  readonly onlyAttributeCerts: boolean;
  /** Bits of ReasonFlags; undefined: all. */
  readonly onlyReasons?: number;
  readonly indirect: boolean;
}

export interface Crl extends EntryTable {
  readonly der: Uint8Array;
  /** 1 or 2. */
  readonly version: number;
  readonly issuer: Name;
  /** ms since 1970 UTC. */
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  readonly number?: bigint;
  /** Set: changes only, on top of the list of this number. */
  readonly deltaBase?: bigint;
  readonly aki?: string;
  readonly scope?: CrlScope;
  readonly signature: SignatureAlgorithm;
  readonly signatureAgrees: boolean;
  readonly tbs: Uint8Array;
  readonly signatureValue: Uint8Array;
  readonly extensions: readonly Extension[];
  /** Critical extensions of the list, or of an entry, that we do not process: the list decides nothing (§5.2, §5.3). */
  readonly criticalUnknown: readonly string[];
}

const PROCESSED: ReadonlySet<string> = new Set([
  EXT.cRLNumber,
  EXT.authorityKeyIdentifier,
  EXT.issuingDistributionPoint,
  EXT.deltaCRLIndicator,
  EXT.freshestCRL,
  EXT.issuerAltName,
]);

/** Reads DER, BER with definite lengths, or PEM. @throws {PkiError} */
export function parseCrl(body: Uint8Array): Crl {
  if (body[0] === 0x30) return read(body);
  const block = readPem(Buffer.from(body).toString('latin1')).find(({ label }) =>
    /^(X509 )?CRL$/.test(label),
  );
  if (!block) throw new PkiError('structure', 'neither DER nor a PEM block labelled X509 CRL');
  return read(block.bytes);
}

function read(body: Uint8Array): Crl {
  return reading('revocation list', 'structure', () => {
    const whole = readAsn1(body, { trailing: 'allow' });
    const [tbs, outer, signature] = children(expect(whole, TAG.sequence, 'CRL'));
    const fields = [...children(expect(tbs, TAG.sequence, 'tbsCertList'))];
    const version = is(fields[0], TAG.integer) ? 1 + readSmallInteger(fields.shift(), 'version') : 1;
    const [inner, issuerNode, thisUpdate, ...optional] = fields;
    const isTime = (node: Node | undefined): boolean =>
      is(node, TAG.utcTime) || is(node, TAG.generalizedTime);
    const nextUpdate = isTime(optional[0]) ? optional.shift() : undefined;
    const list = is(optional[0], TAG.sequence) ? optional.shift() : undefined;
    const wrapped = optional.find((node) => isContext(node, 0));
    const extensions = wrapped ? readExtensions(children(wrapped)[0]!) : [];
    const issuer = readName(issuerNode, 'CRL issuer');
    const known = decode(extensions);
    const entries = readEntries(body, list, issuer.key, known.scope?.indirect ?? false);
    return {
      ...known,
      ...entries,
      der: body.subarray(0, whole.end),
      version,
      issuer,
      thisUpdate: readTime(thisUpdate, 'thisUpdate'),
      ...(nextUpdate && { nextUpdate: readTime(nextUpdate, 'nextUpdate') }),
      signature: readSignatureAlgorithm(outer),
      signatureAgrees: sameAlgorithm(expect(inner, TAG.sequence, 'signature'), outer!),
      tbs: raw(tbs!),
      signatureValue: readSignatureValue(signature),
      extensions,
      criticalUnknown: [
        ...extensions.filter((e) => e.critical && !PROCESSED.has(e.oid)).map((e) => e.oid),
        ...entries.criticalUnknown,
      ],
    };
  });
}

function decode(extensions: readonly Extension[]): Pick<Crl, 'number' | 'deltaBase' | 'aki' | 'scope'> {
  const value = (oid: string): Node | undefined => {
    const found = extensions.find((extension) => extension.oid === oid);
    return found && readAsn1(found.value);
  };
  const number = value(EXT.cRLNumber);
  const base = value(EXT.deltaCRLIndicator);
  const aki = value(EXT.authorityKeyIdentifier);
  const keyId = aki && children(expect(aki, TAG.sequence, 'AKI')).find((node) => isContext(node, 0));
  const idp = value(EXT.issuingDistributionPoint);
  return {
    ...(number && { number: counter(number) }),
    ...(base && { deltaBase: counter(base) }),
    ...(keyId && { aki: Buffer.from(content(keyId)).toString('hex') }),
    ...(idp && { scope: readScope(idp) }),
  };
}

/** Numbers have up to 20 octets (RFC 5280 §5.2.3). */
function counter(node: Node): bigint {
  const octets = content(expect(node, TAG.integer, 'CRL number'));
  if (octets.length === 0 || octets.length > 64) throw new PkiError('structure', 'CRL number: bad length');
  return BigInt(`0x${Buffer.from(octets).toString('hex')}`);
}

function readScope(node: Node): CrlScope {
  const parts = children(expect(node, TAG.sequence, 'issuingDistributionPoint'));
  const flag = (tag: number): boolean => {
    const part = parts.find((candidate) => isContext(candidate, tag));
    return part !== undefined && readBoolean({ ...part, tagClass: 'universal', tag: TAG.boolean });
  };
  const reasons = parts.find((part) => isContext(part, 3));
  return {
    ...distributionPointName(parts.find((part) => isContext(part, 0))),
    onlyUserCerts: flag(1),
    onlyCaCerts: flag(2),
    ...(reasons && { onlyReasons: reasonBits(reasons) }),
    indirect: flag(4),
    onlyAttributeCerts: flag(5),
  };
}

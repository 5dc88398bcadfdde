/**
 * Issuing revocation lists, good ones and every wrong one that a test needs.
 *
 * @module
 */
import {
  bitString,
  type Der,
  encode,
  explicit,
  generalizedTime,
  implicit,
  integer,
  namedBits,
  sequence,
  time,
} from '../asn1/write.ts';
import { type Digest, encodeSignatureAlgorithm, signatureAlgorithm } from './algorithms.ts';
import { type CrlReason, reasonNumber } from './crl-entries.ts';
import type { Extension } from './extensions.ts';
import { encodeGeneralName } from './general-name.ts';
import { extension } from './issue-extensions.ts';
import type { KeyPair } from './keys.ts';
import type { Name } from './name.ts';
import { EXT } from './oids.ts';
import { kindOf, type Signatory, type Signing, signedAnywhere, signedHere } from './private-key.ts';

export interface CrlSpec {
  readonly issuer: Signatory;
  readonly number: bigint | number;
  /** ms since 1970 UTC. */
  readonly thisUpdate: number;
  /** ms since 1970 UTC; `null` leaves it out. */
  readonly nextUpdate: number | null;
  readonly revoked: readonly {
    /** Hex, as `Certificate.serial`. */
    readonly serial: string;
    /** ms since 1970 UTC. */
    readonly at: number;
    /** None: no reason code is written. */
    readonly reason?: CrlReason;
    readonly invalidityDate?: number;
    /** Of an indirect list: whose certificate it is, for this and the entries that follow. */
    readonly certificateIssuer?: Name;
    readonly extensions?: readonly Extension[];
  }[];
  readonly digest?: Digest;
  /** Default 2; 1 has no extensions at all. */
  readonly version?: 1 | 2;
  readonly scope?: {
    readonly urls?: readonly string[];
    readonly onlyUserCerts?: boolean;
    readonly onlyCaCerts?: boolean;
    readonly onlyAttributeCerts?: boolean;
    /** Bits of ReasonFlags: 2 is keyCompromise. */
    readonly onlyReasons?: number;
    readonly indirect?: boolean;
  };
  /** Makes it a delta list on top of this number. */
  readonly deltaBase?: bigint | number;
  readonly extensions?: readonly Extension[];
  /** Another issuer's name in DER: a list that is not the issuer's. */
  readonly issuerName?: Uint8Array;
  /** Sign with this key instead of the issuer's: a forgery. */
  readonly signWith?: KeyPair;
}

/** One list in DER. @throws {PkiError} code `algorithm` */
export const issueCrl = (spec: CrlSpec): Uint8Array => signedHere(listOf(spec));

/** As `issueCrl`, by a key wherever it is. @throws {PkiError} @throws what the holder of the key says */
export const issueCrlAnywhere = (spec: CrlSpec): Promise<Uint8Array> => signedAnywhere(listOf(spec));

function* listOf(spec: CrlSpec): Signing<Uint8Array> {
  const key = (spec.signWith ?? spec.issuer.key).privateKey;
  const algorithm = signatureAlgorithm(kindOf(key), { digest: spec.digest });
  const identifier = encodeSignatureAlgorithm(algorithm);
  const second = spec.version !== 1;
  const entries = spec.revoked.map((entry) => revokedEntry(entry, second));
  const tbs = sequence(
    ...(second ? [integer(1)] : []),
    identifier,
    spec.issuerName ?? spec.issuer.certificate.subjectDer,
    time(spec.thisUpdate),
    ...(spec.nextUpdate === null ? [] : [time(spec.nextUpdate)]),
    // an empty list is left out (RFC 5280 §5.1.2.6)
    ...(entries.length ? [encode(0x30, Buffer.concat(entries))] : []),
    ...(second ? [explicit(0, sequence(...listExtensions(spec)))] : []),
  );
  return sequence(tbs, identifier, bitString(yield { key, algorithm, data: tbs }));
}

function revokedEntry(entry: CrlSpec['revoked'][number], second: boolean): Der {
  const extensions: Der[] = [];
  if (entry.reason !== undefined)
    extensions.push(extension(EXT.reasonCode, false, encode(10, Uint8Array.of(reasonNumber(entry.reason)))));
  if (entry.invalidityDate !== undefined)
    extensions.push(extension(EXT.invalidityDate, false, generalizedTime(entry.invalidityDate)));
  if (entry.certificateIssuer)
    extensions.push(
      extension(
        EXT.certificateIssuer,
        true,
        sequence(encodeGeneralName({ type: 'directory', name: entry.certificateIssuer })),
      ),
    );
  for (const { oid: type, critical, value } of entry.extensions ?? [])
    extensions.push(extension(type, critical, value));
  return sequence(
    integer(
      entry.serial.startsWith('-') ? -BigInt(`0x${entry.serial.slice(1)}`) : BigInt(`0x${entry.serial}`),
    ),
    time(entry.at),
    ...(second && extensions.length ? [sequence(...extensions)] : []),
  );
}

function listExtensions(spec: CrlSpec): Der[] {
  const { ski } = spec.issuer.certificate;
  return [
    ...(ski === undefined
      ? []
      : [extension(EXT.authorityKeyIdentifier, false, sequence(implicit(0, Buffer.from(ski, 'hex'))))]),
    extension(EXT.cRLNumber, false, integer(spec.number)),
    ...(spec.deltaBase === undefined
      ? []
      : [extension(EXT.deltaCRLIndicator, true, integer(spec.deltaBase))]),
    ...(spec.scope ? [extension(EXT.issuingDistributionPoint, true, scopeValue(spec.scope))] : []),
    ...(spec.extensions ?? []).map(({ oid: type, critical, value }) => extension(type, critical, value)),
  ];
}

function scopeValue(scope: NonNullable<CrlSpec['scope']>): Der {
  const flag = (tag: number, on: boolean | undefined): Der[] =>
    on ? [implicit(tag, Uint8Array.of(0xff))] : [];
  const names = (scope.urls ?? []).map((value) => encodeGeneralName({ type: 'uri', value }));
  const bits = Array.from({ length: 9 }, (_, bit) => bit).filter(
    (bit) => (scope.onlyReasons ?? 0) & (1 << bit),
  );
  return sequence(
    ...(names.length ? [explicit(0, explicit(0, ...names))] : []),
    ...flag(1, scope.onlyUserCerts),
    ...flag(2, scope.onlyCaCerts),
    ...(bits.length ? [implicit(3, namedBits(bits).subarray(2))] : []),
    ...flag(4, scope.indirect),
    ...flag(5, scope.onlyAttributeCerts),
  );
}

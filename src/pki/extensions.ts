/**
 * The extensions of a certificate, decoded (RFC 5280 §4.2).
 *
 * An extension that decides what a certificate may do must decode, or the certificate is refused. One that only helps
 * (where to fetch issuers and lists, key identifiers) may be broken: it is left out and named in `malformed`.
 *
 * @module
 */
import { Asn1Error } from '../asn1/error.ts';
import { children, content, expect, is, isContext, type Node, readAsn1, TAG } from '../asn1/read.ts';
import { readBitString, readBoolean, readOctetString, readOid } from '../asn1/values.ts';
import { encode } from '../asn1/write.ts';
import { PkiError, reading } from './error.ts';
import { type GeneralName, readGeneralName, readGeneralNames } from './general-name.ts';
import { ACCESS, EXT } from './oids.ts';

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** The octets inside the OCTET STRING. */
  readonly value: Uint8Array;
}

/** In the order of the bits (RFC 5280 §4.2.1.3). */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsage = (typeof KEY_USAGES)[number];

export interface Subtree {
  readonly base: GeneralName;
  /** Other than 0 and absent is never used (RFC 5280 §4.2.1.10) and refused when it is. */
  readonly plain: boolean;
}

export interface NameConstraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

export interface DistributionPoint {
  readonly fullName: readonly GeneralName[];
  /** nameRelativeToCRLIssuer was used. */
  readonly relative: boolean;
  /** What it adds to the name of the list's issuer: one RDN, as a SET in DER. */
  readonly fragment?: Uint8Array;
  /** Bits of ReasonFlags; undefined: all reasons. */
  readonly reasons?: number;
  /** Set when another than the certificate's issuer signs the list. */
  readonly crlIssuer: readonly GeneralName[];
}

export interface PolicyConstraints {
  readonly requireExplicit?: number;
  readonly inhibitMapping?: number;
}

export interface KnownExtensions {
  readonly san: readonly GeneralName[];
  readonly keyUsage?: ReadonlySet<KeyUsage>;
  readonly eku?: readonly string[];
  readonly basicConstraints: boolean;
  readonly isCa: boolean;
  readonly pathLen?: number;
  readonly ski?: string;
  readonly aki?: string;
  readonly distributionPoints: readonly DistributionPoint[];
  readonly caIssuersUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly policies: readonly string[];
  readonly policyMappings: readonly { readonly issuer: string; readonly subject: string }[];
  readonly policyConstraints?: PolicyConstraints;
  readonly inhibitAnyPolicy?: number;
  readonly nameConstraints?: NameConstraints;
  /** Identifiers of helping extensions that do not decode. */
  readonly malformed: readonly string[];
}

/** Extensions as they stand. @throws {Asn1Error} @throws {PkiError} when one stands twice */
export function readExtensions(node: Node): Extension[] {
  const seen = new Set<string>();
  return children(expect(node, TAG.sequence, 'extensions')).map((item) => {
    const parts = children(expect(item, TAG.sequence, 'extension'));
    const oid = readOid(parts[0], 'extension');
    if (seen.has(oid)) throw new PkiError('extension', `extension ${oid} stands twice`);
    seen.add(oid);
    const critical = is(parts[1], TAG.boolean) ? readBoolean(parts[1], 'critical') : false;
    const value = readOctetString(parts[is(parts[1], TAG.boolean) ? 2 : 1], `extension ${oid}`);
    return { oid, critical, value };
  });
}

type Mutable = { -readonly [K in keyof KnownExtensions]: KnownExtensions[K] };

const DECIDES: Readonly<Record<string, (to: Mutable, value: Node) => void>> = {
  [EXT.subjectAltName]: (to, value) => {
    to.san = readGeneralNames(value, 'subjectAltName');
  },
  [EXT.keyUsage]: (to, value) => {
    to.keyUsage = keyUsages(value);
  },
  [EXT.extKeyUsage]: (to, value) => {
    to.eku = children(expect(value, TAG.sequence, 'extKeyUsage')).map((node) => readOid(node));
  },
  [EXT.basicConstraints]: (to, value) => {
    const [first, second] = children(expect(value, TAG.sequence, 'basicConstraints'));
    to.basicConstraints = true;
    to.isCa = is(first, TAG.boolean) && readBoolean(first);
    const length = is(first, TAG.boolean) ? second : first;
    if (length) to.pathLen = count(length, 'pathLenConstraint');
  },
  [EXT.nameConstraints]: (to, value) => {
    to.nameConstraints = nameConstraints(value);
  },
  [EXT.certificatePolicies]: (to, value) => {
    to.policies = children(expect(value, TAG.sequence, 'certificatePolicies')).map((node) =>
      readOid(children(expect(node, TAG.sequence, 'policy'))[0]),
    );
  },
  [EXT.policyMappings]: (to, value) => {
    to.policyMappings = children(expect(value, TAG.sequence, 'policyMappings')).map((node) => {
      const [issuer, subject] = children(expect(node, TAG.sequence, 'mapping'));
      return { issuer: readOid(issuer), subject: readOid(subject) };
    });
  },
  [EXT.policyConstraints]: (to, value) => {
    const parts = children(expect(value, TAG.sequence, 'policyConstraints'));
    const explicitNode = parts.find((node) => isContext(node, 0));
    const mappingNode = parts.find((node) => isContext(node, 1));
    to.policyConstraints = {
      ...(explicitNode && { requireExplicit: count(explicitNode, 'requireExplicitPolicy') }),
      ...(mappingNode && { inhibitMapping: count(mappingNode, 'inhibitPolicyMapping') }),
    };
  },
  [EXT.inhibitAnyPolicy]: (to, value) => {
    to.inhibitAnyPolicy = count(value, 'inhibitAnyPolicy');
  },
};

const HELPS: Readonly<Record<string, (to: Mutable, value: Node) => void>> = {
  [EXT.subjectKeyIdentifier]: (to, value) => {
    to.ski = Buffer.from(readOctetString(value)).toString('hex');
  },
  [EXT.authorityKeyIdentifier]: (to, value) => {
    const id = children(expect(value, TAG.sequence, 'authorityKeyIdentifier')).find((n) => isContext(n, 0));
    if (id) to.aki = Buffer.from(content(id)).toString('hex');
  },
  [EXT.cRLDistributionPoints]: (to, value) => {
    to.distributionPoints = children(expect(value, TAG.sequence, 'cRLDistributionPoints')).map(
      distributionPoint,
    );
  },
  [EXT.authorityInfoAccess]: (to, value) => {
    for (const item of children(expect(value, TAG.sequence, 'authorityInfoAccess'))) {
      const [method, location] = children(expect(item, TAG.sequence, 'access description'));
      if (!location) continue;
      const name = readGeneralName(location);
      if (name.type !== 'uri') continue;
      const oid = readOid(method);
      if (oid === ACCESS.caIssuers) to.caIssuersUrls = [...to.caIssuersUrls, name.value];
      if (oid === ACCESS.ocsp) to.ocspUrls = [...to.ocspUrls, name.value];
    }
  },
};

/** @throws {PkiError} when an extension that decides does not decode */
export function decodeExtensions(extensions: readonly Extension[]): KnownExtensions {
  const malformed: string[] = [];
  const known: Mutable = {
    san: [],
    basicConstraints: false,
    isCa: false,
    distributionPoints: [],
    caIssuersUrls: [],
    ocspUrls: [],
    policies: [],
    policyMappings: [],
    malformed,
  };
  for (const { oid, value } of extensions) {
    const decide = DECIDES[oid];
    if (decide) reading(`extension ${oid}`, 'extension', () => decide(known, readAsn1(value)));
    const help = HELPS[oid];
    if (!help) continue;
    try {
      help(known, readAsn1(value));
    } catch (error) {
      if (!(error instanceof Asn1Error) && !(error instanceof PkiError)) throw error;
      malformed.push(oid);
    }
  }
  return known;
}

function keyUsages(value: Node): ReadonlySet<KeyUsage> {
  const { bytes } = readBitString(value, 'keyUsage');
  return new Set(KEY_USAGES.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0));
}

/** A non-negative count; what does not fit is as good as no limit. */
function count(node: Node, what: string): number {
  const octets = content(node);
  if (octets.length === 0 || octets[0]! & 0x80)
    throw new Asn1Error('value', node.start, `${what}: not a count`);
  return octets.length > 6 ? Number.MAX_SAFE_INTEGER : Buffer.from(octets).readUIntBE(0, octets.length);
}

function nameConstraints(value: Node): NameConstraints {
  const subtrees = (tag: number): Subtree[] => {
    const list = children(expect(value, TAG.sequence, 'nameConstraints')).find((node) =>
      isContext(node, tag),
    );
    return (list ? children(list) : []).map((node) => {
      const [base, ...rest] = children(expect(node, TAG.sequence, 'subtree'));
      if (!base) throw new Asn1Error('unexpected', node.start, 'subtree: no base');
      const minimum = rest.find((part) => isContext(part, 0));
      const zero = minimum === undefined || count(minimum, 'minimum') === 0;
      return { base: readGeneralName(base), plain: zero && !rest.some((part) => isContext(part, 1)) };
    });
  };
  return { permitted: subtrees(0), excluded: subtrees(1) };
}

/** DistributionPoint (RFC 5280 §4.2.1.13). @throws {Asn1Error | PkiError} */
function distributionPoint(node: Node): DistributionPoint {
  const parts = children(expect(node, TAG.sequence, 'distribution point'));
  const reasons = parts.find((part) => isContext(part, 1));
  const issuer = parts.find((part) => isContext(part, 2));
  return {
    ...distributionPointName(parts.find((part) => isContext(part, 0))),
    ...(reasons && { reasons: reasonBits(reasons) }),
    crlIssuer: issuer ? readGeneralNames(issuer, 'cRLIssuer') : [],
  };
}

/** `[0]` around a DistributionPointName. @throws {Asn1Error | PkiError} */
export function distributionPointName(node: Node | undefined): {
  readonly fullName: readonly GeneralName[];
  readonly relative: boolean;
  readonly fragment?: Uint8Array;
} {
  const choice = node ? children(node)[0] : undefined;
  if (choice && isContext(choice, 0))
    return { fullName: readGeneralNames(choice, 'fullName'), relative: false };
  if (!choice || !isContext(choice, 1)) return { fullName: [], relative: choice !== undefined };
  // IMPLICIT: the same content under the universal tag of SET
  return { fullName: [], relative: true, fragment: encode(0x31, content(choice)) };
}

/** ReasonFlags, IMPLICIT: bit n of the number is bit n of the flags. */
export function reasonBits(node: Node): number {
  const octets = content(node).subarray(1);
  let bits = 0;
  for (let bit = 0; bit < 9; bit++) if ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) bits |= 1 << bit;
  return bits;
}

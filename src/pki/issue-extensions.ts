/**
 * The extensions of an issued certificate. `@peculiar/x509` writes what it knows; name constraints, policy mapping and
 * policy constraints, which it lacks, are written beside it.
 *
 * @module
 */
import 'reflect-metadata';
import {
  AuthorityInfoAccessExtension,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
} from '@peculiar/x509';
import { boolean, type Der, explicit, implicit, integer, octetString, oid, sequence } from '../asn1/write.ts';
import type { Certificate } from './certificate.ts';
import type { KeyUsage } from './extensions.ts';
import { encodeGeneralName, type GeneralName } from './general-name.ts';
import type { HeldSpec, Profile } from './issue.ts';
import { keyIdentifier } from './keys.ts';
import { EKU, EXT } from './oids.ts';

interface Defaults {
  readonly ca: boolean;
  readonly eku: readonly string[] | null;
}

const DEFAULTS: Readonly<Record<Profile, Defaults>> = {
  root: { ca: true, eku: null },
  intermediate: { ca: true, eku: null },
  address: { ca: false, eku: [EKU.emailProtection] },
  domain: { ca: false, eku: [EKU.emailProtection] },
  tls: { ca: false, eku: [EKU.serverAuth, EKU.clientAuth] },
  'crl-signer': { ca: false, eku: null },
  'ocsp-signer': { ca: false, eku: [EKU.ocspSigning] },
  'bundle-signer': { ca: false, eku: null },
};

/** What the profile and the kind of key allow (REQ-CERT-03; RFC 3279 §2.3, RFC 5480 §3). */
function defaultUsage(spec: HeldSpec): readonly KeyUsage[] {
  const { profile } = spec;
  if (DEFAULTS[profile].ca) return ['keyCertSign', 'cRLSign'];
  if (profile === 'crl-signer') return ['cRLSign'];
  if (profile === 'ocsp-signer' || profile === 'bundle-signer') return ['digitalSignature'];
  return spec.key.publicKey.asymmetricKeyType === 'rsa'
    ? ['digitalSignature', 'keyEncipherment']
    : ['digitalSignature'];
}

/** The complete Extension values, in order. @param issuer undefined for a self-signed certificate */
export function issuedExtensions(spec: HeldSpec, issuer: Certificate | undefined): Der[] {
  const made: Der[] = [];
  const replaced = new Set((spec.extensions ?? []).map((extension) => extension.oid));
  const put = (type: string, write: () => Der): void => {
    if (!replaced.has(type)) made.push(write());
  };
  const profile = DEFAULTS[spec.profile];
  const isCa = spec.isCa === undefined ? profile.ca : spec.isCa;
  if (isCa !== null)
    put(EXT.basicConstraints, () => written(new BasicConstraintsExtension(isCa, spec.pathLen, isCa)));
  const usage = spec.keyUsage === undefined ? defaultUsage(spec) : spec.keyUsage;
  if (usage) put(EXT.keyUsage, () => written(new KeyUsagesExtension(usageFlags(usage), true)));
  const eku = spec.eku === undefined ? profile.eku : spec.eku;
  if (eku) put(EXT.extKeyUsage, () => written(new ExtendedKeyUsageExtension([...eku])));
  const ski = spec.ski === undefined ? hex(keyIdentifier(spec.key.spki)) : spec.ski;
  if (ski !== null) put(EXT.subjectKeyIdentifier, () => written(new SubjectKeyIdentifierExtension(ski)));
  const aki = spec.aki === undefined ? (issuer ? issuer.ski : ski) : spec.aki;
  if (aki) put(EXT.authorityKeyIdentifier, () => written(new AuthorityKeyIdentifierExtension(aki)));
  const names = alternativeNames(spec);
  if (names.length > 0)
    put(EXT.subjectAltName, () =>
      // critical when nothing else names the subject (RFC 5280 §4.2.1.6)
      extension(EXT.subjectAltName, isEmpty(spec.subject), sequence(...names.map(encodeGeneralName))),
    );
  if (spec.policies?.length)
    put(EXT.certificatePolicies, () => written(new CertificatePolicyExtension([...spec.policies!])));
  if (spec.crlUrls?.length)
    put(EXT.cRLDistributionPoints, () => written(new CRLDistributionPointsExtension([...spec.crlUrls!])));
  if (spec.caIssuersUrls?.length || spec.ocspUrls?.length)
    put(EXT.authorityInfoAccess, () =>
      written(
        new AuthorityInfoAccessExtension({
          ocsp: [...(spec.ocspUrls ?? [])],
          caIssuers: [...(spec.caIssuersUrls ?? [])],
        }),
      ),
    );
  made.push(...constraints(spec));
  for (const { oid: type, critical, value } of spec.extensions ?? [])
    made.push(extension(type, critical, value));
  return made;
}

/** What `@peculiar/x509` has no class for; all of them critical (RFC 5280 §4.2.1.10 and following). */
function constraints(spec: HeldSpec): Der[] {
  const made: Der[] = [];
  if (spec.nameConstraints) {
    const { permitted = [], excluded = [] } = spec.nameConstraints;
    const subtrees = (tag: number, names: readonly GeneralName[]): Der[] =>
      names.length ? [explicit(tag, ...names.map((name) => sequence(encodeGeneralName(name))))] : [];
    made.push(
      extension(EXT.nameConstraints, true, sequence(...subtrees(0, permitted), ...subtrees(1, excluded))),
    );
  }
  if (spec.policyMappings?.length) {
    const mappings = spec.policyMappings.map((m) => sequence(oid(m.issuer), oid(m.subject)));
    made.push(extension(EXT.policyMappings, true, sequence(...mappings)));
  }
  if (spec.policyConstraints) {
    const { requireExplicit, inhibitMapping } = spec.policyConstraints;
    made.push(
      extension(
        EXT.policyConstraints,
        true,
        sequence(
          ...(requireExplicit === undefined ? [] : [implicit(0, content(integer(requireExplicit)))]),
          ...(inhibitMapping === undefined ? [] : [implicit(1, content(integer(inhibitMapping)))]),
        ),
      ),
    );
  }
  if (spec.inhibitAnyPolicy !== undefined)
    made.push(extension(EXT.inhibitAnyPolicy, true, integer(spec.inhibitAnyPolicy)));
  return made;
}

/** One Extension: `critical` is left out when false (DER omits defaults). */
export const extension = (type: string, critical: boolean, value: Uint8Array): Der =>
  sequence(oid(type), ...(critical ? [boolean(true)] : []), octetString(value));

const written = (value: { readonly rawData: ArrayBuffer }): Der => new Uint8Array(value.rawData);

const usageFlags = (usage: readonly KeyUsage[]): KeyUsageFlags =>
  usage.reduce<number>((flags, name) => flags | KeyUsageFlags[name], 0);

function alternativeNames(spec: HeldSpec): GeneralName[] {
  return [
    ...(spec.emails ?? []).map((value) => ({ type: 'email' as const, value })),
    ...(spec.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(spec.otherNames ?? []),
  ];
}

const isEmpty = (subject: HeldSpec['subject']): boolean =>
  subject instanceof Uint8Array ? subject.length <= 2 : Object.keys(subject).length === 0;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const content = (der: Der): Uint8Array => der.subarray(2);

/**
 * Attribute descriptions (RFC 4512 §2.5): names in any case or as object identifiers, options after semicolons.
 *
 * @module
 */

/** How values compare and travel. */
type Syntax = 'text' | 'octets';

interface AttributeType {
  /** The name that answers carry. */
  readonly name: string;
  readonly syntax: Syntax;
  /** Only sent when asked by name or with `+` (RFC 4512 §3.4). */
  readonly operational: boolean;
}

/** What an attribute description says. */
export interface Description {
  /** Lower-case name of the type, the same for all its spellings. */
  readonly type: string;
  /** Name for answers; with `;binary` where values move only so (RFC 4522, RFC 4523 §4.1). */
  readonly name: string;
  readonly syntax: Syntax;
  readonly operational: boolean;
  /** Whether the type is one of the schema below. */
  readonly known: boolean;
  /** Options other than `binary`; no value of ours has any, so such a description has no values. */
  readonly tagged: boolean;
}

/** Name, then its other spellings. */
const TEXT = [
  ['objectClass', '2.5.4.0'],
  ['cn', 'commonName', '2.5.4.3'],
  ['sn', 'surname', '2.5.4.4'],
  ['c', 'countryName', '2.5.4.6'],
  ['l', 'localityName', '2.5.4.7'],
  ['st', 'stateOrProvinceName', '2.5.4.8'],
  ['street', 'streetAddress', '2.5.4.9'],
  ['o', 'organizationName', '2.5.4.10'],
  ['ou', 'organizationalUnitName', '2.5.4.11'],
  ['title', '2.5.4.12'],
  ['description', '2.5.4.13'],
  ['postalCode', '2.5.4.17'],
  ['telephoneNumber', '2.5.4.20'],
  ['facsimileTelephoneNumber', '2.5.4.23'],
  ['givenName', 'gn', '2.5.4.42'],
  ['uid', 'userid', '0.9.2342.19200300.100.1.1'],
  ['mail', 'rfc822Mailbox', '0.9.2342.19200300.100.1.3'],
  ['dc', 'domainComponent', '0.9.2342.19200300.100.1.25'],
  ['displayName', '2.16.840.1.113730.3.1.241'],
  ['employeeType', '2.16.840.1.113730.3.1.4'],
  ['employeeNumber', '2.16.840.1.113730.3.1.3'],
  ['departmentNumber', '2.16.840.1.113730.3.1.2'],
  ['preferredLanguage', '2.16.840.1.113730.3.1.39'],
  ['carLicense', '2.16.840.1.113730.3.1.1'],
  ['labeledURI', '1.3.6.1.4.1.250.1.57'],
  ['roomNumber', '0.9.2342.19200300.100.1.6'],
  ['manager', '0.9.2342.19200300.100.1.10'],
  ['homePhone', 'homeTelephoneNumber', '0.9.2342.19200300.100.1.20'],
  ['secretary', '0.9.2342.19200300.100.1.21'],
  ['homePostalAddress', '0.9.2342.19200300.100.1.39'],
  ['mobile', 'mobileTelephoneNumber', '0.9.2342.19200300.100.1.41'],
  ['pager', 'pagerTelephoneNumber', '0.9.2342.19200300.100.1.42'],
  ['businessCategory', '2.5.4.15'],
  ['postalAddress', '2.5.4.16'],
  ['postOfficeBox', '2.5.4.18'],
  ['physicalDeliveryOfficeName', '2.5.4.19'],
  ['registeredAddress', '2.5.4.26'],
  ['destinationIndicator', '2.5.4.27'],
  ['seeAlso', '2.5.4.34'],
  ['initials', '2.5.4.43'],
  ['generationQualifier', '2.5.4.44'],
] as const;

/** Names of the IHE healthcare provider directory: values that stand under other names too, so sent when asked for. */
const ALIASES = [
  ['medicalRecordsDeliveryEmailAddress'],
  ['hcIdentifier'],
  ['hcSpecialisation'],
  ['hcRegisteredName'],
] as const;

const OCTETS = [
  ['userCertificate', '2.5.4.36'],
  ['cACertificate', '2.5.4.37'],
  ['authorityRevocationList', '2.5.4.38'],
  ['certificateRevocationList', '2.5.4.39'],
  ['crossCertificatePair', '2.5.4.40'],
] as const;

const OPERATIONAL = [
  ['namingContexts', '1.3.6.1.4.1.1466.101.120.5'],
  ['supportedExtension', '1.3.6.1.4.1.1466.101.120.7'],
  ['supportedControl', '1.3.6.1.4.1.1466.101.120.13'],
  ['supportedLDAPVersion', '1.3.6.1.4.1.1466.101.120.15'],
  ['supportedFeatures', '1.3.6.1.4.1.4203.1.3.5'],
  ['vendorName', '1.3.6.1.1.4'],
  ['subschemaSubentry', '2.5.18.10'],
  ['attributeTypes', '2.5.21.5'],
  ['objectClasses', '2.5.21.6'],
] as const;

const TYPES = new Map<string, AttributeType>();
const add = (spellings: readonly string[], name: string, syntax: Syntax, operational: boolean): void => {
  for (const spelling of spellings) TYPES.set(spelling.toLowerCase(), { name, syntax, operational });
};
for (const spellings of TEXT) add(spellings, spellings[0], 'text', false);
for (const spellings of OCTETS) add(spellings, spellings[0], 'octets', false);
for (const spellings of [...OPERATIONAL, ...ALIASES]) add(spellings, spellings[0], 'text', true);

/** Names are read again and again; strangers' names must not fill the memory. */
const MOST_CACHED = 2000;
const cache = new Map<string, Description>();

/** Reads a description; every text is one, known or not. */
export function describeAttribute(text: string): Description {
  const cached = cache.get(text);
  if (cached) return cached;
  const [base = '', ...options] = text.toLowerCase().split(';');
  const known = TYPES.get(base);
  const tagged = options.some((option) => option !== 'binary');
  const [spelled = ''] = text.split(';');
  const description: Description = {
    type: (known?.name ?? base).toLowerCase(),
    name: known ? known.name + (known.syntax === 'octets' ? ';binary' : '') : spelled,
    syntax: known?.syntax ?? 'text',
    operational: known?.operational ?? false,
    known: known !== undefined,
    tagged,
  };
  if (cache.size >= MOST_CACHED) cache.clear();
  if (text.length <= 100) cache.set(text, description);
  return description;
}

/**
 * A value as caseIgnore rules compare it (RFC 4518 §2.6, as far as ASCII and simple case folding go): lower case, no
 * blanks at the ends, inner blanks single. Good for mail (caseIgnoreIA5Match, RFC 4524 §2.16) too.
 */
export function comparable(value: string): string {
  const lower = value.toLowerCase();
  return lower.includes(' ') ? lower.trim().replace(/ {2,}/g, ' ') : lower;
}

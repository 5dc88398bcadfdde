/**
 * The XML that tells about a bundle (wire-facts §9.3): reading, writing, and comparing with the bundle.
 *
 * @module
 */
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import { nameKey, nameTextKeys } from './name-text.ts';
import { readXml, type XmlElement, XmlError } from './xml.ts';

export interface ListedAnchor {
  /** As written. */
  readonly issuer: string;
  readonly serial: bigint;
}

export interface Metadata {
  /** Name of the community and its level of assurance. */
  readonly profile: string;
  readonly distributionPoints: readonly string[];
  /** ms since 1970 UTC. */
  readonly validFrom?: number;
  /** ms since 1970 UTC. */
  readonly validTo?: number;
  /** Undefined when there is no list. */
  readonly anchors?: readonly ListedAnchor[];
}

export interface MetadataReading {
  readonly metadata: Metadata;
  /** Where it does not follow the schema; it is read all the same (REQ-TB-05). */
  readonly faults: readonly string[];
}

/**
 * @throws {XmlError} `forbidden` for a DTD, which refuses the bundle; `malformed` and `limit` are only worth a warning
 */
export function readMetadata(bytes: Uint8Array): MetadataReading {
  const root = readXml(bytes);
  const faults: string[] = [];
  if (root.name !== 'TrustBundle')
    throw new XmlError('malformed', `<${root.name}> where <TrustBundle> is expected`);
  const known = new Set(['Profile', 'DistributionPoint', 'ValidFrom', 'ValidTo', 'Anchors']);
  for (const child of root.children)
    if (!known.has(child.name)) faults.push(`unknown element <${child.name}>`);
  const texts = (name: string): string[] =>
    root.children.filter((child) => child.name === name).map((child) => child.text.trim());
  const single = (name: string): string | undefined => {
    const found = texts(name);
    if (found.length > 1) faults.push(`${found.length} elements <${name}>`);
    return found[0];
  };
  const date = (name: string): number | undefined => {
    const text = single(name);
    if (text === undefined) return undefined;
    const ms = readDateTime(text);
    if (ms === undefined) faults.push(`<${name}> ${JSON.stringify(text.slice(0, 40))} is no dateTime`);
    return ms;
  };
  const profile = single('Profile');
  if (!profile) faults.push('no <Profile>');
  const distributionPoints = texts('DistributionPoint');
  if (distributionPoints.length === 0) faults.push('no <DistributionPoint>');
  const validFrom = date('ValidFrom');
  const validTo = date('ValidTo');
  const anchors = root.children.find(({ name }) => name === 'Anchors');
  return {
    metadata: {
      profile: profile ?? '',
      distributionPoints,
      ...(validFrom === undefined ? {} : { validFrom }),
      ...(validTo === undefined ? {} : { validTo }),
      ...(anchors ? { anchors: listedAnchors(anchors, faults) } : {}),
    },
    faults,
  };
}

function listedAnchors(list: XmlElement, faults: string[]): ListedAnchor[] {
  const found: ListedAnchor[] = [];
  for (const [index, anchor] of list.children.entries()) {
    const pair = anchor.children.find(({ name }) => name === 'X509IssuerSerial');
    const text = (name: string) => pair?.children.find((child) => child.name === name)?.text.trim();
    const issuer = text('X509IssuerName');
    const serial = text('X509SerialNumber');
    if (anchor.name !== 'Anchor' || !issuer || !serial || !/^[+-]?\d{1,100}$/.test(serial)) {
      faults.push(`entry ${index + 1} of <Anchors> does not name an issuer and a serial number`);
    } else found.push({ issuer, serial: BigInt(serial.replace('+', '')) });
  }
  return found;
}

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;

/** An XML Schema dateTime in ms since 1970 UTC; one without a zone counts as UTC. */
export function readDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const ms = Date.parse(match[8] ? text : `${text}Z`);
  // "2026-02-30" is carried into March
  return Number.isNaN(ms) || Number(match[3]) > lastDay(Number(match[1]), Number(match[2])) ? undefined : ms;
}

const lastDay = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);

/** The metadata of a set, with its anchors listed in the order given. UTF-8 with line feeds, always the same octets. */
export function writeMetadata(
  metadata: Omit<Metadata, 'anchors'>,
  anchors: readonly Certificate[],
): Uint8Array {
  const date = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<TrustBundle>',
    `  <Profile>${escaped(metadata.profile)}</Profile>`,
    ...metadata.distributionPoints.map((url) => `  <DistributionPoint>${escaped(url)}</DistributionPoint>`),
    ...(metadata.validFrom === undefined ? [] : [`  <ValidFrom>${date(metadata.validFrom)}</ValidFrom>`]),
    ...(metadata.validTo === undefined ? [] : [`  <ValidTo>${date(metadata.validTo)}</ValidTo>`]),
    '  <Anchors>',
    ...anchors.flatMap((anchor) => [
      '    <Anchor>',
      '      <X509IssuerSerial>',
      `        <X509IssuerName>${escaped(formatName(anchor.issuer))}</X509IssuerName>`,
      `        <X509SerialNumber>${serialNumber(anchor)}</X509SerialNumber>`,
      '      </X509IssuerSerial>',
      '    </Anchor>',
    ]),
    '  </Anchors>',
    '</TrustBundle>',
    '',
  ];
  return Buffer.from(lines.join('\n'), 'utf8');
}

export const serialNumber = (certificate: Certificate): bigint =>
  certificate.serial.startsWith('-')
    ? -BigInt(`0x${certificate.serial.slice(1)}`)
    : BigInt(`0x${certificate.serial || '0'}`);

/** What of the certificates the list does not name, and what it names that is not there; by name and number. */
export function compareList(
  list: readonly ListedAnchor[],
  certificates: readonly Certificate[],
): { readonly unlisted: readonly Certificate[]; readonly absent: readonly ListedAnchor[] } {
  const listed = new Map<string, ListedAnchor>();
  for (const entry of list)
    for (const key of nameTextKeys(entry.issuer)) listed.set(`${entry.serial} ${key}`, entry);
  const named = new Set<string>();
  const unlisted = certificates.filter((certificate) => {
    const match = listed.get(`${serialNumber(certificate)} ${nameKey(certificate.issuer)}`);
    if (match) named.add(`${match.serial} ${match.issuer}`);
    return !match;
  });
  return { unlisted, absent: list.filter(({ serial, issuer }) => !named.has(`${serial} ${issuer}`)) };
}

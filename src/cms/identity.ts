/**
 * How signers and recipients are named: by issuer and serial number, or by key identifier (RFC 5652 §5.3, §6.2.1).
 *
 * @module
 */
import { children, is, isContext, type Node, raw, stringContent, TAG } from '../asn1/read.ts';
import { octetString, sequence } from '../asn1/write.ts';
import type { Certificate } from '../pki/certificate.ts';
import { keyIdentifier } from '../pki/keys.ts';
import { formatName, parseName, readSerial } from '../pki/name.ts';
import { CmsError } from './error.ts';

export type Identity =
  | {
      readonly by: 'issuer-serial';
      /** The Name as received. */
      readonly issuerDer: Uint8Array;
      /** As `Certificate.serial`. */
      readonly serial: string;
    }
  | {
      readonly by: 'ski';
      /** Lower hex. */
      readonly ski: string;
    };

interface Written {
  readonly issuerAndSerial: Uint8Array;
  /** The OCTET STRING. */
  readonly keyIdentifier: Uint8Array;
  readonly ski: string;
}

/** Written once per certificate: certificates are kept and used for many messages. */
const written = new WeakMap<Certificate, Written>();

function writtenOf(certificate: Certificate): Written {
  const known = written.get(certificate);
  if (known) return known;
  const ski = Buffer.from(certificate.ski ?? '', 'hex');
  const identifier = ski.length > 0 ? ski : Buffer.from(keyIdentifier(certificate.spki));
  const made = {
    issuerAndSerial: sequence(certificate.issuerDer, certificate.serialDer),
    keyIdentifier: octetString(identifier),
    ski: identifier.toString('hex'),
  };
  written.set(certificate, made);
  return made;
}

export const issuerAndSerial = (certificate: Certificate): Uint8Array =>
  writtenOf(certificate).issuerAndSerial;

/** `[0] IMPLICIT OCTET STRING`. */
export function subjectKeyIdentifier(certificate: Certificate): Uint8Array {
  const out = Uint8Array.from(writtenOf(certificate).keyIdentifier);
  out[0] = 0x80;
  return out;
}

/** Reads a SignerIdentifier or RecipientIdentifier. @throws {Asn1Error} @throws {CmsError} */
export function readIdentity(node: Node | undefined, what: string): Identity {
  if (isContext(node, 0)) {
    const octets = Buffer.from(stringContent(node));
    return { by: 'ski', ski: octets.toString('hex') };
  }
  if (!is(node, TAG.sequence)) throw new CmsError('structure', `${what}: names nobody`);
  const [issuer, serial] = children(node);
  if (!issuer || !serial) throw new CmsError('structure', `${what}: issuer or serial number is missing`);
  return { by: 'issuer-serial', issuerDer: raw(issuer), serial: readSerial(serial) };
}

/**
 * Whether the certificate is the one that is named: issuers equal octet for octet or, failing that, as names compare
 * (RFC 5280 §7.1); a key identifier equal to the certificate's, or to the hash of its key when it has none.
 */
export function isNamed(identity: Identity, certificate: Certificate): boolean {
  if (identity.by === 'ski') return writtenOf(certificate).ski === identity.ski;
  if (identity.serial !== certificate.serial) return false;
  if (Buffer.compare(identity.issuerDer, certificate.issuerDer) === 0) return true;
  try {
    return parseName(identity.issuerDer).key === certificate.issuer.key;
  } catch {
    // A name that does not parse is equal to nothing.
    return false;
  }
}

/** For people: `serial 0a1b of CN=…`, or the key identifier. */
export function identityText(identity: Identity): string {
  if (identity.by === 'ski') return `key identifier ${identity.ski}`;
  try {
    return `serial ${identity.serial} of ${formatName(parseName(identity.issuerDer))}`;
  } catch {
    // Shown as it came.
    return `serial ${identity.serial} of ${Buffer.from(identity.issuerDer).toString('hex').slice(0, 80)}`;
  }
}

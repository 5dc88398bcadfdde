/**
 * What stands behind a caIssuers URL: one certificate, several in a certs-only PKCS#7, or PEM (wire-facts §10).
 *
 * @module
 */
import { type PemBlock, readPem } from '../asn1/pem.ts';
import { children, expect, is, isContext, raw, readAsn1, TAG } from '../asn1/read.ts';
import { readOid } from '../asn1/values.ts';
import { encode, explicit, integer, oid, sequence, setOf } from '../asn1/write.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { PkiError, reading } from './error.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const DATA = '1.2.840.113549.1.7.1';

/** More certificates in one body are not read. */
const LIMIT = 200;

/**
 * Every certificate of a body, in order, whatever its media type said. Of several, those that cannot be read are left
 * out.
 *
 * @throws {PkiError} when there is none that can be read
 */
export function readIssuers(body: Uint8Array): Certificate[] {
  const ders =
    body[0] === 0x30 ? fromDer(body) : readPem(Buffer.from(body).toString('latin1')).flatMap(fromPem);
  if (ders.length === 0) throw new PkiError('structure', 'no certificate in it');
  if (ders.length > LIMIT) throw new PkiError('limit', `${ders.length} certificates are more than ${LIMIT}`);
  const read: Certificate[] = [];
  let failure: PkiError | undefined;
  for (const der of ders) {
    try {
      read.push(parseCertificate(der));
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      failure ??= error;
    }
  }
  if (read.length === 0 && failure) throw failure;
  return read;
}

const fromPem = ({ label, bytes }: PemBlock): Uint8Array[] =>
  /CERTIFICATE$|^PKCS7$|^CMS$/.test(label) ? fromDer(bytes) : [];

/** A certificate as it stands, or the certificates of a SignedData. */
function fromDer(bytes: Uint8Array): Uint8Array[] {
  return reading('issuer certificates', 'structure', () => {
    const outer = readAsn1(bytes, { trailing: 'allow' });
    const [type, wrapped] = children(expect(outer, TAG.sequence, 'certificate or PKCS#7'));
    if (!is(type, TAG.oid)) return [bytes];
    if (readOid(type) !== SIGNED_DATA)
      throw new PkiError('structure', 'a PKCS#7 object that is not signed-data');
    const signed = children(expect(wrapped, 0, 'content', 'context'))[0];
    const set = children(expect(signed, TAG.sequence, 'signed-data')).find((node) => isContext(node, 0));
    return set ? children(set).map(raw) : [];
  });
}

/** The certificates in a degenerate SignedData without signers (`application/pkcs7-mime`, `.p7c`, `.p7b`). */
export function writeCertsOnly(certificates: readonly (Certificate | Uint8Array)[]): Uint8Array {
  const ders = certificates.map((c) => (c instanceof Uint8Array ? c : c.der)).toSorted(Buffer.compare);
  return sequence(
    oid(SIGNED_DATA),
    explicit(0, sequence(integer(1), setOf(), sequence(oid(DATA)), encode(0xa0, ...ders), setOf())),
  );
}

/**
 * Published octets as certificates (wire-facts §1, §5). Garbage where a certificate should be stays a candidate, one
 * that cannot be read: as with an expired one, the search ends there.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { ResourceRecord } from '../dns/records.ts';
import { cause } from '../outcome/cause.ts';
import type { Finding } from '../outcome/check.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { parseCrl } from '../pki/crl.ts';
import { PkiError } from '../pki/error.ts';
import type { Gathered, Reading } from './parts.ts';

const PKIX = 1;
/** Length octet and OID 2.5.4.36 or .37 (RFC 4398 §2.3), which nobody in Direct writes and RFC 4398 §2.1 asks for. */
const OID_PREFIX = /^0355042[45]$/;

const note = (finding: Pick<Finding, 'code' | 'params'>, ...cites: string[]): Finding =>
  ({ ...finding, level: 'info', cites, evidence: [] }) as unknown as Finding;

/** One CERT record. Key tag and algorithm are never looked at: those in the field cannot be relied on (REQ-DNS-17). */
export function readCertRecord(record: ResourceRecord): Reading {
  const { data, name } = record;
  if (data.type !== 'CERT') return { kind: 'ignored', notes: [] };
  if (data.certType !== PKIX) {
    const url = URL_TYPES.get(data.certType)?.(data.payload);
    if (url !== undefined) return { kind: 'url', url, certType: data.certType, notes: [] };
    const why = URL_TYPES.has(data.certType) ? 'it holds no http URL' : 'the type has no use in Direct';
    return ignoredRecord(name, data.certType, why);
  }
  const prefixed = OID_PREFIX.test(Buffer.from(data.payload.subarray(0, 4)).toString('hex'));
  const reading = readCertificateBytes(
    prefixed ? data.payload.subarray(4) : data.payload,
    prefixed ? [note({ code: 'noted.oid-prefix', params: { name } }, 'REQ-DNS-06', 'RFC 4398 §2.1')] : [],
  );
  if (reading.unreadable === undefined || !isCrl(data.payload)) return reading;
  const params = { name, type: PKIX, why: 'it holds a revocation list' };
  return { kind: 'ignored', notes: [note({ code: 'noted.record-ignored', params }, 'RFC 4398 §2.1')] };
}

/** A record that counts as nothing. */
export const ignoredRecord = (name: string, type: number, why: string): Reading => ({
  kind: 'ignored',
  notes: [note({ code: 'noted.record-ignored', params: { name, type, why } }, 'REQ-DNS-06')],
});

/** A certificate that a record of this type only pointed at. */
export function readFetched(name: string, type: number, url: string, body: Uint8Array): Reading {
  const params = { name, type, url };
  return readCertificateBytes(body, [
    note({ code: 'noted.certificate-by-url', params }, 'REQ-DNS-16', 'RFC 4398 §2.1'),
  ]);
}

/** IPKIX holds a URL and nothing else; URI ends it with NUL, and private data may follow (RFC 4398 §2.1). */
const URL_TYPES = new Map([
  [4, httpUrl],
  [
    253,
    (payload: Uint8Array) => httpUrl(payload.includes(0) ? payload.subarray(0, payload.indexOf(0)) : payload),
  ],
]);

function httpUrl(octets: Uint8Array): string | undefined {
  const text = Buffer.from(octets.subarray(0, 2048)).toString('latin1');
  return octets.length <= 2048 && /^https?:\/\/[\x21-\x7e]+$/i.test(text) ? text : undefined;
}

/** A certificate in DER, as LDAP gives it. */
export const readCertificateValue = (value: Uint8Array): Reading =>
  value.length === 0 ? { kind: 'ignored', notes: [] } : readCertificateBytes(value, []);

function readCertificateBytes(
  bytes: Uint8Array,
  notes: readonly Finding[],
): Extract<Reading, { kind: 'certificate' }> {
  try {
    return { kind: 'certificate', bytes, certificate: parseCertificate(bytes), notes };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { kind: 'certificate', bytes, unreadable: error.message, notes };
  }
}

/** All readings of a place, each certificate once; one that cannot be read harms no other (REQ-DNS-05, REQ-LDAP-18). */
export function gatherAll(readings: readonly Reading[]): Gathered {
  const seen = new Set<string>();
  return {
    readings: readings.filter((reading) => {
      if (reading.kind !== 'certificate') return true;
      const id = sha256(reading.bytes);
      return !seen.has(id) && seen.add(id);
    }),
  };
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The finding that a value could not be read. */
export const unreadableNote = (why: string): Finding => ({
  ...cause('cert.unparsable', { why }),
  level: 'warn',
  cites: ['REQ-DNS-05'],
  evidence: [],
});

function isCrl(bytes: Uint8Array): boolean {
  try {
    parseCrl(bytes);
    return true;
  } catch (notCrl) {
    if (!(notCrl instanceof PkiError)) throw notCrl;
    return false;
  }
}

import { DnsError } from '../error.ts';
import type { RecordType } from './type.ts';

/** A certificate, or where one is (RFC 4398). In Direct: `certType` 1 and the bare DER (REQ-DNS-06). */
export interface CertData {
  readonly type: 'CERT';
  readonly certType: number;
  readonly keyTag: number;
  readonly algorithm: number;
  readonly payload: Uint8Array;
}

/** RFC 4398 §2.1 */
export const CERT_TYPES: Readonly<Record<string, number>> = {
  PKIX: 1,
  SPKI: 2,
  PGP: 3,
  IPKIX: 4,
  ISPKI: 5,
  IPGP: 6,
  ACPKIX: 7,
  IACPKIX: 8,
  URI: 253,
  OID: 254,
};

/** The DNSSEC algorithm registry (RFC 8624 and its forerunners). */
export const CERT_ALGORITHMS: Readonly<Record<string, number>> = {
  RSAMD5: 1,
  DH: 2,
  DSA: 3,
  ECC: 4,
  RSASHA1: 5,
  'DSA-NSEC3-SHA1': 6,
  NSEC3DSA: 6,
  'RSASHA1-NSEC3-SHA1': 7,
  NSEC3RSASHA1: 7,
  RSASHA256: 8,
  RSASHA512: 10,
  'ECC-GOST': 12,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
  INDIRECT: 252,
  PRIVATEDNS: 253,
  PRIVATEOID: 254,
};

const TYPE_WORDS = new Map(Object.entries(CERT_TYPES).map(([word, number]) => [number, word]));

export const cert: RecordType<CertData> = {
  number: 37,
  wire: {
    // The payload is opaque: no names are looked for in it (REQ-DNS-23).
    read(reader, length) {
      if (length < 5) throw new DnsError('rdata', `a CERT record of ${length} octets (5 at least)`);
      return {
        type: 'CERT',
        certType: reader.read(16),
        keyTag: reader.read(16),
        algorithm: reader.read(8),
        payload: reader.octets(length - 5),
      };
    },
    write(data, writer) {
      writer.write(data.certType, 16);
      writer.write(data.keyTag, 16);
      writer.write(data.algorithm, 8);
      writer.octets(data.payload);
    },
  },
  parse: (text) => ({
    type: 'CERT',
    certType: text.mnemonic('certificate type', CERT_TYPES, 16),
    keyTag: text.number('key tag', 16),
    algorithm: text.mnemonic('algorithm', CERT_ALGORITHMS, 8),
    payload: text.base64('certificate'),
  }),
  format: (data) =>
    `${TYPE_WORDS.get(data.certType) ?? data.certType} ${data.keyTag} ${data.algorithm} ${Buffer.from(data.payload).toString('base64')}`,
};

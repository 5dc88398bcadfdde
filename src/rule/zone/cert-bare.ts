import { PKIX, type PublishedCert, zoneRule } from './subject.ts';

export const certBare = zoneRule({
  id: 'zone/cert-bare',
  title: 'A CERT record holds the bare DER of a certificate, nothing before it',
  level: 'must',
  cites: ['REQ-DNS-06'],
  items: ({ certs }) => certs.filter(({ record }) => record.data.certType === PKIX),
  where: ({ name }: PublishedCert) => name,
  check: ({ record, prefixed }) => {
    if (prefixed) return { found: 'an OID in front of the certificate' };
    if (/^-----BEGIN/.test(Buffer.from(record.data.payload.subarray(0, 16)).toString('latin1')))
      return { found: 'PEM text' };
    return record.data.payload[0] === 0x30
      ? undefined
      : {
          found: `octets that begin with ${Buffer.from(record.data.payload.subarray(0, 4)).toString('hex')}`,
        };
  },
  text: ({ found }) => `found ${found}; expected the certificate itself, whose first octet is 30`,
});

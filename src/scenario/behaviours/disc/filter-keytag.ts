import type { RecordData } from '../../../dns/records.ts';
import { parseCertificate } from '../../../pki/certificate.ts';
import { PkiError } from '../../../pki/error.ts';
import { certAlgorithm, keyTag } from '../../../pki/key-tag.ts';
import { type Behaviour, inCert } from '../behaviour.ts';

function tagFits(data: Extract<RecordData, { type: 'CERT' }>): boolean {
  try {
    const certificate = parseCertificate(data.payload);
    return data.keyTag === keyTag(certificate, certAlgorithm(certificate));
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

/** Uses only CERT records whose key tag fits the key. */
export const filterKeytag: Behaviour = {
  id: 'disc.filter-keytag',
  title: 'uses only CERT records whose key tag fits the key',
  legal: false,
  apply: inCert(() => ({
    choose: (records) => records.filter(({ data }) => data.type === 'CERT' && tagFits(data)),
  })),
};

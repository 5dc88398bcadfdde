import { parseCertificate } from '../../../pki/certificate.ts';
import type { Behaviour } from '../behaviour.ts';

/** Reads only a single DER certificate from an AIA address. */
export const aiaSingle: Behaviour = {
  id: 'disc.aia-single',
  title: 'reads only a single DER certificate from an AIA address',
  legal: false,
  apply: (parts) => ({ ...parts, issuers: { ...parts.issuers, read: (body) => [parseCertificate(body)] } }),
};

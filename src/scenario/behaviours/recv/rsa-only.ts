import type { Behaviour } from '../behaviour.ts';
import { refusingSigners } from './verdicts.ts';

/** Verifies RSA signatures in their old form only. */
export const rsaOnly: Behaviour = {
  id: 'recv.rsa-only',
  title: 'verifies RSA signatures by PKCS #1 v1.5, and no others',
  legal: false,
  apply: refusingSigners(({ signer }) => signer.signatureAlgorithm.scheme !== 'rsa'),
};

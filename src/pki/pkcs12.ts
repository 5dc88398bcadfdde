/**
 * PKCS #12 (RFC 7292): keys and certificates in one file under a password.
 *
 * @module
 */
export { type Pkcs12, type Pkcs12Key, readPkcs12 } from './pkcs12/read.ts';
export { type Pkcs12Content, writePkcs12 } from './pkcs12/write.ts';

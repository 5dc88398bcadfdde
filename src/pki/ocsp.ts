/**
 * Online status of certificates (RFC 6960): requests, responses, a responder, and asking one.
 *
 * @module
 */
export { answerOcsp, answerOcspAnywhere, ocspFailure, type Responder } from './ocsp-answer.ts';
export { type AskOcsp, checkOcsp, createOcspCache, type OcspCache, type OcspOptions } from './ocsp-check.ts';
export { type CertId, encodeCertId, type IssuerId, isOfIssuer } from './ocsp-id.ts';
export {
  encodeOcspRequest,
  type OcspRequest,
  ocspGetUrl,
  parseOcspRequest,
  requestOfPath,
} from './ocsp-request.ts';
export {
  type BasicResponse,
  type CertStatus,
  type OcspResponse,
  type OcspStatus,
  parseOcspResponse,
  type SingleResponse,
} from './ocsp-response.ts';

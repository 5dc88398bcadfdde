/** Result codes (RFC 4511 §4.1.9, appendix A) that we send or name. */
export const RESULT = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  compareFalse: 5,
  compareTrue: 6,
  authMethodNotSupported: 7,
  strongerAuthRequired: 8,
  referral: 10,
  adminLimitExceeded: 11,
  unavailableCriticalExtension: 12,
  confidentialityRequired: 13,
  noSuchAttribute: 16,
  undefinedAttributeType: 17,
  noSuchObject: 32,
  invalidDNSyntax: 34,
  inappropriateAuthentication: 48,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
  other: 80,
} as const;

const NAMES = new Map<number, string>(Object.entries(RESULT).map(([name, code]) => [code, name]));

/** `noSuchObject`; `result 118` for a code without a name here. */
export const resultName = (code: number): string => NAMES.get(code) ?? `result ${code}`;

/** Answers in pages (RFC 2696). */
export const PAGED_RESULTS = '1.2.840.113556.1.4.319';

/** StartTLS (RFC 4511 §4.14). */
export const START_TLS = '1.3.6.1.4.1.1466.20037';

/** Notice of Disconnection (RFC 4511 §4.4.1). */
export const NOTICE_OF_DISCONNECTION = '1.3.6.1.4.1.1466.20036';

/**
 * What went wrong with a FHIR request: always an OperationOutcome that says what was found, where, and what was
 * expected.
 *
 * @module
 */

/** Codes of http://hl7.org/fhir/issue-type that we use. */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'security'
  | 'login'
  | 'forbidden'
  | 'not-supported'
  | 'not-found'
  | 'deleted'
  | 'too-long'
  | 'too-costly'
  | 'throttled'
  | 'incomplete'
  | 'exception'
  | 'informational';

export interface Issue {
  readonly severity: 'error' | 'warning' | 'information' | 'fatal';
  readonly code: IssueCode;
  /** What was found, what was expected, what to do. */
  readonly diagnostics: string;
  /** `http.` and the name of the parameter or header, where there is one. */
  readonly at?: string;
}

/** The only error that searching and reading give for what was asked. */
export class FhirError extends Error {
  override readonly name = 'FhirError';
  /** HTTP status. */
  readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 410 | 413 | 415 | 429 | 500;
  readonly issues: readonly Issue[];
  constructor(status: FhirError['status'], issues: readonly Issue[]) {
    super(issues.map(({ diagnostics }) => diagnostics).join(' '));
    this.status = status;
    this.issues = issues;
  }
}

export const problem = (
  status: FhirError['status'],
  code: IssueCode,
  diagnostics: string,
  at?: string,
): FhirError => new FhirError(status, [{ severity: 'error', code, diagnostics, ...(at ? { at } : {}) }]);

/** As a resource. */
export const operationOutcome = (issues: readonly Issue[]) => ({
  resourceType: 'OperationOutcome' as const,
  issue: issues.map(({ severity, code, diagnostics, at }) => ({
    severity,
    code,
    diagnostics: printable(diagnostics),
    ...(at === undefined ? {} : { location: [printable(at)], expression: [printable(at)] }),
  })),
});

/** What was asked is told as it came, but for what FHIR texts must not hold (R4, 2.24.0.1). */
const printable = (text: string): string =>
  [...text]
    .map((char) => (char < ' ' ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char))
    .join('');

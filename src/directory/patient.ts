/**
 * Addresses of patients, which are never published (directory §5.4): so says the contributor, or the category in the
 * certificate that discovery found.
 *
 * @module
 */
import { policyNamed } from './check/categories.ts';
import type { Entry } from './entries.ts';

// facts are kept as JSON, so the identifier stands in quotes
const CERTIFICATE = `instr(coalesce(e.facts, ''), '"${policyNamed('patient')}"') > 0`;

/** Whether the certificate of the endpoint `e` is a patient's; to select. */
export const PATIENT_CERTIFICATE = CERTIFICATE;

/** Condition on the `r` and `e` of `SELECT_ENTRY`. */
export const NOT_OF_PATIENT = `lower(r.address_type) <> 'patient' and not ${CERTIFICATE}`;

export const isOfPatient = ({
  record,
  patientCertificate,
}: Pick<Entry, 'record' | 'patientCertificate'>): boolean =>
  record.ADDRESS_TYPE.toLowerCase() === 'patient' || patientCertificate === true;

/**
 * The tables of enrollment and departure. As everywhere: a tenant in every row, whole milliseconds, flags 0 or 1, names
 * that are compared in lower case.
 *
 * @module
 */
import type { Selectable } from 'kysely';

export type EnrollmentState =
  | 'draft'
  | 'submitted'
  | 'asked'
  | 'answered'
  | 'accepted'
  | 'declined'
  | 'withdrawn';

export interface EnrollmentTable {
  tenant: string;
  id: string;
  state: EnrollmentState;
  /** JSON: what the applicant filled in (`hisp/enrollment/request.ts`). */
  form: string;
  /** SHA-256 of the token in the applicant's link. */
  token_digest: string;
  /** The same token, sealed, base64: operators give the link again to who lost it. */
  token: string;
  /** What a TXT record has to say to prove a domain. */
  challenge: string;
  proven_at: number | null;
  policy_version: string | null;
  /** Of the text that was agreed to. */
  policy_sha256: string | null;
  agreed_by: string | null;
  agreed_at: number | null;
  /** Where two persons decide: who said yes first, and the SHA-256 of what that person saw. */
  approved_by: string | null;
  approved_digest: string | null;
  /** JSON: how it is to be set up, once accepted. */
  decision: string | null;
  /** Short name of the organization that it became. */
  organization: string | null;
  created_at: number;
  changed_at: number;
}

export interface EnrollmentEventTable {
  tenant: string;
  enrollment: string;
  /** Counts up from 1. */
  n: number;
  at: number;
  /** Account name, or `applicant`. */
  actor: string;
  event: string;
  /** After the event. */
  state: EnrollmentState;
  why: string | null;
}

export interface EnrollmentEvidenceTable {
  tenant: string;
  enrollment: string;
  n: number;
  name: string;
  /** By its content. */
  type: string;
  size: number;
  /** Of the file as it came. */
  sha256: string;
  at: number;
  /** See `sealBytes`. */
  sealed: Uint8Array;
}

export interface EnrollmentCheckTable {
  tenant: string;
  enrollment: string;
  /** Id in the checklist. */
  item: string;
  actor: string;
  at: number;
  /** Kind of document that was looked at, never its number. */
  document: string | null;
  note: string | null;
}

export interface OrganizationDetailTable {
  tenant: string;
  organization: string;
  /** JSON, see `hisp/enrollment/details.ts`. */
  detail: string;
  changed_at: number;
}

/** `leaving`: its mail is answered; `left`: nothing is published any more; `ended`: every step is done. */
export type DepartureState = 'planned' | 'leaving' | 'left' | 'ended' | 'stopped';

export interface DepartureTable {
  tenant: string;
  id: string;
  organization: string;
  state: DepartureState;
  starts_at: number;
  closed_at: number | null;
  ended_at: number | null;
  reason: string;
  actor: string;
  created_at: number;
  /** JSON list of the domains that leave. */
  domains: string;
  /** JSON: what was enabled before, for a departure that is stopped. */
  restore: string | null;
  export_sha256: string | null;
  export_until: number | null;
}

/** One step of a sequence that survives a stop: of an acceptance or of a departure. */
export interface OrderedStepTable {
  tenant: string;
  /** `enrollment/ID` or `departure/ID`. */
  process: string;
  step: string;
  state: 'waits' | 'failed' | 'done';
  tried_at: number;
  done_at: number | null;
  /** What it did, what it waits for or why it failed. */
  said: string | null;
}

/** A link with which the owner of an account sets its password, once. */
export interface PasswordLinkTable {
  tenant: string;
  digest: string;
  account: string;
  /** Sealed, base64: it can be shown again until it is used. */
  token: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

/** One version of a product that people write in. */
export interface ConnectProductTable {
  tenant: string;
  id: string;
  version: string;
  name: string;
  /** JSON list of edges. */
  edges: string;
  relation: 'any' | 'designated' | 'integrated';
  /** JSON list of ids of HISPs. */
  hisps: string;
  note: string;
  actor: string;
  changed_at: number;
}

export interface ConnectHispTable {
  tenant: string;
  id: string;
  /** JSON list of edges that it offers. */
  edges: string;
  /** Whether it takes new members. */
  accepts: number;
  note: string;
  actor: string;
  changed_at: number;
}

export interface EnrollmentSchema {
  enrollment: EnrollmentTable;
  enrollment_event: EnrollmentEventTable;
  enrollment_evidence: EnrollmentEvidenceTable;
  enrollment_check: EnrollmentCheckTable;
  organization_detail: OrganizationDetailTable;
  departure: DepartureTable;
  ordered_step: OrderedStepTable;
  password_link: PasswordLinkTable;
  connect_product: ConnectProductTable;
  connect_hisp: ConnectHispTable;
}

export type EnrollmentRow = Omit<Selectable<EnrollmentTable>, 'tenant'>;
export type EnrollmentEvent = Omit<Selectable<EnrollmentEventTable>, 'tenant'>;
export type EvidenceRow = Omit<Selectable<EnrollmentEvidenceTable>, 'tenant' | 'sealed'>;
export type EnrollmentCheck = Omit<Selectable<EnrollmentCheckTable>, 'tenant'>;
export type DepartureRow = Omit<Selectable<DepartureTable>, 'tenant'>;
export type OrderedStepRow = Omit<Selectable<OrderedStepTable>, 'tenant'>;
export type PasswordLinkRow = Omit<Selectable<PasswordLinkTable>, 'tenant'>;
export type ConnectProductRow = Omit<Selectable<ConnectProductTable>, 'tenant'>;
export type ConnectHispRow = Omit<Selectable<ConnectHispTable>, 'tenant'>;

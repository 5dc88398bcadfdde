/**
 * The tables of the address directory. As everywhere: a tenant in every row, whole milliseconds, flags 0 or 1.
 *
 * What contributors say is never changed: a row of `directory_role` is born with a revision and gone with a later one,
 * and organizations, locations and practitioners are versions that rows refer to. So the directory of any earlier
 * revision can be read. Columns of contributions bear the names of the contribution file in lower case; an empty text
 * is an absent value.
 *
 * @module
 */

export interface DirectoryStateTable {
  tenant: string;
  /** The revision that is shown. */
  revision: number;
  /** The contribution that is being applied; one at a time. */
  applying: number | null;
  /** 32 random octets in hexadecimal, that handles and page marks are sealed with; made at the first opening. */
  secret: string | null;
}

export interface DirectoryContributorTable {
  tenant: string;
  n: number;
  /** Short name of a-z, 0-9 and hyphen. */
  id: string;
  name: string;
  /** JSON list of the domains that it may contribute addresses of; empty: any. */
  domains: string;
  /** Whether its contributions wait for an operator. */
  approval: number;
  created_at: number;
}

export interface DirectoryContributionTable {
  tenant: string;
  id: number;
  contributor: number;
  kind: 'whole' | 'incremental' | 'undo';
  state: 'loading' | 'waiting' | 'applying' | 'sweeping' | 'applied' | 'refused' | 'undone';
  /** Name of the file. */
  source: string;
  format: string;
  sha256: string;
  by: string;
  started_at: number;
  ended_at: number | null;
  /** Since when its rows count; null until it is applied. */
  revision: number | null;
  /** Records that are dealt with. */
  checkpoint: number;
  /** JSON: added, changed, unchanged, removed, errors, warnings. */
  counts: string;
  /** The contribution that this one undoes. */
  undoes: number | null;
  reason: string | null;
}

/** A record of a contribution that waits for approval. */
export interface DirectoryDraftTable {
  tenant: string;
  contribution: number;
  n: number;
  line: number;
  change: 'put' | 'delete';
  /** JSON. */
  record: string;
}

/** What is wrong with a record of a contribution. */
export interface DirectoryFindingTable {
  tenant: string;
  contribution: number;
  n: number;
  line: number;
  column: string;
  level: 'error' | 'warning';
  found: string;
  expected: string;
}

export interface DirectoryOperatorTable {
  tenant: string;
  n: number;
  name: string;
}

export interface DirectoryOrganizationTable {
  tenant: string;
  n: number;
  contributor: number;
  org_uid: string;
  org_npi: string;
  org_name: string;
  org_phone: string;
  org_fax: string;
  org_specialty: string;
  /** The name without marks, in lower case. */
  name_key: string;
}

export interface DirectoryLocationTable {
  tenant: string;
  n: number;
  org_addr1: string;
  org_addr2: string;
  org_city: string;
  org_state: string;
  org_zip: string;
  org_country: string;
  city_key: string;
}

export interface DirectoryPractitionerTable {
  tenant: string;
  n: number;
  contributor: number;
  prov_uid: string;
  prov_npi: string;
  prov_first_name: string;
  prov_middle_name: string;
  prov_last_name: string;
  prov_suffix: string;
  prov_specialty: string;
  /** `|last|first|middle|suffix|` without marks, in lower case; null: all of it is ASCII. */
  name_key: string | null;
}

export interface DirectoryEndpointTable {
  tenant: string;
  n: number;
  /** Lower case. */
  address: string;
  first_seen: number;
  /** What our own verification found; null: never tried. */
  verified_at: number | null;
  outcome: 'verified' | 'failed' | 'temporary' | null;
  /** JSON of `CertificateFacts`. */
  facts: string | null;
  /** When our verification began to fail; null: it does not, or was never tried. */
  failing_since: number | null;
}

/** One row of a contribution: who can be reached at an address, for which organization, where. */
export interface DirectoryRoleTable {
  tenant: string;
  n: number;
  contributor: number;
  operator: number;
  endpoint: number;
  practitioner: number | null;
  organization: number | null;
  location: number | null;
  address_type: string;
  service_description: string;
  prov_role: string;
  entity_type: string;
  endpoint_verified_on: string;
  last_updated: string;
  /** JSON object of columns that we do not know, as they came; null: none. */
  extra: string | null;
  line: number;
  born: number;
  gone: number | null;
  /** The last revision whose contribution had it. */
  seen: number;
}

/** What may be shown, decided by a person: of an address, of an organization of a contributor, or of a contributor. */
export interface DirectoryChoiceTable {
  tenant: string;
  subject: 'address' | 'organization' | 'contributor';
  key: string;
  choice: 'public' | 'participants' | 'never';
  by: string;
  at: number;
  reason: string;
}

/** A key that a participating HISP reads, and perhaps contributes, with. The key itself is not kept. */
export interface DirectoryKeyTable {
  tenant: string;
  /** Names the key in lists; no secret. */
  id: string;
  /** Id of the contributor. */
  hisp: string;
  label: string;
  /** SHA-256 of the key in hexadecimal. */
  digest: string;
  bulk: number;
  made_by: string;
  made_at: number;
  revoked_at: number | null;
  revoked_by: string | null;
}

/** Who asked what, and how much was answered. */
export interface DirectoryAuditTable {
  tenant: string;
  n: number;
  at: number;
  reader: 'public' | 'participant' | 'operator';
  /** Id of the HISP, or the peer's network. */
  who: string;
  /** The person, or the label of the key. */
  name: string;
  face: string;
  kind: 'search' | 'read' | 'bulk';
  /** The words of a search; of a reader that nobody knows their digest only. */
  query: string;
  results: number;
}

/** A dated publication: the directory of that day, by its revision. */
export interface DirectorySnapshotTable {
  tenant: string;
  /** YYYY-MM-DD. */
  day: string;
  revision: number;
  made_at: number;
  /** JSON: entries, by operator, added, changed, removed. */
  manifest: string;
  /** SHA-256 of the entries as NDJSON. */
  checksum: string;
}

export interface DirectorySchema {
  directory_state: DirectoryStateTable;
  directory_contributor: DirectoryContributorTable;
  directory_contribution: DirectoryContributionTable;
  directory_draft: DirectoryDraftTable;
  directory_finding: DirectoryFindingTable;
  directory_operator: DirectoryOperatorTable;
  directory_organization: DirectoryOrganizationTable;
  directory_location: DirectoryLocationTable;
  directory_practitioner: DirectoryPractitionerTable;
  directory_endpoint: DirectoryEndpointTable;
  directory_role: DirectoryRoleTable;
  directory_choice: DirectoryChoiceTable;
  directory_key: DirectoryKeyTable;
  directory_audit: DirectoryAuditTable;
  directory_snapshot: DirectorySnapshotTable;
}

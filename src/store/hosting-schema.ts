/**
 * The tables of certificates that are shown in DNS from the store, in any number (directory/hosting).
 *
 * @module
 */

/** A zone that is answered for. */
export interface HostedZoneTable {
  n: number;
  tenant: string;
  /** Lower case, without trailing dot. */
  origin: string;
  /** Host name of the name server. */
  server: string;
  /** Host name of the mail exchanger; empty: none. */
  exchange: string;
  /** Rises with each change of the zone. */
  serial: number;
  /** Seconds. */
  ttl: number;
}

/** A name of such a zone: one with certificates, or one that others lie below. */
export interface HostedNameTable {
  /** Made of tenant and name. */
  n: number;
  tenant: string;
  /** Canonical, lower case. */
  name: string;
  /** The address or domain; empty for a name that only others lie below. */
  owner: string;
  /** `hosted_zone.n`. */
  zone: number;
  /** Names with certificates below it. */
  below: number;
  /** RDATA of its CERT records, each after its length in two octets; null: none. */
  certificates: Uint8Array | null;
}

export interface HostingSchema {
  hosted_zone: HostedZoneTable;
  hosted_name: HostedNameTable;
}

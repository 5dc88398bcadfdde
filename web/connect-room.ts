/**
 * What the pages about connecting ask of the running system.
 *
 * @module
 */
import type { Product, Register, RegisteredHisp } from '../src/directory/connect/product.ts';
import type { Addr } from '../src/net/host.ts';

/** Where an edge listens. */
export interface EdgePlace {
  /** With STARTTLS or STLS. */
  readonly starttls?: Addr;
  /** With TLS from the first octet. */
  readonly tls?: Addr;
}

/** Where the users of a HISP reach it. */
export interface ConnectPlaces {
  /** The name in its TLS certificate. */
  readonly host: string;
  readonly smtp: EdgePlace;
  readonly imap: EdgePlace;
  readonly pop3: EdgePlace;
}

export interface ConnectRoom {
  register(): Register;
  places(hisp: string): ConnectPlaces | undefined;
  /** @throws {DirectoryError} */
  putProduct(product: Product, by: string): void;
  removeProduct(id: string, version: string, by: string): void;
  putHisp(hisp: RegisteredHisp, by: string): void;
}

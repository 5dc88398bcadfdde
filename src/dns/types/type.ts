/**
 * What one record type is made of: its number, its wire form, its text form. One file a type; `index.ts` lists them.
 *
 * @module
 */
import type { Dns2Fields } from '../dns2.ts';
import type { WireReader, WireWriter } from '../wire.ts';

/** The fields of an entry in a master file, read one after the other. What is wrong is reported at its place. */
export interface RdataText {
  /** A domain name, completed by the origin, without trailing dot. */
  name(what: string): string;
  /** A decimal number of at most `bits` bits. */
  number(what: string, bits: 8 | 16 | 32): number;
  /** A time as a number of seconds or with units, as `1h30m`. */
  seconds(what: string): number;
  /** A number, or a word of the table. */
  mnemonic(what: string, table: Readonly<Record<string, number>>, bits: 8 | 16): number;
  word(what: string): string;
  /** The character-strings up to the end of the entry, at least one. */
  strings(what: string): Uint8Array[];
  /** Base64 up to the end of the entry, in as many pieces as there are. */
  base64(what: string): Uint8Array;
  /** Reports the field that was read last. */
  fail(found: string, expected: string, cure: string): never;
}

/** Encoded by a codec that dns2 brings: only its field names are ours to know. */
export interface Dns2Wire<D> {
  toFields(data: D): Dns2Fields;
  fromFields(fields: Dns2Fields): D;
}

/** Encoded by us, because dns2 has no codec or a wrong one. */
export interface OwnWire<D> {
  /** `length` is RDLENGTH; reading past it is noticed by the caller. */
  read(reader: WireReader, length: number): D;
  write(data: D, writer: WireWriter): void;
}

export interface RecordType<D> {
  readonly number: number;
  readonly wire: Dns2Wire<D> | OwnWire<D>;
  /** From the fields of a master file entry. */
  parse(text: RdataText): D;
  /** RDATA in presentation format, names absolute. */
  format(data: D): string;
}

/**
 * The part of dns2's `Packet` that is used here, with types that say what it does: its codecs stand in open tables,
 * and readers, writers and names can be replaced. Only `packet.ts` fills the tables.
 *
 * @module
 */
import { Packet as Dns2Packet } from 'dns2';
import type { WireReader, WireWriter } from './wire.ts';

/** The header fields as dns2 names them (RFC 1035 §4.1.1); flags are 0 or 1. */
export interface Dns2Header {
  readonly id: number;
  readonly qr: number;
  readonly opcode: number;
  readonly aa: number;
  readonly tc: number;
  readonly rd: number;
  readonly ra: number;
  readonly ad: number;
  readonly cd: number;
  readonly rcode: number;
  readonly qdcount: number;
  readonly ancount: number;
  readonly nscount: number;
  readonly arcount: number;
}

export interface Dns2Question {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

/** A record as dns2 has it: the fields of all types side by side. */
export interface Dns2Resource extends Dns2Question {
  readonly ttl: number;
  readonly address?: string;
  readonly domain?: string;
  readonly ns?: string;
  readonly exchange?: string;
  readonly priority?: number;
  readonly primary?: string;
  readonly admin?: string;
  readonly serial?: number;
  readonly refresh?: number;
  readonly retry?: number;
  readonly expiration?: number;
  readonly minimum?: number;
  /** RDATA of a type that dns2 has no codec for. */
  readonly data?: Buffer;
  /** The value of a codec of ours. */
  own?: unknown;
}

export type Dns2Fields = Omit<Dns2Resource, 'name' | 'type' | 'class' | 'ttl'>;

export interface Dns2Codec {
  decode(this: Dns2Resource, reader: WireReader, length: number): Dns2Resource;
  encode(resource: Dns2Resource, writer: WireWriter): void;
}

interface PacketTables {
  readonly HEADER_SIZE: 12;
  /** By number; a type without an entry keeps its RDATA as it came. */
  readonly TYPE_NAME: Record<number, string>;
  Reader: typeof WireReader;
  Writer: typeof WireWriter;
  readonly Name: {
    decode(reader: WireReader): string;
    encode(name: string, writer: WireWriter): void;
  };
  readonly Header: {
    new (fields: Partial<Dns2Header>): Dns2Header & { toBuffer(writer: WireWriter): void };
    parse(reader: WireReader): Dns2Header;
  };
  readonly Question: {
    parse(reader: WireReader): Dns2Question;
    encode(question: Dns2Question, writer: WireWriter): void;
  };
  readonly Resource: {
    parse(reader: WireReader): Dns2Resource;
    encode(resource: Dns2Resource, writer: WireWriter): void;
  };
}

export const Packet = Dns2Packet as unknown as PacketTables;

/** The rdata codecs of dns2, by the names in `TYPE_NAME`. */
export const codecs = Packet.Resource as unknown as Record<string, Dns2Codec>;

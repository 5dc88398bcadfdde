/**
 * Records between our values and those of dns2.
 *
 * @module
 */
import type { Dns2Fields, Dns2Resource } from './dns2.ts';
import { DnsError } from './error.ts';
import { OPT, Packet } from './packet.ts';
import {
  dataTypeNumber,
  type KnownData,
  type KnownType,
  type RecordData,
  type ResourceRecord,
  recordType,
} from './records.ts';
import { RECORD_TYPES } from './types/index.ts';
import { WireReader, WireWriter } from './wire.ts';

const KNOWN = new Map(Object.entries(RECORD_TYPES).map(([name, type]) => [type.number, name as KnownType]));

/** @throws {DnsError} */
export function readRecord(reader: WireReader): { type: number; record: ResourceRecord; raw: Dns2Resource } {
  let raw: Dns2Resource;
  try {
    raw = Packet.Resource.parse(reader);
  } catch (error) {
    if (error instanceof DnsError) throw error;
    // dns2 tells what is wrong in a message of its own: an address of the wrong length, RDLENGTH past the end.
    throw new DnsError('rdata', (error as Error).message);
  }
  const record = {
    name: raw.name,
    ttl: raw.ttl,
    data: raw.type === OPT ? NO_DATA : dataOf(raw),
    ...(raw.class !== 1 && { class: raw.class }),
  };
  return { type: raw.type, record, raw };
}

const NO_DATA: RecordData = { type: 'unknown', typeNumber: OPT, rdata: new Uint8Array() };

function dataOf(raw: Dns2Resource): RecordData {
  const known = KNOWN.get(raw.type);
  if (!known) return { type: 'unknown', typeNumber: raw.type, rdata: new Uint8Array(raw.data!) };
  const { wire } = recordType(known);
  return 'read' in wire ? (raw.own as KnownData) : wire.fromFields(raw);
}

/** @throws {DnsError} `value`, `name` */
export function writeRecord(record: ResourceRecord, writer: WireWriter): void {
  const resource = {
    name: record.name,
    type: dataTypeNumber(record.data),
    class: record.class ?? 1,
    ttl: record.ttl,
    ...fieldsOf(record.data),
  };
  const before = writer.byteLength();
  try {
    Packet.Resource.encode(resource, writer);
  } catch (error) {
    if (error instanceof DnsError) throw error;
    throw new DnsError('value', (error as Error).message);
  }
  if (writer.byteLength() - before > 0xffff)
    throw new DnsError('value', 'a record of more than 65,535 octets');
}

function fieldsOf(data: RecordData): Dns2Fields {
  if (data.type === 'unknown') {
    // A type that we know may still come as bare octets (RFC 3597 §5); the octets are what is meant.
    if (KNOWN.has(data.typeNumber)) return fieldsOf(decodeRdata(data.typeNumber, data.rdata));
    return { data: Buffer.from(data.rdata) };
  }
  const { wire } = recordType(data.type);
  return 'read' in wire ? { own: data } : wire.toFields(data);
}

/**
 * RDATA on its own, without compression, as a value.
 *
 * @throws {DnsError} `rdata`
 */
export function decodeRdata(typeNumber: number, rdata: Uint8Array): RecordData {
  const head = Buffer.alloc(11);
  head.writeUInt16BE(typeNumber, 1);
  head.writeUInt16BE(1, 3);
  head.writeUInt16BE(rdata.length, 9);
  const reader = new WireReader(Buffer.concat([head, rdata]));
  return readRecord(reader).record.data;
}

/** RDATA on its own, without compression. */
export function encodeRdata(data: RecordData): Uint8Array {
  const writer = new WireWriter();
  writeRecord({ name: '', ttl: 0, data }, writer);
  return new Uint8Array(writer.toBuffer().subarray(11));
}

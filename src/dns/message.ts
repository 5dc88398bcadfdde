/**
 * DNS messages as values (RFC 1035 §4, RFC 6891).
 *
 * @module
 */
import { type Rcode, rcodeName, rcodeNumber } from './codes.ts';
import type { Dns2Header, Dns2Resource } from './dns2.ts';
import { DnsError } from './error.ts';
import { type EdnsOption, OPT, Packet } from './packet.ts';
import { readRecord, writeRecord } from './packet-record.ts';
import { type ResourceRecord, type TypeName, typeName, typeNumber } from './records.ts';
import { WireReader, WireWriter } from './wire.ts';

export type { EdnsOption } from './packet.ts';

export const CLASS_IN = 1;
export const CLASS_ANY = 255;

export interface Question {
  /** In the case in which it was asked. */
  readonly name: string;
  readonly type: TypeName;
  readonly class: number;
}

export interface Edns {
  /** The largest UDP message that the sender takes, in octets. */
  readonly udpSize: number;
  readonly version: number;
  readonly dnssecOk: boolean;
  readonly options: readonly EdnsOption[];
}

export interface DnsMessage {
  readonly id: number;
  /** QR: an answer. */
  readonly response: boolean;
  /** 0 is QUERY. */
  readonly opcode: number;
  /** AA */
  readonly authoritative: boolean;
  /** TC */
  readonly truncated: boolean;
  /** RD */
  readonly recursionDesired: boolean;
  /** RA */
  readonly recursionAvailable: boolean;
  /** AD */
  readonly authenticData: boolean;
  /** CD */
  readonly checkingDisabled: boolean;
  readonly rcode: Rcode;
  /** Servers that cannot read a question answer without one. */
  readonly question?: Question;
  readonly answers: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  /** Without the OPT record, which is `edns`. */
  readonly additional: readonly ResourceRecord[];
  readonly edns?: Edns;
}

/**
 * Reads a whole message.
 *
 * @throws {DnsError} for every message that is not one; nothing else is thrown. The cost is bounded by the 65,535
 * octets that a message can have.
 */
export function decodeMessage(bytes: Uint8Array): DnsMessage {
  if (bytes.length < Packet.HEADER_SIZE || bytes.length > 0xffff) {
    throw new DnsError('header', `a message of ${bytes.length} octets (12 to 65,535)`);
  }
  const reader = new WireReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const header = Packet.Header.parse(reader);
  if (header.qdcount > 1)
    throw new DnsError('header', `a message with ${header.qdcount} questions (RFC 9619: one)`);
  const question = header.qdcount === 1 ? readQuestion(reader) : undefined;
  const answers = readSection(reader, header.ancount);
  const authority = readSection(reader, header.nscount);
  const rest = readSection(reader, header.arcount, true);
  if (reader.remaining() > 0) {
    throw new DnsError('trailing', `${reader.remaining() / 8} octets follow the end of the message`);
  }
  const extended = rest.opt ? rest.opt.ttl >>> 24 : 0;
  return {
    id: header.id,
    response: header.qr === 1,
    opcode: header.opcode,
    authoritative: header.aa === 1,
    truncated: header.tc === 1,
    recursionDesired: header.rd === 1,
    recursionAvailable: header.ra === 1,
    authenticData: header.ad === 1,
    checkingDisabled: header.cd === 1,
    rcode: rcodeName((extended << 4) | header.rcode),
    ...(question && { question }),
    answers: answers.records,
    authority: authority.records,
    additional: rest.records,
    ...(rest.opt && { edns: readEdns(rest.opt) }),
  };
}

function readQuestion(reader: WireReader): Question {
  const question = Packet.Question.parse(reader);
  return { name: question.name, type: typeName(question.type), class: question.class };
}

function readSection(
  reader: WireReader,
  count: number,
  optAllowed = false,
): { records: ResourceRecord[]; opt?: Dns2Resource } {
  const records: ResourceRecord[] = [];
  let opt: Dns2Resource | undefined;
  for (let i = 0; i < count; i++) {
    const resource = readRecord(reader);
    if (resource.type !== OPT) records.push(resource.record);
    else if (!optAllowed) throw new DnsError('opt', 'an OPT record outside the additional section');
    else if (opt) throw new DnsError('opt', 'more than one OPT record (RFC 6891 §6.1.1)');
    else opt = resource.raw;
  }
  return { records, ...(opt && { opt }) };
}

function readEdns(opt: Dns2Resource): Edns {
  if (opt.name !== '')
    throw new DnsError('opt', `the OPT record has the name "${opt.name}"; it must be the root`);
  return {
    udpSize: opt.class,
    version: (opt.ttl >>> 16) & 0xff,
    dnssecOk: (opt.ttl & 0x8000) !== 0,
    options: opt.own as EdnsOption[],
  };
}

/**
 * Writes a message in at most `limit` octets. What does not fit is left out from the end, in whole RRsets, and TC is
 * set (but not for additional data that the answer can do without: RFC 2181 §9); OPT stays.
 *
 * @throws {DnsError} `value`, `name`: something that no message can hold
 */
export function encodeMessage(message: DnsMessage, options: { readonly limit?: number } = {}): Uint8Array {
  const limit = Math.min(options.limit ?? 0xffff, 0xffff);
  const writer = new WireWriter();
  const code = rcodeNumber(message.rcode);
  if (code > 15 && !message.edns)
    throw new DnsError('value', `${message.rcode} needs EDNS (RFC 6891 §6.1.3)`);
  const header = new Packet.Header({
    id: message.id,
    qr: message.response ? 1 : 0,
    opcode: message.opcode,
    aa: message.authoritative ? 1 : 0,
    tc: message.truncated ? 1 : 0,
    rd: message.recursionDesired ? 1 : 0,
    ra: message.recursionAvailable ? 1 : 0,
    ad: message.authenticData ? 1 : 0,
    cd: message.checkingDisabled ? 1 : 0,
    rcode: code & 15,
    qdcount: message.question ? 1 : 0,
  } satisfies Partial<Dns2Header>);
  header.toBuffer(writer);
  if (message.question) writeQuestion(message.question, writer);
  const optSize = message.edns
    ? 11 + message.edns.options.reduce((sum, option) => sum + 4 + option.data.length, 0)
    : 0;
  const fitted = writeSections(message, writer, limit - optSize);
  if (message.edns) writeOpt(message.edns, code >> 4, writer);
  const bytes = writer.toBuffer();
  if (fitted.truncated) bytes[2]! |= 0x02;
  bytes.writeUInt16BE(fitted.counts[0], 6);
  bytes.writeUInt16BE(fitted.counts[1], 8);
  bytes.writeUInt16BE(fitted.counts[2] + (message.edns ? 1 : 0), 10);
  return bytes;
}

function writeQuestion(question: Question, writer: WireWriter): void {
  const type = typeNumber(question.type);
  if (type === undefined) throw new DnsError('value', `there is no record type ${question.type}`);
  Packet.Question.encode({ name: question.name, type, class: question.class }, writer);
}

/** Writes whole RRsets while they fit. A referral's glue is needed, so leaving it out is truncation (RFC 9471). */
function writeSections(
  message: DnsMessage,
  writer: WireWriter,
  limit: number,
): { counts: [number, number, number]; truncated: boolean } {
  const counts: [number, number, number] = [0, 0, 0];
  const referral = message.answers.length === 0 && !message.authoritative && message.authority.length > 0;
  for (const [section, records] of [message.answers, message.authority, message.additional].entries()) {
    let start = writer.byteLength();
    for (const [index, record] of records.entries()) {
      writeRecord(record, writer);
      if (writer.byteLength() > limit) {
        writer.cut(start);
        return { counts, truncated: section < 2 || referral };
      }
      const next = records[index + 1];
      if (next && sameSet(record, next)) continue;
      start = writer.byteLength();
      counts[section as 0 | 1 | 2] = index + 1;
    }
  }
  return { counts, truncated: false };
}

const sameSet = (a: ResourceRecord, b: ResourceRecord): boolean =>
  a.name === b.name &&
  a.data.type === b.data.type &&
  (a.data.type !== 'unknown' || b.data.type !== 'unknown' || a.data.typeNumber === b.data.typeNumber);

function writeOpt(edns: Edns, extendedRcode: number, writer: WireWriter): void {
  const ttl = ((extendedRcode << 24) | (edns.version << 16) | (edns.dnssecOk ? 0x8000 : 0)) >>> 0;
  const resource = { name: '', type: OPT, class: edns.udpSize, ttl, own: edns.options };
  Packet.Resource.encode(resource, writer);
}

/** A query as a client sends it. */
export const makeQuery = (
  id: number,
  question: Question,
  options: { readonly recursionDesired?: boolean; readonly edns?: Edns } = {},
): DnsMessage => ({
  id,
  response: false,
  opcode: 0,
  authoritative: false,
  truncated: false,
  recursionDesired: options.recursionDesired ?? true,
  recursionAvailable: false,
  authenticData: false,
  checkingDisabled: false,
  rcode: 'NOERROR',
  question,
  answers: [],
  authority: [],
  additional: [],
  ...(options.edns && { edns: options.edns }),
});

/** What every server of ours says of itself in OPT: 1,232 octets reach everybody unfragmented (REQ-DNS-10). */
export const ourEdns = (dnssecOk = false): Edns => ({ udpSize: UDP_SIZE, version: 0, dnssecOk, options: [] });

/** DNS Flag Day 2020: the largest UDP message that crosses every link in one piece. */
export const UDP_SIZE = 1232;
/** RFC 1035 §2.3.4: the largest UDP message of a peer that does not know EDNS. */
export const PLAIN_UDP_SIZE = 512;

/** The frame of an answer: id, question and flags of the query, nothing else; OPT when the query had it. */
export const makeResponse = (query: DnsMessage, rcode: Rcode = 'NOERROR'): DnsMessage => ({
  id: query.id,
  response: true,
  opcode: query.opcode,
  authoritative: false,
  truncated: false,
  recursionDesired: query.recursionDesired,
  recursionAvailable: false,
  authenticData: false,
  checkingDisabled: query.checkingDisabled,
  rcode,
  ...(query.question && { question: query.question }),
  answers: [],
  authority: [],
  additional: [],
  ...(query.edns && { edns: ourEdns(query.edns.dnssecOk) }),
});
